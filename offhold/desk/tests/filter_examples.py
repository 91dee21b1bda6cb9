"""Examples of what belongs into a list, for the browser's own test: `python -m offhold.desk.tests.filter_examples`."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from offhold.cases.views import CaseRow, Colleague, CustomerName, IdentityView
from offhold.connectors.contract import Audience
from offhold.desk.filters import SORTS, Filter, belongs, place

ROWS, FILTERS = 40, 80
ME = "11"
START = datetime(2026, 11, 22, 9, tzinfo=UTC)
AUDIENCES: tuple[list[Audience], ...] = (["public"], ["private"], ["public", "private"])
FILE = Path(__file__).parents[3] / "client/src/sync/filters.examples.json"


class Wanted(msgspec.Struct):
    """A filter, and the places in `rows` of those that belong."""

    filter: Filter
    belong: list[int]


class Examples(msgspec.Struct):
    """Rows; which of them belong where, seen by `me`; and all of them in each order."""

    me: str
    rows: list[CaseRow]
    filters: list[Wanted]
    orders: dict[str, list[int]]


def examples() -> Examples:
    """The same every time."""
    rng = random.Random(20261122)
    rows = [_row(rng, number) for number in rng.sample(range(8, 8 + ROWS), ROWS)]
    filters = [
        Wanted(wanted, [at for at, row in enumerate(rows) if belongs(wanted, row, ME)])
        for wanted in (_filter(rng) for _ in range(FILTERS))
    ]
    orders = {sort: sorted(range(ROWS), key=lambda at: place(rows[at], sort)) for sort in SORTS}
    return Examples(ME, rows, filters, orders)


def _filter(rng: random.Random) -> Filter:
    def some(*values: str) -> tuple[str, ...]:
        return tuple(rng.sample(values, rng.choice((0, 0, 0, 1, 2))))

    return Filter(
        state=rng.choice(("awake", "snoozed", "open", "open", "resolved")),
        waiting=rng.choice((None, None, True, False)), assignees=some("me", "nobody", "11", "12"),
        queues=some("21", "22"), channels=some("31", "32"),
        networks=some("bluesky", "sandbox"), audience=rng.choice((None, None, "public", "private")),
        tags=some("41", "42"), without_tags=some("41", "43"), reach_from=rng.choice((None, None, 0, 1_000)),
    )  # fmt: skip


def _row(rng: random.Random, number: int) -> CaseRow:
    state: Literal["open", "resolved", "merged"] = rng.choice(("open", "open", "open", "resolved", "merged"))
    rests = state == "open" and rng.random() < 0.35
    who = rng.choice((None, "11", "12"))
    at = START + timedelta(seconds=rng.randrange(3), microseconds=rng.choice((0, 1, 500_000)))
    return CaseRow(
        id=str(number), reference="OH-1", version=1, state=state, title="", title_private=False,
        customer=CustomerName(id="1", name="Dora"),
        identity=IdentityView(id="1", network=rng.choice(("bluesky", "sandbox")), network_label="", handle="dora",
                              name="", avatar_url="", followers=rng.choice((None, 999, 1_000))),
        audiences=rng.choice(AUDIENCES), last_audience="public", snippet="",
        snippet_private=False, last_message_at=at, waiting_since=rng.choice((None, START, at)),
        snoozed_at=START if rests else None, snoozed_until=at if rests and rng.random() < 0.5 else None,
        opened_at=START,
        resolved_at=START if state == "resolved" else None, queue_id=rng.choice(("21", "22")),
        channel_id=rng.choice(("31", "32")),
        assignee=Colleague(id=who, duty_name="Mia", initials="M") if who else None,
        tags=rng.sample(("41", "42", "43"), rng.choice((0, 1, 2))), messages=1, linked_case_id=None, merged_into=None,
    )  # fmt: skip


if __name__ == "__main__":
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(examples()), indent=1) + b"\n")
