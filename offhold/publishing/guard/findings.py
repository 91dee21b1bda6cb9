"""What the guard says about a text: closed types, shown in the composer and kept in the record. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
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


def gathered(found: Iterable[Found]) -> list[Found]:
    """The same words of a rule in several places are one finding with several spans."""
    together: dict[tuple[str, str], Found] = {}
    for one in found:
        before = together.get((one.rule, one.words))
        spans = one.spans if before is None else tuple(sorted({*before.spans, *one.spans}))
        together[one.rule, one.words] = msgspec.structs.replace(one, spans=spans)
    return list(together.values())


def cause(rule: str, words: str) -> str:
    """Names a cause without showing the words: 24 hex digits."""
    return hashlib.sha256(f"{rule}\0{words}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def heaviest(findings: list[Finding]) -> Level:
    """What a list of findings amounts to; `off` when it is empty."""
    return max((finding.level for finding in findings), key=STEPS.__getitem__, default="off")


def settled(findings: list[Finding]) -> list[Finding]:
    """Without those about a person's data inside a heavier one, or the same twice; in the order of the text."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (-STEPS[one.level], -_width(one))):
        if not any(_covers(other, finding) for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda one: one.spans)


# Rules that say of the same stretch what it is: one of them is enough.
_OF_DATA = frozenset(
    [
        "card_number",
        "iban",
        "case_code",
        "private_words",
        "page_link",
        "private_detail",
        "email",
        "phone",
        "address",
        "code",
        "link_elsewhere",
    ]
)


def _width(finding: Finding) -> int:
    return sum(end - start for start, end in finding.spans)


def _covers(other: Finding, finding: Finding) -> bool:
    if not finding.spans or not other.spans or not {other.rule, finding.rule} <= _OF_DATA:
        return other == finding
    return all(any(a <= start and end <= b for a, b in other.spans) for start, end in finding.spans)
