"""What becomes of a reply before it is meant to go out, as a table, and what each gate is for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from offhold.publishing import before
from offhold.publishing.graph import (
    EDGES,
    STARTS,
    UNSENT,
    Approved,
    Event,
    GivenUp,
    HoldEnded,
    Interrupted,
    Lapsed,
    Released,
    Restored,
    SentBack,
    State,
)
from offhold.publishing.standing import Rule, Standing
from offhold.publishing.steps import step

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RULE = Rule()


def standing(state: State, *, doubted: bool = False) -> Standing:
    return Standing(state=state, until=NOON + timedelta(seconds=900), next_at=NOON, doubted=doubted)


@pytest.mark.parametrize(
    ("state", "event", "to", "look"),
    [
        (State.APPROVAL, Approved("Carol", 20), State.HELD, 20),
        (State.APPROVAL, Approved("Carol", 0), State.INTENT, 0),
        (State.APPROVAL, SentBack("Carol", "Too harsh."), State.CANCELLED, None),
        (State.APPROVAL, Lapsed("case_resolved", "It was resolved."), State.CANCELLED, None),
        (State.APPROVAL, GivenUp("Mia"), State.CANCELLED, None),
        (State.HELD, HoldEnded(), State.INTENT, 0),
        (State.HELD, Released("Mia"), State.INTENT, 0),
        (State.HELD, Interrupted("customer_wrote", "They wrote."), State.REVIEW, None),
        (State.HELD, Lapsed("message_deleted", "It was deleted."), State.CANCELLED, None),
        (State.HELD, GivenUp("Mia"), State.CANCELLED, None),
        (State.REVIEW, Interrupted("stopped", "Stopped."), State.REVIEW, None),
        (State.REVIEW, Released("Mia"), State.INTENT, 0),
        (State.REVIEW, Lapsed("message_deleted", "It was deleted."), State.CANCELLED, None),
        (State.REVIEW, GivenUp("Mia"), State.CANCELLED, None),
        (State.INTENT, Interrupted("stopped", "Stopped."), State.REVIEW, None),
        (State.SENDING, Interrupted("stopped", "Stopped."), State.REVIEW, None),
        (State.INTENT, Restored(), State.UNKNOWN, 0),
        (State.SENDING, Restored(), State.UNKNOWN, 0),
        (State.UNKNOWN, Restored(), State.UNKNOWN, 0),
        (State.RECONCILING, Restored(), State.UNKNOWN, 0),
    ],
)
def test_before(state: State, event: Event, to: State, look: float | None) -> None:
    now = step(standing(state), event, RULE, NOON).standing
    assert (now.state, None if now.next_at is None else (now.next_at - NOON).total_seconds()) == (to, look)


def test_what_a_backup_brought_back_is_looked_for_once_somebody_lets_it_go() -> None:
    back = step(standing(State.HELD), Interrupted("restored", "A backup was put back."), RULE, NOON).standing
    now = step(back, Released("Mia"), RULE, NOON).standing
    assert (now.state, now.doubted, now.deadline) == (State.UNKNOWN, True, NOON)


def test_every_edge_before_intent_has_a_row_here() -> None:
    rows = {(row[0], type(row[1])) for row in test_before.pytestmark[0].args[1]}  # type: ignore[attr-defined]  # pytest sets it
    assert {edge for edge in EDGES if edge[0] in UNSENT or edge[1] in (Interrupted, Restored)} == rows


def test_a_reply_begins_in_a_state_it_may_begin_in() -> None:
    begun = [
        before.waiting(NOON, RULE, 180),
        before.going(NOON, timedelta(seconds=20), RULE),
        before.going(NOON, timedelta(0), RULE),
        before.looked_at_first(NOON, "stopped", "Publishing is stopped."),
    ]
    assert {s.state for s in begun} == STARTS


def test_the_patience_of_sending_begins_when_the_hold_ends() -> None:
    held = before.going(NOON, timedelta(days=3), RULE)
    assert held.until == NOON + timedelta(days=3, seconds=RULE.send_within)


def test_a_reply_that_may_be_out_is_never_merely_looked_at_again() -> None:
    now = step(standing(State.INTENT, doubted=True), Interrupted("stopped", "Stopped."), RULE, NOON).standing
    assert now.state is State.NEEDS_HUMAN


def test_after_a_backup_the_network_is_asked_before_anything_is_sent() -> None:
    now = step(standing(State.INTENT), Restored(), RULE, NOON).standing
    assert (now.state, now.doubted, now.unknown_at) == (State.UNKNOWN, True, NOON)
