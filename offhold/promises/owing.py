"""What is owed in a case, from what happened in it: who asked when, who answered, when it rested. Pure.

Nothing here is remembered between two looks: the same history gives the same promises, whichever way it came in and
however often it is looked at. Times are the network's. Our machines' words answer nobody, and a note is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from offhold.connectors.contract import Audience
from offhold.promises.clocks import Pause
from offhold.promises.policy import Kind, Pausing, State

How = Literal["answered", "resolved", "overtaken", "withdrawn", "released"]


class Asked(msgspec.Struct, frozen=True):
    """Words of the customer that are owed an answer."""

    id: int
    at: datetime
    audience: Audience
    channel: int


class Turn(msgspec.Struct, frozen=True):
    """The case was resolved, opened again, put to rest or woken."""

    id: int
    at: datetime
    what: Literal["resolved", "reopened", "snoozed", "woken"]


class Pledged(msgspec.Struct, frozen=True):
    """The customer asked for a human at `at`; how that ended, if it did."""

    id: int
    at: datetime
    audience: Audience
    channel: int
    ended: datetime | None = None
    how: How | None = None


class History(msgspec.Struct, frozen=True):
    """One case. `said`: when people of ours answered, in or outside the desk, seen by us or vouched for. `open`: it is
    neither resolved nor part of another. `channel`, `audience`: of the first words, else of the last."""

    case: int
    opened_at: datetime
    open: bool
    channel: int
    audience: Audience
    asked: Sequence[Asked]
    said: Sequence[datetime]
    turns: Sequence[Turn] = ()
    pledges: Sequence[Pledged] = ()


class Owed(msgspec.Struct, frozen=True):
    """One thing owed. `subject`: what it began with, a message, the case or the event that opened it again. `ended`:
    None while it is owed still."""

    kind: Kind
    subject: int
    start: datetime
    audience: Audience
    channel: int
    ended: datetime | None = None
    how: How | None = None


def owed(history: History) -> list[Owed]:
    """Everything that was ever owed in the case by rule, in order of its start."""
    pledges = [Owed("pledge", p.id, p.at, p.audience, p.channel, p.ended, p.how) for p in history.pledges]
    found = [*_words(history), *_resolutions(history), *pledges]
    return sorted(found, key=lambda one: (one.start, one.kind, one.subject))


def _words(history: History) -> Iterable[Owed]:
    """Each wait for a person's word: from the first words that nobody had answered, to the next answer."""
    answers = sorted(history.said)
    ends = sorted(turn.at for turn in history.turns if turn.what == "resolved")
    asked = sorted(history.asked, key=lambda one: (one.at, one.id))
    until: datetime | None = None  # everything asked up to then is part of a wait that is told already
    for words in asked:
        if until is not None and words.at <= until:
            continue
        kind: Kind = "next_word" if any(at <= words.at for at in answers) else "first_reply"
        answered = next((at for at in answers if at > words.at), None)
        closed = next((at for at in ends if at >= words.at), None)
        told = Owed(kind, words.id, words.at, words.audience, words.channel)
        if answered is not None and (closed is None or answered <= closed):
            yield msgspec.structs.replace(told, ended=answered, how="answered")
            until = answered
        elif closed is not None:
            yield msgspec.structs.replace(told, ended=closed, how="resolved")
            until = closed
        else:
            yield told if history.open else msgspec.structs.replace(told, ended=words.at, how="overtaken")
            return


def _resolutions(history: History) -> Iterable[Owed]:
    """From the first words, or from when it was opened again, until a person says it is solved."""
    start, subject = history.opened_at, history.case
    running = True
    for turn in sorted(history.turns, key=lambda one: (one.at, one.id)):
        if turn.what == "resolved" and running:
            yield _resolution(history, subject, start, max(turn.at, start))
            running = False
        elif turn.what == "reopened" and not running:
            start, subject, running = turn.at, turn.id, True
    if running:
        yield _resolution(history, subject, start, None if history.open else start)


def _resolution(history: History, subject: int, start: datetime, ended: datetime | None) -> Owed:
    how: How | None = None if ended is None else "resolved" if ended > start or history.open else "overtaken"
    return Owed("resolution", subject, start, history.audience, history.channel, ended, how)


def pauses(history: History, kind: Kind, pausing: Pausing) -> tuple[Pause, ...]:
    """When the clock of a kind stood still. One that goes on ends after `most_days`, so that somebody looks again."""
    wanted = pausing.of(kind)
    found = [one for state in wanted for one in _standing(history, state)]
    most = timedelta(days=pausing.most_days)
    return tuple(
        Pause(one.start, min(one.end or one.start + most, one.start + most), one.reason)
        for one in sorted(found, key=lambda one: (one.start, one.reason))
    )


def _standing(history: History, state: State) -> Iterable[Pause]:
    return _snoozed(history) if state == "snoozed" else _with_customer(history)


def _snoozed(history: History) -> Iterable[Pause]:
    since: datetime | None = None
    for turn in sorted(history.turns, key=lambda one: (one.at, one.id)):
        if turn.what == "snoozed":
            since = since or turn.at
        elif since is not None:
            yield Pause(since, turn.at, "snoozed")
            since = None
    if since is not None:
        yield Pause(since, None, "snoozed")


def _with_customer(history: History) -> Iterable[Pause]:
    """From each of our answers to the customer's next words."""
    asked = sorted(one.at for one in history.asked)
    for at in sorted(history.said):
        back = next((later for later in asked if later > at), None)
        yield Pause(at, back, "customer")
