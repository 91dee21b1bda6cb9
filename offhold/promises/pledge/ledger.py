"""The record of who asked for a human and what came of it: each entry holds the hash of the one before. Pure.

Whoever has an export can check, without us, that nothing in it was altered, left out or put in afterwards, and count
the figures again. It proves the record; it does not prove that every wish for a human was noticed.

An entry is JSON with sorted keys and no spaces. Its hash is SHA-256 over the hash before it (32 zero bytes at first), a
line feed, and the entry. No names, no words, no accounts: a customer is known by the code of their own entry.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from offhold.connectors.contract import Audience

Kind = Literal[
    "likely", "asked", "unlikely", "reached", "stayed", "left", "withdrawn", "released", "looked", "reopened"
]
BEGINNING = bytes(32)
CODE = 10  # letters of a code: 50 bits, never asked for by guessing since it opens nothing

# What may follow what, in one pledge. "left": another than the one they reached answered, or nobody in time.
NEXT: dict[str, frozenset[str]] = {
    "": frozenset({"likely", "asked"}),
    "likely": frozenset({"asked", "unlikely"}),
    "asked": frozenset({"reached", "withdrawn", "released"}),
    "reached": frozenset({"stayed", "left"}),
    "released": frozenset({"looked", "reopened"}),
    "reopened": frozenset({"reached", "withdrawn", "released"}),
    "unlikely": frozenset(),
    "stayed": frozenset(),
    "left": frozenset(),
    "withdrawn": frozenset(),
    "looked": frozenset(),
}


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened to one pledge. `at`: the network's time of what it is about, ISO 8601 in UTC; `noted`:
    when it was written down. `by`: a machine heard words, a person decided, the customer did, or somebody outside the
    desk."""

    n: int
    pledge: str
    kind: Kind
    at: str
    noted: str
    audience: Audience | None = None
    by: Literal["words", "person", "customer", "outside"] = "person"
    reason: str = ""


class Line(msgspec.Struct, frozen=True):
    """An entry as it is stored, and its hash in hex."""

    entry: msgspec.Raw
    hash: str


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What a stranger gets. `head`: the hash of the last entry; `figures` as they were shown."""

    format: Literal["offhold-pledges-1"] = "offhold-pledges-1"
    company: str
    made_at: str
    head: str
    entries: list[Line]
    figures: Figures


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """`asked`: pledges that bound us. `reached`, `stayed`, `left`, `withdrawn`, `released`: of those; `waiting`: none
    of these yet. Seconds from asking to reaching: the middle and the longest."""

    asked: int
    reached: int
    stayed: int
    left: int
    withdrawn: int
    released: int
    waiting: int
    middle: int | None
    longest: int | None


def text_of(entry: Entry) -> bytes:
    """What is hashed and stored."""
    return msgspec.json.encode(entry, order="sorted")


def hash_of(before: bytes, text: bytes) -> bytes:
    """32 bytes."""
    return hashlib.sha256(before + b"\n" + text).digest()


def code_of(hash_: bytes) -> str:
    """What a customer is told, to find their own entry by."""
    return base64.b32encode(hash_).decode()[:CODE]


def verified(export: Export) -> list[str]:
    """What is wrong with an export, in words; nothing, where the record holds."""
    wrong: list[str] = []
    before, entries = BEGINNING, []
    for place, line in enumerate(export.entries, 1):
        text = bytes(line.entry)
        try:
            entry = msgspec.json.decode(text, type=Entry)
        except msgspec.MsgspecError as error:
            return [*wrong, f"entry {place} cannot be read: {error}"]
        if entry.n != place:
            wrong.append(f"entry {place} says it is number {entry.n}: one is missing, doubled or moved")
        if hash_of(before, text).hex() != line.hash:
            wrong.append(f"entry {place} was altered, or the one before it: its hash does not follow")
        before = bytes.fromhex(line.hash) if _is_hash(line.hash) else hash_of(before, text)
        entries.append(entry)
    if before.hex() != export.head:
        wrong.append("the head is not the hash of the last entry: entries at the end are missing")
    wrong += _orders(entries)
    if figures_of(entries) != export.figures:
        wrong.append(f"the figures do not follow from the entries, which give {figures_of(entries)}")
    return wrong


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(sign in "0123456789abcdef" for sign in text)


def _orders(entries: Sequence[Entry]) -> list[str]:
    wrong: list[str] = []
    stands: dict[str, str] = {}
    for entry in entries:
        before = stands.get(entry.pledge, "")
        if entry.kind not in NEXT[before]:
            wrong.append(f"entry {entry.n}: a pledge cannot go from {before or 'nothing'} to {entry.kind}")
        stands[entry.pledge] = entry.kind
    return wrong


def figures_of(entries: Sequence[Entry]) -> Figures:
    """Counted from the entries alone."""
    asked: dict[str, datetime] = {}
    ended: dict[str, str] = {}
    stayed: dict[str, str] = {}
    took: list[float] = []
    for entry in entries:
        at = datetime.fromisoformat(entry.at)
        if entry.kind == "asked":
            asked[entry.pledge] = at
        elif entry.kind == "reopened":
            ended.pop(entry.pledge, None)
        elif entry.kind in ("reached", "withdrawn", "released"):
            ended[entry.pledge] = entry.kind
            if entry.kind == "reached" and entry.pledge in asked:
                took.append(max(0.0, (at - asked[entry.pledge]).total_seconds()))
        elif entry.kind in ("stayed", "left"):
            stayed[entry.pledge] = entry.kind
    count = list(ended.values()).count
    took.sort()
    return Figures(
        asked=len(asked), reached=count("reached"), stayed=list(stayed.values()).count("stayed"),
        left=list(stayed.values()).count("left"), withdrawn=count("withdrawn"), released=count("released"),
        waiting=len(asked.keys() - ended.keys()), middle=round(took[len(took) // 2]) if took else None,
        longest=round(took[-1]) if took else None,
    )  # fmt: skip
