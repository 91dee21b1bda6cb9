"""What the guard says about a text: closed types, shown in the composer and kept in the record. Pure."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

Level = Literal["off", "note", "second_look", "refuse"]
Weight = Literal["note", "second_look", "refuse"]
Fix = Literal[
    "send_privately", "mask", "second_person", "not_a_problem", "add_alt", "remove_link", "remove", "reword",
    "correct_name", "translate", "say_more",
]  # fmt: skip
Span = tuple[int, int]

STEPS: dict[Level, int] = {"off": 0, "note": 1, "second_look": 2, "refuse": 3}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing somebody should know before this goes out.

    `spans` count in code points of the text as it was typed, and are empty where the whole text is meant. `reason` is
    plain English; screens translate by `rule` and `params`. `cause` stays the same while the same words offend: handed
    back in `Policy.accepted`, it is not reported again, except where the level is `refuse`.
    """

    rule: str
    level: Weight
    spans: tuple[Span, ...]
    params: dict[str, str]
    reason: str
    fixes: tuple[Fix, ...]
    cause: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule saw, before the policy weighs it. `words`: what offends, folded; empty where the whole reply does."""

    rule: str
    words: str
    spans: tuple[Span, ...] = ()
    params: dict[str, str] = {}


def cause(rule: str, words: str) -> str:
    """Names a cause without showing the words: 24 hex digits."""
    return hashlib.sha256(f"{rule}\0{words}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def heaviest(findings: list[Finding]) -> Level:
    """What a list of findings amounts to; `off` when it is empty."""
    return max((finding.level for finding in findings), key=STEPS.__getitem__, default="off")
