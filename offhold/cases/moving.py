"""A case goes to another queue."""

from __future__ import annotations

from offhold.cases.acts import Locked
from offhold.cases.apply import add_events, announce_cases
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound

_QUEUE = "SELECT name FROM queues WHERE workspace_id = %s AND id = %s AND removed_at IS NULL"
_MOVE = "UPDATE cases SET queue_id = %s, version = version + 1 WHERE workspace_id = %s AND id = %s"


def check_move(tx: Tx, case: Locked, queue: int) -> None:
    """It is a queue of this workspace that is in use. Raises `NotFound`."""
    if tx.one(_QUEUE, (case.workspace, queue)) is None:
        raise NotFound


def do_move(tx: Tx, case: Locked, queue: int, by: str) -> None:
    """It waits there from now on."""
    tx.run(_MOVE, (queue, case.workspace, case.id))
    name = tx.one(_QUEUE, (case.workspace, queue))
    add_events(tx, [(case.workspace, case.id, "case.moved", {"by": by, "to": name[0] if name else ""})])
    announce_cases(tx, [(case.workspace, case.id)])
