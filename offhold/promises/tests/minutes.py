"""The reference: the same rules looked at minute by minute, and told in another way. Slow, and simple enough to trust.

It asks only what a clock on the wall shows at each minute, never when a time of day is; so it shares no arithmetic with
what it checks. Shifts and instants are whole minutes here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from offhold.promises.calendars import Calendar, Shift
from offhold.promises.clocks import Pause

MINUTE = timedelta(minutes=1)


def open_minutes(calendar: Calendar, start: datetime, minutes: int) -> list[bool]:
    """For each minute from `start` on: is the calendar open?"""
    lead = 3 * 1440
    here = ZoneInfo(calendar.zone)
    first = start - lead * MINUTE
    walls = [(first + n * MINUTE).astimezone(here).replace(tzinfo=None) for n in range(lead + minutes + 3 * 1440)]
    is_open = [False] * len(walls)
    of_day: dict[date, list[int]] = {}
    for n, wall in enumerate(walls):
        of_day.setdefault(wall.date(), []).append(n)
    days = sorted(of_day)
    for place, day in enumerate(days[1:-2], 1):
        around = [n for near in days[place : place + 3] for n in of_day[near]]
        midnight = datetime.combine(day, time())
        shown = {n: round((walls[n] - midnight) / MINUTE) for n in around}
        for shift in _shifts(calendar, day):
            begins = [n for n in around if shown[n] == shift.opens] or [n for n in around if shown[n] > shift.opens]
            ends = [n for n in around if shown[n] == shift.closes] or [n for n in around if shown[n] > shift.closes][:1]
            for n in range(begins[0], ends[-1]):
                is_open[n] = True
    return is_open[lead : lead + minutes]


def _shifts(calendar: Calendar, day: date) -> Sequence[Shift]:
    for other in calendar.others:
        if other.day == day:
            return other.shifts
    return calendar.week[day.isoweekday() - 1]


def runs(start: datetime, minutes: int, calendars: Sequence[Calendar], pauses: Sequence[Pause]) -> list[bool]:
    """For each minute: does the clock run?"""
    at_work = [open_minutes(calendar, start, minutes) for calendar in calendars]
    running = []
    for n in range(minutes):
        now = start + n * MINUTE
        paused = any(pause.start <= now and (pause.end is None or now < pause.end) for pause in pauses)
        running.append(not paused and (not calendars or any(each[n] for each in at_work)))
    return running


def due(start: datetime, target: int, running: Sequence[bool]) -> datetime | None:
    """The end of the minute with which `target` minutes have run; None where it lies beyond what was looked at."""
    counted = 0
    if target == 0:
        return start
    for n, runs_now in enumerate(running):
        counted += runs_now
        if counted == target:
            return start + (n + 1) * MINUTE
    return None


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
