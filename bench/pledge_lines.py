"""The labelled lines of the pledge's bench: JSON Lines of `{"text", "label": explicit|implicit|none, "lang"}`.

Ours carry more: `hard` (a lookalike that asks for nobody), `part` (tuned, held_out), and `before` where the sign lies
in earlier turns without an answer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from offhold.promises.asking.asked import Asked, asked

OURS = Path(__file__).with_name("data") / "pledge.jsonl"


class Line(NamedTuple):
    """One line. `hard` is told only of lines that ask for nobody."""

    text: str
    label: str
    lang: str
    hard: bool
    part: str
    before: tuple[str, ...]

    @property
    def heard(self) -> Asked | None:
        return asked(self.text, self.before)

    @property
    def right(self) -> bool:
        """Explicit must be heard as such; an implicit sign may be heard as either."""
        heard = self.heard
        if self.label == "none":
            return heard is None
        return heard is not None and (self.label == "implicit" or heard.level == "explicit")


class Score(NamedTuple):
    """Shares from 0 to 1. `overheard`: implicit signs taken for a wish in words."""

    explicit_recall: float
    implicit_recall: float
    hard_false_share: float
    overheard: float


def read(file: Path) -> list[Line]:
    """The lines of a file; blank ones are passed over. Where none is marked as hard, all that ask for nobody are."""
    rows = [json.loads(row) for row in file.read_text("utf-8").splitlines() if row.strip()]
    all_hard = not any(row.get("hard") for row in rows)
    return [
        Line(
            row["text"],
            row["label"],
            row["lang"],
            row["label"] == "none" and row.get("hard", all_hard),
            row.get("part", "given"),
            tuple(row.get("before", ())),
        )
        for row in rows
    ]


def score(lines: Iterable[Line]) -> Score:
    of: dict[str, list[Line]] = {"explicit": [], "implicit": [], "none": []}
    for line in lines:
        of[line.label].append(line)
    signs = [heard for line in of["implicit"] if (heard := line.heard)]
    return Score(
        explicit_recall=share(line.right for line in of["explicit"]),
        implicit_recall=share(line.right for line in of["implicit"]),
        hard_false_share=share(not line.right for line in of["none"] if line.hard),
        overheard=share(heard.level == "explicit" for heard in signs),
    )


def languages(lines: Iterable[Line]) -> Counter[str]:
    return Counter(line.lang for line in lines)


def share(said: Iterable[bool]) -> float:
    """The share of yes; 0.0 of nothing."""
    answers = list(said)
    return sum(answers) / len(answers) if answers else 0.0
