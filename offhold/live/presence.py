"""Who looks at which case, who writes what there, and who has its answer. Pure; never stored anywhere.

Each process tells all others what its own streams do, in payloads of PostgreSQL's NOTIFY, and hears itself the same
way. PostgreSQL hands everybody the same notifications in the same order, so all processes come to the same view, also
of who was first to answer. Ids only: no words, no names, no times.

What is not told again ends by itself: a tab that dies closes its stream; one that hangs stops saying that it writes; a
process that dies stops saying that it lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from offhold.kernel import jsons

CHANNEL = "offhold_presence"
Doing = Literal["looking", "public", "direct", "note"]
ANSWERS: frozenset[str] = frozenset({"public", "direct"})
SHOWN_TO_ALL: frozenset[str] = frozenset({"looking", "public"})

WRITES_FOR = 25.0  # seconds after it was last said that somebody writes
LIVES_FOR = 30.0  # seconds after a process was last heard

Place = tuple[int, int]  # workspace, case
Seat = tuple[str, int]  # process, number of its stream


class At(NamedTuple):
    """What one stream does. `case` 0: nothing that concerns others. `holds`: it had the answer when this was said."""

    number: int
    workspace: int
    member: int
    case: int
    doing: str
    holds: bool = False


class Told(msgspec.Struct, array_like=True):
    """One payload. `anew`: forget what this process said before. `asks`: all others, say everything again."""

    process: str
    at: list[tuple[int, int, int, int, str, bool]] = []
    takes: list[tuple[int, int, int]] = []  # workspace, case, member: takes the answer over
    anew: bool = False
    asks: bool = False


class Person(msgspec.Struct, frozen=True):
    """A membership and what it does."""

    id: str
    doing: str


class Here(msgspec.Struct, frozen=True):
    """A case as it is told to its screens. `answering`: who has the answer, by membership."""

    case_id: str
    people: list[Person]
    answering: str | None


class _Taken(NamedTuple):
    place: Place
    member: int
    doing: str
    until: float  # to which writing counts


class Presence:
    """What one process knows of all. `now` is a monotonic clock's, in seconds; changes are returned as their places."""

    def __init__(self) -> None:
        self._seats: dict[Seat, _Taken] = {}
        self._places: dict[Place, dict[Seat, None]] = {}
        self._answers: dict[Place, int] = {}
        self._heard: dict[str, float] = {}

    def knows(self, process: str) -> bool:
        return process in self._heard

    def apply(self, told: Told, now: float) -> set[Place]:
        """Take in what a process told."""
        changed = self._forget(told.process) if told.anew else set()
        self._heard[told.process] = now
        for at in sorted((At(*each) for each in told.at), key=lambda at: not at.holds):
            changed |= self._sit((told.process, at.number), at, now)
        for workspace, case, member in told.takes:
            if self._writes((workspace, case), member):
                self._answers[workspace, case] = member
                changed.add((workspace, case))
        return changed

    def expire(self, now: float) -> set[Place]:
        """Let end what was not said again."""
        changed: set[Place] = set()
        for process in [process for process, at in self._heard.items() if at + LIVES_FOR < now]:
            changed |= self._forget(process)
        for seat, taken in list(self._seats.items()):
            if taken.doing != "looking" and taken.until < now:
                self._seats[seat] = taken._replace(doing="looking")
                changed.add(taken.place)
        self._settle(changed)
        return changed

    def here(self, place: Place, *, sees_private: bool) -> Here:
        """A case as told to those who may see direct messages and notes, or may not: these see it looked at."""
        doings: dict[int, str] = {}
        for seat in self._places.get(place, ()):
            taken = self._seats[seat]
            doing = taken.doing if sees_private or taken.doing in SHOWN_TO_ALL else "looking"
            if doings.get(taken.member, "looking") == "looking":
                doings[taken.member] = doing
        holder = self._answers.get(place)
        if holder is not None and not (sees_private or doings.get(holder) in ANSWERS):
            holder = None
        people = [Person(str(member), doings[member]) for member in sorted(doings)]
        return Here(str(place[1]), people, None if holder is None else str(holder))

    def is_empty(self, place: Place) -> bool:
        return place not in self._places

    def holder(self, place: Place) -> int | None:
        return self._answers.get(place)

    def _sit(self, seat: Seat, at: At, now: float) -> set[Place]:
        before = self._seats.pop(seat, None)
        changed = self._stand_up(before, seat) if before is not None else set()
        if at.case and at.doing in get_args(Doing):
            place = (at.workspace, at.case)
            self._seats[seat] = _Taken(place, at.member, at.doing, now + WRITES_FOR)
            self._places.setdefault(place, {})[seat] = None
            if before is not None and (before.place, before.member, before.doing) == (place, at.member, at.doing):
                changed = set()  # said again
            else:
                changed.add(place)
            if at.doing in ANSWERS and not self._has_answer(place):
                changed.add(place)
                self._answers[place] = at.member
        self._settle({before.place} if before is not None else ())
        return changed

    def _stand_up(self, taken: _Taken, seat: Seat) -> set[Place]:
        seats = self._places[taken.place]
        del seats[seat]
        if not seats:
            del self._places[taken.place]
        return {taken.place}

    def _forget(self, process: str) -> set[Place]:
        self._heard.pop(process, None)
        changed: set[Place] = set()
        for seat in [seat for seat in self._seats if seat[0] == process]:
            changed |= self._stand_up(self._seats.pop(seat), seat)
        self._settle(changed)
        return changed

    def _settle(self, places: Iterable[Place]) -> None:
        """Whoever writes no answer any more has it no more."""
        for place in places:
            if not self._has_answer(place):
                self._answers.pop(place, None)

    def _has_answer(self, place: Place) -> bool:
        return place in self._answers and self._writes(place, self._answers[place])

    def _writes(self, place: Place, member: int) -> bool:
        seats = (self._seats[seat] for seat in self._places.get(place, ()))
        return any(taken.member == member and taken.doing in ANSWERS for taken in seats)


MOST_AT = 60  # of one payload: PostgreSQL takes less than 8,000 bytes
_told = msgspec.json.Decoder(Told)


def payloads(told: Told) -> list[str]:
    """What is to be told, in payloads that PostgreSQL takes."""
    groups: Sequence[Any] = [told.at[i : i + MOST_AT] for i in range(0, len(told.at), MOST_AT)] or [[]]
    takes: Sequence[Any] = [told.takes[i : i + MOST_AT] for i in range(0, len(told.takes), MOST_AT)]
    first = [
        Told(told.process, at, anew=told.anew and i == 0, asks=told.asks and i == 0) for i, at in enumerate(groups)
    ]
    return [jsons.encode(each).decode() for each in (*first, *(Told(told.process, takes=each) for each in takes))]


def read(payload: str) -> Told | None:
    """A payload; None when it is none of this version's."""
    try:
        return _told.decode(payload)
    except msgspec.DecodeError:
        return None
