"""The edges keep the laws of publishing, and the check that says so can fail."""

from __future__ import annotations

import pytest

from offhold.publishing import graph
from offhold.publishing.graph import (
    EDGES,
    SETTLED,
    UNSENT,
    Approved,
    Began,
    Crashed,
    Event,
    HoldEnded,
    Lost,
    Misaddressed,
    Nothing,
    Overdue,
    Released,
    State,
)


def test_the_graph_is_whole() -> None:
    assert graph.faults() == []


def test_a_socket_is_opened_out_of_intent_alone() -> None:
    assert [edge for edge, targets in EDGES.items() if State.SENDING in targets] == [(State.INTENT, Began)]


def test_unknown_is_looked_at_before_anything_else() -> None:
    assert {t for (source, _), targets in EDGES.items() if source is State.UNKNOWN for t in targets} == {
        State.UNKNOWN,  # a backup was put back
        State.RECONCILING,
        State.SENT,
        State.NEEDS_HUMAN,
    }


def test_what_is_settled_stays_unless_the_wrong_people_see_it() -> None:
    assert [edge for edge in EDGES if edge[0] in SETTLED] == [(State.SENT, Misaddressed)]


def ways(source: State, target: State) -> list[type[Event]]:
    return [event for (state, event), targets in EDGES.items() if state is source and target in targets]


def test_no_gate_opens_by_itself() -> None:
    assert {source for (source, _), to in EDGES.items() if source in UNSENT and State.INTENT in to} == UNSENT
    assert ways(State.APPROVAL, State.HELD) == ways(State.APPROVAL, State.INTENT) == [Approved]
    assert ways(State.REVIEW, State.INTENT) == [Released]


@pytest.mark.parametrize(
    ("edge", "targets", "complaint"),
    [
        ((State.UNKNOWN, Lost), {State.INTENT}, "sends out of UNKNOWN"),
        ((State.RECONCILING, Began), {State.SENDING}, "opens a socket out of reconciling"),
        ((State.SENDING, Crashed), {State.INTENT}, "sends again"),
        ((State.APPROVAL, HoldEnded), {State.INTENT}, "passes the gate of approval"),
        ((State.REVIEW, HoldEnded), {State.INTENT}, "passes the gate of review"),
        ((State.HELD, Approved), {State.INTENT}, "passes the gate of held"),
        ((State.SENT, Nothing), {State.INTENT}, "is settled and yet moves"),
        ((State.INTENT, Overdue), frozenset(), "Overdue never happens"),
    ],
)
def test_a_broken_edge_is_told(
    monkeypatch: pytest.MonkeyPatch, edge: tuple[State, type[Event]], targets: set[State], complaint: str
) -> None:
    if targets:
        monkeypatch.setitem(EDGES, edge, frozenset(targets))
    else:
        monkeypatch.delitem(EDGES, edge)
    assert any(complaint in fault for fault in graph.faults()), graph.faults()
