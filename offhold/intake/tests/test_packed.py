"""Binary arrays as PostgreSQL reads them: the driver's own dumpers say the same."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.numeric import Int2, Int8

from offhold.intake import packed

NUMBERS = [0, 1, -1, 2**15 - 1, -(2**15)]
TIMES = [
    datetime(2026, 11, 22, 15, 47, 56, 123456, UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
]
CASES: list[tuple[Callable[..., bytes], list[Any], list[Any]]] = [
    (packed.int8s, [*NUMBERS, 2**63 - 1, -(2**63)], [Int8(n) for n in [*NUMBERS, 2**63 - 1, -(2**63)]]),
    (packed.int2s, NUMBERS, [Int2(n) for n in NUMBERS]),
    (packed.texts, ["", "webhook", 'a"b\\c', "{}", "é\n✈"], ["", "webhook", 'a"b\\c', "{}", "é\n✈"]),
    (packed.byteas, [b"", b"\x00\xff", b"NULL", b"x" * 70_000], [b"", b"\x00\xff", b"NULL", b"x" * 70_000]),
    (packed.times, TIMES, TIMES),
]


@pytest.mark.parametrize(("pack", "values", "drivers"), CASES, ids=[case[0].__name__ for case in CASES])
def test_an_array_is_what_the_driver_makes_of_it(
    pack: Callable[..., bytes], values: list[Any], drivers: list[Any]
) -> None:
    dumper = Transformer().get_dumper(drivers, PyFormat.BINARY)
    assert pack(values) == bytes(dumper.dump(drivers) or b"")


def test_what_does_not_fit_is_no_number() -> None:
    with pytest.raises(struct.error):
        packed.int2s([2**15])
