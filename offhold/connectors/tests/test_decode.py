from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import Malformed
from offhold.connectors.decode import decode, storable, utc


class Thing(msgspec.Struct):
    name: str
    more: Any = None


def test_typed_at_the_door() -> None:
    assert decode(b'{"name":"dora","extra":1}', Thing) == Thing("dora")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[]", b'{"name":1}', b'{"name":"\\ud800"}', b'{"name":"\x00"}', b"[" * 200_000,
     b'{"name":"a","more":NaN}', b'{"name":"a","more":1e999}', b'{"name":7,"more":"\\u0000"}'],
)  # fmt: skip
def test_all_else_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(body, Thing)


def test_nul_never_comes_in() -> None:
    assert decode(b'{"name":"do\\u0000ra","more":{"a\\u0000":["\\u0000b",1,null]}}', Thing) == Thing(
        "dora", {"a": ["b", 1, None]}
    )
    assert storable("a\x00") == "a"


def test_times_become_utc() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert utc(noon.astimezone(timezone(timedelta(hours=5)))) == noon
    assert utc(noon.astimezone(timezone(timedelta(hours=5)))).utcoffset() == timedelta()
    assert utc(noon.replace(tzinfo=None)) == noon
    with pytest.raises(Malformed):
        utc(datetime.min.replace(tzinfo=timezone(timedelta(hours=14))))
