"""Queues: where cases wait. Those who lead make, name, empty and remove them; there is always one left."""

from __future__ import annotations

import msgspec
from psycopg import errors

from offhold.cases.apply import add_events, announce_cases
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.kernel.facts import Recorded
from offhold.people.facts import DeskChanged

LONGEST_NAME = 60
MOST = 200
# Cases moved in one transaction: nobody waits for long, and whoever asked goes on until none is left.
AT_ONCE = 500


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """A queue, how many open cases wait in it, and how many channels put new ones there."""

    id: str
    name: str
    open: int
    channels: int


_LIST = """
SELECT q.id, q.name, coalesce(n.open, 0),
       (SELECT count(*) FROM channels c WHERE c.workspace_id = q.workspace_id AND c.queue_id = q.id)
FROM queues q LEFT JOIN queue_counters n ON n.workspace_id = q.workspace_id AND n.queue_id = q.id
WHERE q.workspace_id = %s AND q.removed_at IS NULL ORDER BY q.id
"""
_HELD = "SELECT id FROM queues WHERE workspace_id = %s AND removed_at IS NULL ORDER BY id FOR UPDATE"
_OPEN_IN = """
SELECT id FROM cases WHERE workspace_id = %s AND queue_id = %s AND state = 'open' ORDER BY id LIMIT %s FOR UPDATE
"""
_MOVE = "UPDATE cases SET queue_id = %s, version = version + 1 WHERE workspace_id = %s AND id = ANY(%s)"


def queues(tx: Tx, workspace_id: int) -> list[Queue]:
    """All that are in use, oldest first."""
    return [
        Queue(id=str(queue), name=name, open=waiting, channels=channels)
        for queue, name, waiting, channels in tx.rows(_LIST, (workspace_id,))
    ]


def do_add(tx: Tx, workspace_id: int, name: str) -> None:
    """A new queue. Raises `Invalid` on its name, `Conflict` when there is one of that name."""
    words = _checked(name)
    if len(tx.rows(_HELD, (workspace_id,))) >= MOST:
        raise Conflict("There are too many queues.", code="too_many_queues")
    _unique(tx, "INSERT INTO queues (workspace_id, id, name) VALUES (%s, %s, %s)", (workspace_id, ids.new(), words))
    _tell(tx, workspace_id)


def do_rename(tx: Tx, workspace_id: int, queue: int, name: str) -> None:
    """Another name. Raises as `do_add`, and `NotFound`."""
    words = _checked(name)
    _check_known(tx, workspace_id, queue)
    _unique(tx, "UPDATE queues SET name = %s WHERE workspace_id = %s AND id = %s", (words, workspace_id, queue))
    _tell(tx, workspace_id)


def do_move_cases(tx: Tx, workspace_id: int, queue: int, to: int, by: str) -> int:
    """Move open cases of one queue to another, at most `AT_ONCE`; returns how many. Raises `NotFound`, `Conflict`."""
    _check_known(tx, workspace_id, queue, to)
    if queue == to:
        raise Conflict("This is the same queue.", code="same_queue")
    found = [case for (case,) in tx.rows(_OPEN_IN, (workspace_id, queue, AT_ONCE))]
    if found:
        tx.run(_MOVE, (to, workspace_id, found))
        name = next(each.name for each in queues(tx, workspace_id) if each.id == str(to))
        add_events(tx, [(workspace_id, case, "case.moved", {"by": by, "to": name}) for case in found])
        announce_cases(tx, [(workspace_id, case) for case in found])
    return len(found)


def do_redirect(tx: Tx, workspace_id: int, queue: int, to: int) -> None:
    """What channels put into one queue goes to another from now on."""
    _check_known(tx, workspace_id, queue, to)
    tx.run("UPDATE channels SET queue_id = %s WHERE workspace_id = %s AND queue_id = %s", (to, workspace_id, queue))


def do_remove(tx: Tx, workspace_id: int, queue: int) -> None:
    """Take an empty queue away; its old cases stay what they are. Raises `NotFound`, `Conflict`."""
    known = {held for (held,) in tx.rows(_HELD, (workspace_id,))}
    if queue not in known:
        raise NotFound
    if len(known) == 1:
        raise Conflict("A workspace has at least one queue.", code="last_queue")
    used = next(each for each in queues(tx, workspace_id) if each.id == str(queue))
    if used.channels or tx.rows(_OPEN_IN, (workspace_id, queue, 1)):
        raise Conflict("Cases or channels are in this queue; move them first.", code="queue_in_use")
    tx.run("UPDATE queues SET removed_at = %s WHERE workspace_id = %s AND id = %s", (tx.at, workspace_id, queue))
    _tell(tx, workspace_id)


def _checked(name: str) -> str:
    words = " ".join(name.split())
    if not 0 < len(words) <= LONGEST_NAME or not words.isprintable():
        raise Invalid(f"A queue's name has 1 to {LONGEST_NAME} characters.", code="bad_name")
    return words


def _check_known(tx: Tx, workspace_id: int, *wanted: int) -> None:
    if not {held for (held,) in tx.rows(_HELD, (workspace_id,))} >= set(wanted):
        raise NotFound


def _unique(tx: Tx, query: str, params: tuple[object, ...]) -> None:
    try:
        tx.run(query, params)
    except errors.UniqueViolation as error:
        raise Conflict("There is a queue of this name.", code="queue_exists") from error


def _tell(tx: Tx, workspace_id: int) -> None:
    tx.record(Recorded(workspace_id, DeskChanged(what="queues")))
