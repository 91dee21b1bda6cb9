"""Where a reply stands after something happened: one row for each case of safety's third section."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from offhold.publishing import graph
from offhold.publishing.graph import (
    EDGES,
    UNSENT,
    Began,
    Blocked,
    Confirmed,
    CouldNotTell,
    Crashed,
    Declined,
    Event,
    GivenUp,
    Interrupted,
    ItWasSent,
    LockedOut,
    Looking,
    Lost,
    Misaddressed,
    NeverLeft,
    Nothing,
    Overdue,
    Restored,
    SendAgain,
    Slowed,
    State,
    Unstated,
)
from offhold.publishing.standing import Rule, Standing, Step
from offhold.publishing.steps import Impossible, step

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RULE = Rule()
KEYED = Rule(dedupes_by_key=True)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def standing(state: State, **changes: Any) -> Standing:
    """A reply meant at noon, whose first attempt (if it had one) must end ten seconds later."""
    known: dict[str, Any] = {"until": after(900), "next_at": NOON, "tries": 1, "deadline": after(10)}
    if state is State.RECONCILING:
        known["unknown_at"] = after(10)
    return Standing(state=state, **(known | changes))


def facts_of(result: Step) -> tuple[State, float | None]:
    """The new state, and in how many seconds after noon it is looked at."""
    moment = result.standing.next_at
    return result.standing.state, None if moment is None else (moment - NOON).total_seconds()


@pytest.mark.parametrize(
    ("state", "event", "to", "look"),
    [
        (State.INTENT, Began(), State.SENDING, 40),
        (State.INTENT, Overdue(), State.NEEDS_HUMAN, None),
        (State.INTENT, Blocked("channel_watch_only", "It only reads."), State.REFUSED, None),
        (State.INTENT, Confirmed(), State.SENT, None),
        (State.SENDING, Confirmed(), State.SENT, None),
        (State.SENDING, Unstated(), State.UNKNOWN, 40),
        (State.SENDING, Misaddressed("public"), State.NEEDS_HUMAN, None),
        (State.SENDING, Declined("too_long", "Too long."), State.REFUSED, None),
        (State.SENDING, NeverLeft("no route"), State.INTENT, 2),
        (State.SENDING, Slowed("slow down", 17), State.INTENT, 17),
        (State.SENDING, Slowed("slow down", -5), State.INTENT, 1),
        (State.SENDING, Slowed("slow down", float("nan")), State.INTENT, 1),
        (State.SENDING, Slowed("slow down", float("inf")), State.NEEDS_HUMAN, None),
        (State.SENDING, Slowed("slow down", 901), State.NEEDS_HUMAN, None),
        (State.SENDING, LockedOut("expired"), State.INTENT, 60),
        (State.SENDING, Lost("no answer"), State.UNKNOWN, 40),
        (State.SENDING, Crashed(), State.UNKNOWN, 40),
        (State.UNKNOWN, Looking(), State.RECONCILING, 60),
        (State.UNKNOWN, Confirmed(), State.SENT, None),
        (State.RECONCILING, Looking(), State.RECONCILING, 60),
        (State.RECONCILING, Confirmed(), State.SENT, None),
        (State.RECONCILING, Misaddressed("public"), State.NEEDS_HUMAN, None),
        (State.RECONCILING, Unstated(), State.RECONCILING, 60),
        (State.RECONCILING, Nothing(), State.RECONCILING, 60),
        (State.RECONCILING, CouldNotTell("half a page"), State.RECONCILING, 60),
        (State.NEEDS_HUMAN, Confirmed(), State.SENT, None),
        (State.NEEDS_HUMAN, ItWasSent("Mia"), State.SENT, None),
        (State.NEEDS_HUMAN, SendAgain("Mia"), State.INTENT, 0),
        (State.NEEDS_HUMAN, GivenUp("Mia"), State.CANCELLED, None),
    ],
)
def test_step(state: State, event: Event, to: State, look: float | None) -> None:
    assert facts_of(step(standing(state), event, RULE, NOON)) == (to, look)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", [Confirmed(), SendAgain("Mia"), Nothing(), Began(), Crashed(), Blocked("a", "b")])
def test_what_has_no_edge_is_impossible(state: State, event: Event) -> None:
    if (state, type(event)) in EDGES:
        step(standing(state), event, RULE, NOON)
    else:
        with pytest.raises(Impossible):
            step(standing(state), event, RULE, NOON)


# --- rule 1: no blind re-send --------------------------------------------------------------------------------


def test_two_empty_looks_a_minute_apart_allow_another_try() -> None:
    first = step(standing(State.RECONCILING), Nothing(), RULE, after(40)).standing
    second = step(first, Nothing(), RULE, after(100)).standing
    assert (first.state, second.state) == (State.RECONCILING, State.INTENT)


def test_two_empty_looks_in_quick_succession_are_one() -> None:
    first = step(standing(State.RECONCILING), Nothing(), RULE, after(40)).standing
    second = step(first, Nothing(), RULE, after(99.9)).standing
    assert (second.state, second.absences) == (State.RECONCILING, 1)


def test_looks_that_could_not_tell_never_allow_another_try() -> None:
    reply, at = standing(State.RECONCILING), 40.0
    seen = []
    while reply.state is State.RECONCILING:
        reply = step(reply, CouldNotTell("no later post of ours is visible"), RULE, after(at)).standing
        seen.append(reply.state)
        at += 60
    assert seen[-1] is State.NEEDS_HUMAN
    assert State.INTENT not in seen


def test_a_person_sees_it_within_five_minutes_of_becoming_unknown() -> None:
    reply = step(standing(State.SENDING), Lost("no answer"), RULE, after(10)).standing
    while reply.next_at is not None:
        at = reply.next_at
        looked = step(reply, Looking(), RULE, at).standing
        reply = step(looked, CouldNotTell("half a page"), RULE, at).standing
    assert reply.state is State.NEEDS_HUMAN
    assert at <= after(10 + 300)


@pytest.mark.parametrize("event", [Nothing(), CouldNotTell("half a page")])
def test_a_network_that_dedupes_by_our_key_may_be_asked_again(event: Event) -> None:
    assert step(standing(State.RECONCILING), event, KEYED, after(40)).standing.state is State.INTENT


@pytest.mark.parametrize("rule", [RULE, KEYED])
def test_what_the_network_gave_an_id_is_never_sent_again(rule: Rule) -> None:
    reply = step(standing(State.SENDING), Unstated(), rule, NOON).standing
    assert reply.certain
    reply = step(reply, Looking(), rule, after(40)).standing
    seen = []
    while reply.state is State.RECONCILING and reply.next_at is not None:
        reply = step(reply, Nothing(), rule, reply.next_at).standing
        seen.append(reply.state)
    assert seen[-1] is State.NEEDS_HUMAN
    assert State.INTENT not in seen


def test_too_many_tries_put_it_before_a_person() -> None:
    worn = standing(State.RECONCILING, tries=RULE.tries)
    assert step(worn, Nothing(), KEYED, after(40)).standing.state is State.NEEDS_HUMAN
    worn = standing(State.SENDING, tries=RULE.tries)
    assert step(worn, NeverLeft("no route"), RULE, NOON).standing.state is State.NEEDS_HUMAN


def test_it_is_not_sent_again_when_that_would_surprise_the_customer() -> None:
    late = standing(State.RECONCILING, absences=1, absent_at=after(800))
    assert step(late, Nothing(), RULE, after(900)).standing.state is State.NEEDS_HUMAN


@pytest.mark.parametrize("state", [State.INTENT, State.SENDING])
def test_a_later_no_does_not_prove_that_nothing_is_out_there(state: State) -> None:
    """A network that dedupes was asked again, and declined: the first attempt may still have been taken."""
    doubted = step(standing(State.SENDING), Lost("no answer"), KEYED, NOON).standing
    looked = step(step(doubted, Looking(), KEYED, after(40)).standing, CouldNotTell("late"), KEYED, after(40)).standing
    assert (looked.state, looked.doubted) == (State.INTENT, True)
    event = Blocked("channel_watch_only", "off") if state is State.INTENT else Declined("blocked", "no")
    again = looked if state is State.INTENT else step(looked, Began(), KEYED, after(41)).standing
    assert step(again, event, KEYED, after(42)).standing.state is State.NEEDS_HUMAN


# --- rule 2: the network may still be working on it ----------------------------------------------------------


@pytest.mark.parametrize(("found_at", "look"), [(3, 40), (39, 40), (500, 500)])
def test_no_look_before_the_deadline_and_half_a_minute(found_at: float, look: float) -> None:
    assert facts_of(step(standing(State.SENDING), Crashed(), RULE, after(found_at))) == (State.UNKNOWN, look)


# --- what else has to be done --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state", [State.INTENT, State.SENDING, State.UNKNOWN, State.RECONCILING, State.NEEDS_HUMAN, State.SENT]
)
def test_a_stated_wrong_audience_is_withdrawn(state: State) -> None:
    result = step(standing(state), Misaddressed("public"), RULE, NOON)
    assert result.withdraw
    assert result.standing.certain
    assert (result.standing.state, result.standing.error_code) == (State.NEEDS_HUMAN, "wrong_audience")


@pytest.mark.parametrize("state", list(State))
def test_a_missing_audience_is_never_withdrawn(state: State) -> None:
    if (state, Unstated) in EDGES:
        assert not step(standing(state), Unstated(), RULE, NOON).withdraw


def test_backoff_doubles_and_ends() -> None:
    waits = []
    for tries in range(1, 9):
        rule = msgspec.structs.replace(RULE, tries=99)
        waits.append(facts_of(step(standing(State.SENDING, tries=tries), NeverLeft("no route"), rule, NOON))[1])
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_slow_network_quiets_the_whole_channel() -> None:
    assert step(standing(State.SENDING), Slowed("slow down", 17), RULE, NOON).quiet_for == 17


def test_a_dead_login_is_no_try_and_is_told() -> None:
    result = step(standing(State.SENDING, tries=1), LockedOut("expired"), RULE, NOON)
    assert result.locked_out
    assert (result.standing.tries, result.standing.error_code) == (0, "login_expired")


def test_a_person_who_sends_again_starts_afresh() -> None:
    worn = standing(State.NEEDS_HUMAN, tries=5, absences=2, certain=True, unknown_at=NOON, until=NOON)
    fresh = step(worn, SendAgain("Mia"), RULE, after(1000)).standing
    assert (fresh.tries, fresh.absences, fresh.certain, fresh.until) == (0, 0, False, after(1900))


def test_every_edge_has_a_row_here() -> None:
    rows = {(row[0], type(row[1])) for row in test_step.pytestmark[0].args[1]}  # type: ignore[attr-defined]  # pytest sets it
    begun = {edge for edge in EDGES if edge[0] not in UNSENT and edge[1] not in (Interrupted, Restored)}  # test_before
    assert begun - rows <= {
        (State.INTENT, Misaddressed),
        (State.UNKNOWN, Misaddressed),
        (State.NEEDS_HUMAN, Misaddressed),
        (State.SENT, Misaddressed),
    }


def test_what_moves_by_itself_is_looked_at() -> None:
    gates = {State.APPROVAL, State.HELD}
    assert {State.INTENT, State.SENDING, State.UNKNOWN, State.RECONCILING} | gates == graph.MOVING
