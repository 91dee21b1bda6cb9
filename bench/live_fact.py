"""The fact the live bench delivers."""

from __future__ import annotations

import time

from offhold.kernel.facts import Fact

WORDS = "My suitcase did not arrive in Lisbon and nobody at the desk could tell me where it is, can a person help?"


class CaseChanged(Fact, frozen=True, tag="case.changed"):
    """About 300 bytes of a case's row. `sent`: the machine's monotonic clock in nanoseconds, just before the commit."""

    case: dict[str, object]
    sent: str


def changed(number: int) -> CaseChanged:
    """The state of a case that no other fact is about, so that none replaces another."""
    row: dict[str, object] = {
        "id": str(number),
        "title": "Lost suitcase",
        "title_private": False,
        "snippet": WORDS,
        "snippet_private": False,
        "assignee": None,
    }
    return CaseChanged(case=row, sent=str(time.monotonic_ns()))
