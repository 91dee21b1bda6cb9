"""Cases that rest: put aside by a person until a time or until their customer writes, and what wakes them.

A customer's owed words wake a case where they are threaded (`standing.wake`); here it is a person, the time, or what
else brings work to it. `check` may refuse, `do` may not.
"""

from __future__ import annotations

from datetime import datetime

from offhold.cases.acts import Locked
from offhold.cases.apply import add_events, announce_cases
from offhold.cases.sets import columns
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid
from offhold.people.notices import do_notice

_SNOOZE = """
UPDATE cases SET snoozed_at = %s, snoozed_until = %s, version = version + 1 WHERE workspace_id = %s AND id = %s
"""
_WAKE = """
UPDATE cases SET snoozed_at = NULL, snoozed_until = NULL, version = version + 1
WHERE workspace_id = %s AND id = %s AND snoozed_at IS NOT NULL
"""
_WAKE_DUE = """
WITH due AS (
  SELECT workspace_id, id FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
  JOIN cases c USING (workspace_id, id) WHERE c.snoozed_until <= %s ORDER BY c.id FOR UPDATE OF c)
UPDATE cases c SET snoozed_at = NULL, snoozed_until = NULL, version = version + 1 FROM due
WHERE c.workspace_id = due.workspace_id AND c.id = due.id RETURNING c.workspace_id, c.id, c.assignee_id
"""


def check_snooze(tx: Tx, case: Locked, until: datetime | None) -> None:
    """Only an open case rests, and not until a time that is over."""
    if case.state != "open":
        raise Conflict("Only an open case can rest.", code="not_open")
    if until is not None and until <= tx.at:
        raise Invalid("This time is over.", code="time_is_over")


def do_snooze(tx: Tx, case: Locked, until: datetime | None, by: str) -> None:
    """Let it rest until a time, or (None) until its customer writes; either way their next owed words wake it."""
    tx.run(_SNOOZE, (tx.at, until, case.workspace, case.id))
    told = {"by": by, "until": until.isoformat()} if until else {"by": by}
    add_events(tx, [(case.workspace, case.id, "case.snoozed", told)])
    announce_cases(tx, [(case.workspace, case.id)])


def do_wake(tx: Tx, case: Locked, by: str) -> None:
    """Somebody takes it up again; nothing where it does not rest."""
    if wake_by_id(tx, case.workspace, case.id, {"why": "person", "by": by}):
        announce_cases(tx, [(case.workspace, case.id)])


def wake(tx: Tx, case: Locked) -> None:
    """Work came to a case that is held and announced by the caller."""
    wake_by_id(tx, case.workspace, case.id, {"why": "work"})


def wake_by_id(tx: Tx, workspace_id: int, case_id: int, told: dict[str, str]) -> bool:
    """The same by its number; `told` says why on its timeline. Was it resting?"""
    woken = tx.run(_WAKE, (workspace_id, case_id)) > 0
    if woken:
        add_events(tx, [(workspace_id, case_id, "case.woken", told)])
    return woken


def do_wake_due(tx: Tx, due: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Wake those of these cases, as (workspace, case), whose time has come, and tell who has them. Returns them."""
    woken = tx.rows(_WAKE_DUE, (*columns(due, 2), tx.at))
    keys = sorted((workspace, case) for workspace, case, _ in woken)
    add_events(tx, [(workspace, case, "case.woken", {"why": "time"}) for workspace, case in keys])
    announce_cases(tx, keys)
    for workspace, case, assignee in sorted(woken):
        if assignee is not None:
            do_notice(tx, workspace, assignee, "woke", case)
    return keys
