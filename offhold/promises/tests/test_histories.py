"""Random histories, looked at minute by minute: what is owed, and by when, must be the same told either way.

The reference walks through the minutes of a history and keeps a few flags, as a person with a stopwatch would; it asks
nothing of `owing`, `settling` or `clocks`. `OFFHOLD_TEST_HISTORIES` says how many; 10,000 were gone through by hand.
"""

from __future__ import annotations

import os
import random
from datetime import datetime
from typing import Any, NamedTuple

from offhold.promises.calendars import Calendar
from offhold.promises.owing import Asked, History, Pledged, Turn
from offhold.promises.policy import Pausing, PromisePolicy, State, Target, Targets
from offhold.promises.settling import Ground, Promise, next_of, settle
from offhold.promises.tests.minutes import MINUTE, open_minutes, utc
from offhold.promises.workdays import TeamHours, Work, calendar

HISTORIES = int(os.environ.get("OFFHOLD_TEST_HISTORIES", "400"))
SPAN = 4 * 1440  # minutes of a history, and as long again for its deadlines
START = utc(2026, 3, 27, 6, 0)  # the clocks go forward in Europe within it
NINE_TO_FIVE = (Work("09:00", "13:00"), Work("14:00", "17:30"))
TEAM = TeamHours(zone="Europe/Madrid", week=(NINE_TO_FIVE,) * 5 + ((), ()), country="ES")
LATE = TeamHours(zone="America/New_York", week=((Work("18:00", "02:00"),),) * 7)
HOURS = {"Madrid": TEAM, "New York": LATE}
CALENDARS: dict[str, Calendar] = {name: calendar(name, hours, START.date()) for name, hours in HOURS.items()}
AT_WORK = {name: open_minutes(one, START, 2 * SPAN) for name, one in CALENDARS.items()}
MOST_DAYS = 2


class Event(NamedTuple):
    minute: int
    what: str
    id: int


class Wait(NamedTuple):
    """One thing owed, as the stopwatch has it: minutes since the beginning."""

    kind: str
    subject: int
    start: int
    ended: int | None
    how: str | None


def events(dice: random.Random) -> list[Event]:
    """What can happen to a case, in an order in which it can; one thing a minute."""
    minutes = sorted(dice.sample(range(1, SPAN), dice.randint(0, 14)))
    found, is_open, rests = [Event(0, "asked", 100)], True, False
    for n, minute in enumerate(minutes):
        may = ["asked", "asked", "said", "said"]
        may += (["resolved", "woken" if rests else "snoozed"]) if is_open else ["reopened", "reopened"]
        what = dice.choice(may)
        if what == "asked" and not is_open:
            continue  # that is another case, or opens this one again, which is told by its own event
        is_open = {"resolved": False, "reopened": True}.get(what, is_open)
        rests = what == "snoozed" or (rests and what not in ("woken", "resolved", "asked"))
        found.append(Event(minute, what, 200 + n))
        if what == "asked" and found[-2].what == "snoozed":
            found[-1] = Event(minute, "asked", 200 + n)
    return found


def history_of(told: list[Event]) -> History:
    asked = [Asked(e.id, START + e.minute * MINUTE, "public", 1) for e in told if e.what == "asked"]
    turns: list[Turn] = []
    rests = False
    for e in told:
        if e.what in ("resolved", "reopened", "snoozed", "woken"):
            turns.append(Turn(e.id, START + e.minute * MINUTE, e.what))  # type: ignore[arg-type] # one of the four
        elif e.what == "asked" and rests:  # the customer's words wake it, and that is on the timeline
            turns.append(Turn(e.id + 500, START + e.minute * MINUTE, "woken"))
        rests = e.what == "snoozed" or (rests and e.what == "said")
    last = [e.what for e in told if e.what in ("resolved", "reopened")]
    return History(
        case=7, opened_at=START, open=not last or last[-1] == "reopened", channel=1, audience="public", asked=asked,
        said=[START + e.minute * MINUTE for e in told if e.what == "said"], turns=turns,
    )  # fmt: skip


def waits(told: list[Event]) -> list[Wait]:
    """By the stopwatch: who waits since when, who was answered, what was solved."""
    done: list[Wait] = []
    waiting: Wait | None = None
    solving: Wait | None = Wait("resolution", 7, 0, None, None)
    spoke = False
    for e in told:
        if e.what == "asked" and waiting is None:
            waiting = Wait("next_word" if spoke else "first_reply", e.id, e.minute, None, None)
        elif e.what == "said":
            spoke = True
            if waiting is not None:
                done.append(waiting._replace(ended=e.minute, how="answered"))
                waiting = None
        elif e.what == "resolved":
            if waiting is not None:
                done.append(waiting._replace(ended=e.minute, how="resolved"))
                waiting = None
            assert solving is not None, "it was open"
            done.append(solving._replace(ended=e.minute, how="resolved"))
            solving = None
        elif e.what == "reopened":
            solving = Wait("resolution", e.id, e.minute, None, None)
    return done + [one for one in (waiting, solving) if one is not None]


def standing_still(told: list[Event], states: tuple[State, ...]) -> list[bool]:
    """For each minute: does the clock stand still?"""
    by_minute = {e.minute: e for e in told}
    still, rests, theirs, rested, left = [], False, False, 0, 0
    for minute in range(2 * SPAN):
        e = by_minute.get(minute)
        if e is not None:
            if e.what == "snoozed" and not rests:
                rests, rested = True, minute
            elif e.what in ("woken", "asked", "resolved", "reopened"):
                rests = False
            if e.what == "said":  # each answer waits anew for the customer
                theirs, left = True, minute
            elif e.what == "asked":
                theirs = False
        most = MOST_DAYS * 1440
        resting = "snoozed" in states and rests and minute - rested < most
        with_them = "customer" in states and theirs and minute - left < most
        still.append(resting or with_them)
    return still


