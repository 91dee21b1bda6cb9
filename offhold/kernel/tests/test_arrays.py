"""Array literals say to PostgreSQL what the driver's own lists say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import LiteralString

import pytest

from offhold.kernel.arrays import array
from offhold.kernel.db.tx import transaction

HARD = [
    *("plain", "", 'a "quoted" \\ word', "{braces, and; commas}", "NULL", "null", " spaces ", "line\nbreak\ttab"),
    *("😀日本語عربي", None),
]
# What separates values within.
CONTROL: list[list[object]] = [
    ["a\x1eb", None, "c"],
    ["\x1f", "x"],
    ["\x1f", None],
    ["a\x1f", None, "\x1fb\x1e"],
    ["\x1e"],
]

CASES: list[tuple[LiteralString, list[object]]] = [
    ("SELECT %s::text[]", [*HARD]),
    *(("SELECT %s::text[]", texts) for texts in CONTROL),
    ("SELECT %s::bigint[]", [1, -5, None, 2**62]),
    ("SELECT %s::bool[]", [True, None, False]),
    (
        "SELECT %s::timestamptz[]",
        [datetime(2026, 11, 22, 12, 0, 0, 123456, UTC), None, datetime(1999, 1, 1, tzinfo=UTC)],
    ),
    ("SELECT %s::date[]", [date(2026, 11, 22), None]),
    ("SELECT %s::bytea[]", [b'\x00\xff{"a": "b\\c"}', b"", None]),
    ("SELECT %s::text[]", [None, None]),
    ("SELECT %s::text[]", []),
]


@pytest.mark.parametrize(("query", "values"), CASES)
@pytest.mark.usefixtures("database")
def test_comes_back_as_it_was(query: LiteralString, values: list[object]) -> None:
    with transaction(None) as tx:
        assert tx.one(query, (array(values),)) == (values,)


def test_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError):
        array([1.5])
