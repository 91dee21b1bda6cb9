"""The edges keep the laws of publishing, and the check that says so can fail."""

from __future__ import annotations

import pytest

from offhold.publishing import graph
from offhold.publishing.graph import EDGES, SETTLED, Began, Crashed, Event, Lost, Nothing, Overdue, State


def test_the_graph_is_whole() -> None:
    assert graph.faults() == []


def test_a_socket_is_opened_out_of_intent_alone() -> None:
    assert [edge for edge, targets in EDGES.items() if State.SENDING in targets] == [(State.INTENT, Began)]


def test_unknown_is_looked_at_before_anything_else() -> None:
    assert {t for (source, _), targets in EDGES.items() if source is State.UNKNOWN for t in targets} == {
        State.RECONCILING,
        State.SENT,
        State.NEEDS_HUMAN,
    }


def test_what_is_settled_stays() -> None:
    assert not [source for source, _ in EDGES if source in SETTLED]


@pytest.mark.parametrize(
    ("edge", "targets", "complaint"),
    [
        ((State.UNKNOWN, Lost), {State.INTENT}, "sends out of UNKNOWN"),
        ((State.RECONCILING, Began), {State.SENDING}, "opens a socket out of reconciling"),
        ((State.SENDING, Crashed), {State.INTENT}, "sends again"),
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
