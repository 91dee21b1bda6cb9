"""When somebody is at work: a week of shifts in a time zone, and the days that are not like their week. Pure.

Several calendars together follow the sun: work is done while any of them is open. No calendar at all is always open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from offhold.promises.walls import DAY, first_shown, last_shown

_ONE_DAY = timedelta(days=1)


class Shift(msgspec.Struct, frozen=True):
    """Open from `opens` to `closes`, in minutes after midnight of the day it begins; past midnight `closes` > 1440."""

    opens: int
    closes: int


class OtherDay(msgspec.Struct, frozen=True):
    """A date with shifts of its own instead of its weekday's: a holiday (none), Christmas Eve until noon, an extra
    Saturday. `name` is what people call it."""

    day: date
    name: str
    shifts: tuple[Shift, ...] = ()


class Calendar(msgspec.Struct, frozen=True):
    """`week`: the shifts of Monday to Sunday, in order and apart; `zone`: an IANA name."""

    name: str
    zone: str
    week: tuple[tuple[Shift, ...], ...]
    others: tuple[OtherDay, ...] = ()

    def on(self, day: date) -> tuple[Shift, ...]:
        """The shifts that begin on a date."""
        other = self.other(day)
        return self.week[day.weekday()] if other is None else other.shifts

    def other(self, day: date) -> OtherDay | None:
        """What is special about a date."""
        return next((one for one in self.others if one.day == day), None)


class Span(msgspec.Struct, frozen=True):
    """Open from `start` to `end`, instants in UTC; `start` < `end`."""

    start: datetime
    end: datetime


def open_spans(calendars: Sequence[Calendar], since: datetime, days: int) -> Iterator[Span]:
    """When any of `calendars` is open, from `since` on and for so many days, in order, apart, cut at both ends.

    Without a calendar the whole time is one span.
    """
    until = since + days * _ONE_DAY
    if not calendars:
        yield Span(since, until)
        return
    waiting: Span | None = None
    for span in _in_order(calendars, since, days):
        cut = Span(max(span.start, since), min(span.end, until))
        if cut.start >= cut.end:
            continue
        if waiting is None:
            waiting = cut
        elif cut.start <= waiting.end:
            waiting = Span(waiting.start, max(waiting.end, cut.end))
        else:
            yield waiting
            waiting = cut
    if waiting is not None:
        yield waiting


def special_days(calendars: Sequence[Calendar], start: datetime, end: datetime) -> list[tuple[str, OtherDay]]:
    """The special dates between two instants, each with its calendar's name: what makes a wait longer than usual."""
    found = []
    for calendar in calendars:
        first, last = (at.astimezone(ZoneInfo(calendar.zone)).date() for at in (start, end))
        found += [(calendar.name, other) for other in calendar.others if first <= other.day <= last]
    return sorted(found, key=lambda one: (one[1].day, one[0]))


def _in_order(calendars: Sequence[Calendar], since: datetime, days: int) -> Iterator[Span]:
    """Every shift that may touch the time asked for, by its beginning.

    A date begins up to 14 h before and ends up to 12 h after the date of the same name in UTC, and yesterday's shift
    may still run: days are gone through in UTC dates, each held back until no later one can begin before it.
    """
    day = since.astimezone(UTC).date() - 2 * _ONE_DAY
    held: list[Span] = []
    for _ in range(days + 5):
        for calendar in calendars:
            held += _on(calendar, day)
        held.sort(key=lambda span: span.start)
        day += _ONE_DAY
        sure = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
        while held and held[0].start < sure:
            yield held.pop(0)
    yield from held


def _on(calendar: Calendar, day: date) -> Iterator[Span]:
    for shift in calendar.on(day):
        start = first_shown(calendar.zone, day, shift.opens)
        end = last_shown(calendar.zone, day, shift.closes)
        if start < end:
            yield Span(start, end)


def mistakes(calendar: Calendar) -> list[str]:
    """What is wrong with a calendar, as codes: nothing, where its rules hold."""
    wrong = []
    if len(calendar.week) != 7:
        wrong.append("week")
    days = [*calendar.week, *(other.shifts for other in calendar.others)]
    shifts = [shift for day in days for shift in day]
    if any(not 0 <= one.opens < DAY or not one.opens < one.closes <= one.opens + DAY for one in shifts):
        wrong.append("shift")
    if any(one.closes > other.opens for day in days for one, other in pairwise(day)):
        wrong.append("overlap")
    if len({other.day for other in calendar.others}) != len(calendar.others):
        wrong.append("twice")
    if not any(calendar.week):
        wrong.append("never_open")
    return wrong