def due_minute(wait: Wait, target: Target, still: list[bool]) -> int | None:
    """The minute with whose end the target has run."""
    counted = 0
    for minute in range(wait.start, 2 * SPAN):
        at_work = not target.hours or any(AT_WORK[name][minute] for name in target.hours)
        counted += at_work and not still[minute]
        if counted * 60 >= target.within:
            return minute + 1
    return None


def policy(dice: random.Random) -> PromisePolicy:
    def target() -> Target:
        hours = dice.choice([(), ("Madrid",), ("New York",), ("Madrid", "New York")])
        return Target(60 * dice.choice([1, 15, 60, 240, 1000]), hours)

    def states() -> tuple[State, ...]:
        return dice.choice([(), ("snoozed",), ("customer",), ("snoozed", "customer")])

    return PromisePolicy(
        hours=HOURS, usual=Targets(target(), target(), target()),
        pausing=Pausing(states(), states(), states(), most_days=MOST_DAYS),
    )  # fmt: skip


def ground(held: PromisePolicy, now: datetime) -> Ground:
    numbers = iter(range(1, 1000))
    return Ground(0, {0: held}, frozenset(), {1: "fake"}, now, lambda: next(numbers))


def test_what_is_owed_and_by_when_is_the_same_minute_by_minute() -> None:
    seed = int(os.environ.get("OFFHOLD_TEST_SEED", "20261123"))
    print(f"seed {seed}, {HISTORIES} histories")
    dice = random.Random(seed)
    for number in range(HISTORIES):
        told, held = events(dice), policy(dice)
        now = START + dice.randint(0, SPAN) * MINUTE
        known = [e for e in told if START + e.minute * MINUTE <= now]
        rows = {(row.kind, row.subject): row for row in settle(history_of(known), (), ground(held, now))}
        expected = waits(known)
        about = (seed, number, known, held.usual, held.pausing, now)
        assert set(rows) == {(one.kind, one.subject) for one in expected}, about
        for wait in expected:
            _agree(wait, rows[wait.kind, wait.subject], held, known, now, about)  # type: ignore[index] # as written


def _agree(wait: Wait, row: Promise, held: PromisePolicy, known: list[Event], now: datetime, about: Any) -> None:
    target = held.usual.of(row.kind)
    assert target is not None
    due = due_minute(wait, target, standing_still(known, held.pausing.of(row.kind)))
    assert row.starts_at == START + wait.start * MINUTE, (wait, about)
    if due is None:
        assert row.due_at > START + (2 * SPAN - 1) * MINUTE, (wait, about)
        return
    due_at = START + due * MINUTE
    assert row.due_at == due_at, (wait, row.due_at, about)
    if wait.ended is None:
        assert (row.state, row.late_at) == ("open", due_at if due_at <= now else None), (wait, about)
    elif wait.how == "resolved" and wait.kind != "resolution":
        assert (row.state, row.how) == ("released", "resolved"), (wait, about)
    else:
        in_time = START + wait.ended * MINUTE <= due_at
        assert (row.state, row.how) == ("kept" if in_time else "broken", wait.how), (wait, about)


def test_looking_twice_looking_late_and_in_any_order_finds_the_same() -> None:
    dice = random.Random(7)
    for _ in range(HISTORIES // 4):
        told, held = events(dice), policy(dice)
        now = START + SPAN * MINUTE
        once = settle(history_of(told), (), ground(held, now))
        assert settle(history_of(told), once, ground(held, now)) == []
        rows: dict[int, Promise] = {}
        whole = ground(held, now)
        for minute in [*sorted(dice.sample(range(SPAN), 3)), SPAN]:  # looked at now and then
            then = START + minute * MINUTE
            known = history_of([e for e in told if START + e.minute * MINUTE <= then])
            rows |= {row.id: row for row in settle(known, list(rows.values()), whole._replace(now=then))}
        assert {_told(row) for row in rows.values()} == {_told(row) for row in once}


def _told(row: Promise) -> tuple[Any, ...]:
    return row.kind, row.subject, row.state, row.how, row.starts_at, row.due_at, row.late_at, row.ended_at


def test_an_open_case_has_one_next_moment_whatever_happened() -> None:
    dice = random.Random(11)
    for _ in range(HISTORIES // 4):
        told, held = events(dice), policy(dice)
        now = START + dice.randint(0, SPAN) * MINUTE
        history = history_of([e for e in told if START + e.minute * MINUTE <= now])
        after = next_of(settle(history, (), ground(held, now)), now)
        if history.open:
            assert after.promise is not None
            assert now < after.look_at


def test_who_asked_for_a_human_is_owed_one_whatever_the_policy_says() -> None:
    now = START + 10 * MINUTE
    base = history_of([Event(0, "asked", 100)])
    history = History(
        case=7, opened_at=START, open=True, channel=1, audience="public", asked=base.asked, said=[],
        pledges=[Pledged(9, START, "public", 1)],
    )  # fmt: skip
    rows = settle(history, (), ground(PromisePolicy(usual=Targets(None, None, Target(86_400))), now))
    assert [(row.kind, row.due_at) for row in rows if row.kind == "pledge"] == [("pledge", START + 3 * MINUTE)]
