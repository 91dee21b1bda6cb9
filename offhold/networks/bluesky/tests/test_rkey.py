from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from offhold.networks.bluesky.rkey import tid

AT = datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC)
_times = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis takes naive bounds
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def test_a_tid_decodes_to_its_millisecond() -> None:
    """By the specification: the 53 bits above the clock id are microseconds since 1970."""
    digits = "234567abcdefghijklmnopqrstuvwxyz"
    number = 0
    for character in tid(AT, "key"):
        number = number * 32 + digits.index(character)
    assert (number >> 10) // 1000 == int(AT.timestamp() * 1000)


def test_the_same_key_and_time_give_the_same_tid() -> None:
    assert tid(AT, "one") == tid(AT, "one")


def test_many_keys_in_one_millisecond_differ() -> None:
    made = {tid(AT, str(n)) for n in range(200)}
    assert len(made) == 200


@given(_times, st.text(max_size=40))
def test_every_tid_has_the_form_of_one(at: datetime, key: str) -> None:
    made = tid(at, key)
    assert len(made) == 13
    assert set(made) <= set("234567abcdefghijklmnopqrstuvwxyz")
    assert made[0] in "234567abcdefghij"  # the highest bit is always zero


@given(_times, st.text(max_size=10), st.text(max_size=10))
def test_a_later_time_sorts_later(at: datetime, one: str, other: str) -> None:
    assert tid(at, one) < tid(at + timedelta(milliseconds=1), other)
