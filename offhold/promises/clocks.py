"""Deadlines: from when, how long, counted by which clock, without which pauses. Pure.

A deadline is never stored as a wish of somebody's, it follows from what happened; so each can say why it is what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from offhold.promises.calendars import Calendar, Span, open_spans, special_days

# A calendar that is not open within so many days is never: some year-end closures and a gap in a rota fit in.
MOST_DAYS = 800
# So many are looked through at a time.
_PIECE = 32


class Pause(msgspec.Struct, frozen=True):
    """The clock stands still from `start` until `end` (None: until further notice), because of `reason`."""

    start: datetime
    end: datetime | None
    reason: str


class Step(msgspec.Struct, frozen=True):
    """One line of why a deadline is what it is. `counted`: the seconds that ran by `at`.

    `starts`: the promise began. `runs`: the clock ran from `at` to `until`. `closed`, `paused`: it stood still from
    `at` to `until` (None: until further notice). `special`: a date within a closed time is not like its week.
    `due`: the deadline.
    """

    what: Literal["starts", "runs", "closed", "paused", "special", "due"]
    at: datetime
    counted: float
    until: datetime | None = None
    name: str = ""


class Due(msgspec.Struct, frozen=True):
    """`at`: None while the clock stands still without an end, or where nobody is ever at work."""

    at: datetime | None
    steps: tuple[Step, ...]


def due(start: datetime, target: float, calendars: Sequence[Calendar], pauses: Sequence[Pause] = ()) -> Due:
    """When `target` seconds will have run since `start`, counting only while a calendar is open and nothing pauses.

    A target of 0 is due at once, open or not.
    """
    steps = [Step("starts", start, 0.0)]
    counted, shown = 0.0, start
    if target <= 0:
        return Due(start, (*steps, Step("due", start, 0.0)))
    if not calendars and not pauses:  # most clocks: day and night, never stopped
        at = start + timedelta(seconds=target)
        return Due(at, (*steps, Step("runs", start, 0.0, at), Step("due", at, target)))
    for span in running(start, calendars, pauses):
        steps += _standing(calendars, pauses, shown, span.start, counted)
        ahead = (span.end - span.start).total_seconds()
        if counted + ahead >= target:
            at = span.start + timedelta(seconds=target - counted)
            return Due(at, (*steps, Step("runs", span.start, counted, at), Step("due", at, target)))
        steps.append(Step("runs", span.start, counted, span.end))
        counted, shown = counted + ahead, span.end
    endless = next((pause for pause in _merged(pauses) if pause.end is None), None)
    if endless is None:
        return Due(None, (*steps, Step("closed", shown, counted)))
    stops = max(shown, endless.start)
    steps += _standing(calendars, pauses, shown, stops, counted)
    return Due(None, (*steps, Step("paused", stops, counted, None, endless.reason)))


def elapsed(start: datetime, end: datetime, calendars: Sequence[Calendar], pauses: Sequence[Pause] = ()) -> float:
    """The seconds that ran between two instants; 0 where `end` is not after `start`."""
    if not calendars and not pauses:
        return max(0.0, (end - start).total_seconds())
    total = 0.0
    for span in running(start, calendars, pauses):
        if span.start >= end:
            break
        total += (min(span.end, end) - span.start).total_seconds()
    return total


def running(start: datetime, calendars: Sequence[Calendar], pauses: Sequence[Pause] = ()) -> Iterator[Span]:
    """When the clock runs, from `start` on, in order and apart: open, and not paused. Ends where nothing runs later."""
    still = _merged(pauses)
    for span in _open(start, calendars):
        if still and still[-1].end is None and still[-1].start <= span.start:
            return
        yield from _without(span, still)


def _open(start: datetime, calendars: Sequence[Calendar]) -> Iterator[Span]:
    """Looked for in pieces: most deadlines are within days."""
    waiting: Span | None = None
    for days in range(0, MOST_DAYS, _PIECE):
        for span in open_spans(calendars, start + timedelta(days=days), _PIECE):
            if waiting is None:
                waiting = span
            elif span.start == waiting.end:  # open across the end of a piece
                waiting = Span(waiting.start, span.end)
            else:
                yield waiting
                waiting = span
    if waiting is not None:
        yield waiting


def _merged(pauses: Sequence[Pause]) -> list[Pause]:
    """In order and apart; where two overlap the first gives the reason."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.start):
        if pause.end is not None and pause.end <= pause.start:
            continue
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end < pause.start):
            merged.append(pause)
        elif last.end is not None:
            end = None if pause.end is None else max(last.end, pause.end)
            merged[-1] = Pause(last.start, end, last.reason)
    return merged


def _without(span: Span, pauses: Sequence[Pause]) -> Iterator[Span]:
    """What is left of a span."""
    start = span.start
    for pause in pauses:
        if pause.start >= span.end:
            break
        if pause.start > start:
            yield Span(start, pause.start)
        if pause.end is None:
            return
        start = max(start, pause.end)
    if start < span.end:
        yield Span(start, span.end)


def _standing(
    calendars: Sequence[Calendar], pauses: Sequence[Pause], since: datetime, until: datetime, counted: float
) -> Iterator[Step]:
    """Why the clock stood still between two instants: its pauses, and closed hours around them."""
    for pause in _merged(pauses):
        if pause.start >= until or (pause.end is not None and pause.end <= since):
            continue
        if pause.start > since:
            yield from _closed(calendars, since, pause.start, counted)
        end = until if pause.end is None else min(pause.end, until)
        yield Step("paused", max(pause.start, since), counted, end, pause.reason)
        since = end
    if since < until:
        yield from _closed(calendars, since, until, counted)


def _closed(calendars: Sequence[Calendar], since: datetime, until: datetime, counted: float) -> Iterator[Step]:
    yield Step("closed", since, counted, until)
    for _, other in special_days(calendars, since, until - timedelta(microseconds=1)):
        yield Step("special", since, counted, until, other.name)
