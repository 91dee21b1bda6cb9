"""Promises that people give: a word by a time, once or at the same hour each day until the matter is solved. Pure.

A word said before the promise began does not keep it. Where the promise is told with the next word, that word does not
keep it either: it is the promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from offhold.promises.walls import first_shown

MOST_AHEAD = timedelta(days=400)


class Rhythm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At this hour on the wall in this zone, each day or on these weekdays (0 is Monday)."""

    at: Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    zone: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    days: Annotated[tuple[Annotated[int, msgspec.Meta(ge=0, le=6)], ...], msgspec.Meta(max_length=7)] = ()


class Given(msgspec.Struct, frozen=True):
    """One promise as it stands: words count from `start` on, `due` is when it has to be kept. `told`: the next word is
    the promise itself."""

    start: datetime
    due: datetime
    told: bool = False
    rhythm: Rhythm | None = None


class Kept(msgspec.Struct, frozen=True):
    """How one came out: the word at `ended`, in time or late; or the hour of the next came first (`missed`)."""

    ended: datetime
    missed: bool = False


def outcome(given: Given, said: Sequence[datetime], now: datetime) -> Kept | None:
    """How it came out by `now`; None: it is owed still. `said`: when people of ours spoke to the customer."""
    counting = [at for at in sorted(said) if at > given.start]
    word = next(iter(counting[1:] if given.told else counting), None)
    if given.rhythm is None:
        return None if word is None else Kept(word)
    gone = given_up(given.rhythm, given.due)
    if word is not None and word <= gone:
        return Kept(word)
    return Kept(gone, missed=True) if gone <= now else None


def given_up(rhythm: Rhythm, due: datetime) -> datetime:
    """Half way to the next hour: words from then on are nearer to that one, and this one was missed."""
    return due + (next_hour(rhythm, due) - due) / 2


def following(given: Given) -> Given | None:
    """The next of a rhythm; words count for it from half way on, so that two on one day are not two days' words."""
    if given.rhythm is None:
        return None
    return Given(given_up(given.rhythm, given.due), next_hour(given.rhythm, given.due), rhythm=given.rhythm)


def next_hour(rhythm: Rhythm, after: datetime) -> datetime:
    """The first time after `after` that the clock shows the hour on one of the days. UTC."""
    here = ZoneInfo(rhythm.zone)
    day, (hour, minute) = after.astimezone(here).date(), rhythm.at.split(":")
    hours = (first_shown(rhythm.zone, day + timedelta(days=n), int(hour) * 60 + int(minute)) for n in range(15))
    return next(at for at in hours if at > after and (not rhythm.days or at.astimezone(here).weekday() in rhythm.days))
