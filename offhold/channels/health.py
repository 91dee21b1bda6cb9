"""Is everything that is said reaching us: judged from what was seen of a channel, against its own rhythm. Pure.

A busy account that is quiet for an hour is broken; a small shop's account that is quiet for a day is not. So silence
is measured in the channel's usual gap between two events, a slowly moving mean. Times between events fall off about
exponentially, so 99 in 100 gaps are shorter than 4.6 means; three times that, and at least a quarter of an hour, is no
chance any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from offhold.channels.views import State

SHORTEST_SILENCE = timedelta(minutes=15)
SILENT_AFTER_GAPS = 3 * 4.6
BEHIND_AFTER = timedelta(minutes=2)
_NEWEST_WEIGHT = 0.1  # of one new gap in the moving mean


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a channel. `usual_gap` in seconds; `failure` is what the last look ended with, if it failed."""

    state: State = "starting"
    message: str = ""
    last_event_at: datetime | None = None
    last_look_at: datetime | None = None
    lag_seconds: float | None = None
    usual_gap: float | None = None
    complete_until: datetime | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What just happened on a channel.

    events: how many things arrived. lag_seconds: age of the oldest when it was worked. looked: a poll or a stream
    step succeeded. failure: (state, words for the admin) when it did not.
    """

    events: int = 0
    lag_seconds: float | None = None
    looked: bool = False
    complete_until: datetime | None = None
    failure: tuple[State, str] | None = None


def after(health: Health, seen: Seen, now: datetime) -> Health:
    """The health of a channel after what was seen at `now`."""
    changed = msgspec.structs.replace(
        health,
        last_event_at=now if seen.events else health.last_event_at,
        last_look_at=now if seen.looked or seen.events else health.last_look_at,
        lag_seconds=health.lag_seconds if seen.lag_seconds is None else seen.lag_seconds,
        usual_gap=moved_gap(health, seen.events, now),
        complete_until=latest(health.complete_until, seen.complete_until),
    )
    if seen.failure:
        state, message = seen.failure
        return msgspec.structs.replace(changed, state=state, message=message)
    if seen.looked or seen.events:  # whatever failed before, it works now
        changed = msgspec.structs.replace(changed, state="ok", message="")
    return judged(changed, now)


def went_on(before: Health, now: Health) -> bool:
    """Did it get further, and is this its first look of a new minute: "complete until 14:02" moves with the clock."""
    further = (now.complete_until, now.lag_seconds) != (before.complete_until, before.lag_seconds)
    return further and _minute(now.last_look_at) != _minute(before.last_look_at)


def _minute(at: datetime | None) -> datetime | None:
    return at and at.replace(second=0, microsecond=0)


def judged(health: Health, now: datetime) -> Health:
    """The same health as time passes without anything being seen. A failure stays until something succeeds."""
    if health.state in ("login_expired", "unreachable", "starting"):
        return health
    state, message = verdict(health, now)
    return msgspec.structs.replace(health, state=state, message=message)


def verdict(health: Health, now: datetime) -> tuple[State, str]:
    """The state of a channel whose last look succeeded, and the words for it."""
    if health.lag_seconds is not None and health.lag_seconds > BEHIND_AFTER.total_seconds():
        return "behind", "What arrives is worked on late."
    if is_silent(health, now):
        return "silent", "Nothing has arrived for longer than this account is ever quiet."
    return "ok", ""


def is_silent(health: Health, now: datetime) -> bool:
    """Has this channel been quiet for longer than it ever is. Unknown rhythm: never."""
    if health.last_event_at is None or health.usual_gap is None:
        return False
    limit = max(SHORTEST_SILENCE, timedelta(seconds=health.usual_gap * SILENT_AFTER_GAPS))
    return now - health.last_event_at > limit


def moved_gap(health: Health, events: int, now: datetime) -> float | None:
    """The mean gap in seconds after `events` more arrived since the last; None until two have."""
    if not events or health.last_event_at is None:
        return health.usual_gap
    gap = max(0.0, (now - health.last_event_at).total_seconds()) / events
    if health.usual_gap is None:
        return gap
    weight = 1 - (1 - _NEWEST_WEIGHT) ** events
    return health.usual_gap + weight * (gap - health.usual_gap)


def latest(known: datetime | None, told: datetime | None) -> datetime | None:
    """The later of two times of which either may be unknown."""
    return max(known, told) if known and told else known or told
