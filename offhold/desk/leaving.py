"""Somebody leaves the team: they are shut out at once, and their open cases are nobody's until somebody takes them."""

from __future__ import annotations

from offhold.cases import acts, rows
from offhold.cases.views import CaseRow
from offhold.kernel.db.tx import Tx
from offhold.people import team
from offhold.people.actors import Actor

MOST_SHOWN = 50
_THEIRS = """
SELECT id FROM cases WHERE workspace_id = %s AND assignee_id = %s AND state = 'open' ORDER BY id
"""


def open_cases_of(tx: Tx, workspace_id: int, member: int) -> list[int]:
    """The open cases somebody has."""
    return [case for (case,) in tx.rows(_THEIRS, (workspace_id, member))]


def shown(tx: Tx, workspace_id: int, cases: list[int]) -> list[CaseRow]:
    """The first of these, as lines of the inbox."""
    found = rows.load(tx, [(workspace_id, case) for case in cases[:MOST_SHOWN]])
    return [found[case] for case in cases[:MOST_SHOWN] if case in found]


def do_remove(tx: Tx, actor: Actor, member: int) -> list[int]:
    """Shut them out, and give their cases back; returns which. Raises `Forbidden`, `NotFound`, `Conflict`."""
    theirs = _hold(tx, actor, member)  # cases before people, as everywhere
    team.do_remove(tx, actor, member)
    theirs |= _hold(tx, actor, member)  # what somebody gave them meanwhile
    for case in theirs.values():
        acts.do_assign(tx, case, None, actor.duty_name, by_id=actor.membership_id)
    return sorted(theirs)


def _hold(tx: Tx, actor: Actor, member: int) -> dict[int, acts.Locked]:
    cases = open_cases_of(tx, actor.workspace_id, member)
    return {case: acts.lock(tx, actor.workspace_id, case) for case in cases}
