"""A team's hours as people write them, and the calendar of days they mean. Pure.

Public holidays of a country and region come from the `holidays` package; closures of one's own come before them.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
import msgspec

from offhold.promises import calendars
from offhold.promises.calendars import Calendar, OtherDay, Shift

Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Code = Annotated[str, msgspec.Meta(max_length=10)]


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From `opens` to `closes` on the wall; `closes` not after `opens` is on the next day, "00:00" is midnight."""

    opens: Clock
    closes: Clock


Shifts = Annotated[tuple[Work, ...], msgspec.Meta(max_length=6)]


class OddDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A date unlike its week: closed, or open at these times instead."""

    day: date
    name: Annotated[str, msgspec.Meta(max_length=80)]
    shifts: Shifts = ()


class TeamHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a team is at work. `week`: Monday to Sunday. `country`, `region`: whose public holidays it keeps, by the
    codes of ISO 3166; "": none."""

    zone: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    week: Annotated[tuple[Shifts, ...], msgspec.Meta(min_length=7, max_length=7)]
    country: Code = ""
    region: Code = ""
    exceptions: Annotated[tuple[OddDay, ...], msgspec.Meta(max_length=400)] = ()

    def mistakes(self) -> list[str]:
        """What is wrong with it, as codes."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ["unknown_zone"]
        if self.country and not _is_known(self.country, self.region):
            return ["unknown_country"]
        return calendars.mistakes(_week_of("", self))


def calendar(name: str, hours: TeamHours, since: date) -> Calendar:
    """The days from the year before `since` on, as far as a deadline may lie ahead."""
    return _calendar(name, hours, since.year)


@lru_cache(maxsize=512)
def _calendar(name: str, hours: TeamHours, year: int) -> Calendar:
    plain = _week_of(name, hours)
    own = {other.day for other in plain.others}
    public = [
        OtherDay(day, called)
        for day, called in _public(hours.country, hours.region, year)
        if day not in own and hours.week[day.weekday()]
    ]
    others = tuple(sorted((*plain.others, *public), key=lambda other: other.day))
    return Calendar(plain.name, plain.zone, plain.week, others)


def _week_of(name: str, hours: TeamHours) -> Calendar:
    others = tuple(OtherDay(one.day, one.name, _shifts(one.shifts)) for one in hours.exceptions)
    return Calendar(name, hours.zone, tuple(_shifts(day) for day in hours.week), others)


def _shifts(day: tuple[Work, ...]) -> tuple[Shift, ...]:
    found = [Shift(_minute(one.opens), _minute(one.closes)) for one in day]
    whole = [one if one.closes > one.opens else Shift(one.opens, one.closes + 24 * 60) for one in found]
    return tuple(sorted(whole, key=lambda one: one.opens))


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


@lru_cache(maxsize=256)
def _public(country: str, region: str, year: int) -> tuple[tuple[date, str], ...]:
    """Of the year before to the third after: `clocks.MOST_DAYS` ahead of any day of `year`."""
    if not country:
        return ()
    years = range(year - 1, year + 4)
    found = holidays.country_holidays(country, subdiv=region or None, years=years)
    return tuple(sorted((day, str(name)) for day, name in found.items()))


def _is_known(country: str, region: str) -> bool:
    try:
        holidays.country_holidays(country, subdiv=region or None)
    except (NotImplementedError, KeyError):
        return False
    return True
