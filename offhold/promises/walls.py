"""What a clock on a wall shows, and the instants at which it shows it. Pure.

A day at work is written in wall-clock time ("9:00 to 17:30 in Madrid"); promises run in instants. Twice a year the two
part: an hour of wall-clock time is missing, or comes twice. The rule here, for both ends of a shift: work begins the
first time the clock shows its beginning and ends the last time it shows its end; a time that is never shown is the
moment the clock jumps over it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 24 * 60
_MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=1 << 14)
def first_shown(zone: str, day: date, minute: int) -> datetime:
    """The first instant (UTC) at which a clock in `zone` shows `minute` minutes after midnight of `day`.

    From 24 * 60 on the next day is meant. `zone` is an IANA name; one that is unknown is a `ZoneInfoNotFoundError`.
    """
    return _instant(zone, day, minute, fold=0)


@lru_cache(maxsize=1 << 14)
def last_shown(zone: str, day: date, minute: int) -> datetime:
    """The last instant (UTC) at which a clock in `zone` shows `minute` minutes after midnight of `day`."""
    return _instant(zone, day, minute, fold=1)


def _instant(zone: str, day: date, minute: int, fold: int) -> datetime:
    shown = datetime.combine(day, time()) + minute * _MINUTE
    here = ZoneInfo(zone)
    at = shown.replace(tzinfo=here, fold=fold).astimezone(UTC)
    if at.astimezone(here).replace(tzinfo=None) == shown:
        return at
    return _jump(here, shown)


def _jump(here: ZoneInfo, skipped: datetime) -> datetime:
    """The instant at which a clock jumps over `skipped`. PEP 495: the two folds of a skipped time lie around it."""
    ends = [skipped.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1)]
    before, after = min(ends), max(ends)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(here).replace(tzinfo=None) > skipped:
            after = middle
        else:
            before = middle
    return after
