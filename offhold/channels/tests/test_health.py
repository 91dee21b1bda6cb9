"""When a channel is silent, behind, or well: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from offhold.channels.health import Health, Seen, after, judged

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


def lived(gap: timedelta, count: int = 50) -> Health:
    """A channel on which something arrived every `gap`, the last time at `START`."""
    health = Health()
    for number in range(count):
        health = after(health, Seen(events=1), START - gap * (count - 1 - number))
    return health


@pytest.mark.parametrize(
    ("gap", "quiet", "state"),
    [
        (timedelta(seconds=10), timedelta(minutes=14), "ok"),
        (timedelta(seconds=10), timedelta(minutes=16), "silent"),
        (timedelta(hours=1), timedelta(hours=13), "ok"),
        (timedelta(hours=1), timedelta(hours=14), "silent"),
        (timedelta(days=2), timedelta(days=20), "ok"),
        (timedelta(days=2), timedelta(days=28), "silent"),
    ],
)
def test_silence_is_judged_against_the_channels_own_rhythm(gap: timedelta, quiet: timedelta, state: str) -> None:
    assert judged(lived(gap), START + quiet).state == state


def test_a_channel_that_was_never_heard_is_not_silent() -> None:
    looked = after(Health(), Seen(looked=True), START)
    assert looked.state == "ok"
    assert judged(looked, START + timedelta(days=99)).state == "ok"
    once = after(looked, Seen(events=1), START)
    assert judged(once, START + timedelta(days=99)).state == "ok", "one arrival has no rhythm"


def test_a_burst_does_not_make_a_slow_channel_a_fast_one_for_good() -> None:
    health = after(lived(timedelta(hours=1)), Seen(events=100), START + timedelta(minutes=1))
    for number in range(30):
        health = after(health, Seen(events=1), START + timedelta(hours=number + 1))
    assert health.usual_gap is not None
    assert 3000 < health.usual_gap < 4000


def test_a_failure_stays_until_something_succeeds() -> None:
    expired = after(lived(timedelta(minutes=1)), Seen(failure=("login_expired", "Sign in again.")), START)
    assert (expired.state, expired.message) == ("login_expired", "Sign in again.")
    assert judged(expired, START + timedelta(days=1)).state == "login_expired"
    well = after(expired, Seen(looked=True), START)
    assert (well.state, well.message) == ("ok", "")


def test_late_work_is_told() -> None:
    late = after(lived(timedelta(seconds=1)), Seen(events=9, lag_seconds=200), START)
    assert late.state == "behind"
    assert after(late, Seen(events=1, lag_seconds=1), START + timedelta(seconds=1)).state == "ok"


def test_what_was_complete_stays_complete() -> None:
    health = after(Health(), Seen(looked=True, complete_until=START), START)
    health = after(health, Seen(looked=True, complete_until=START - timedelta(hours=1)), START)
    assert health.complete_until == START
