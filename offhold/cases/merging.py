"""Two cases that are one matter become one, and can become two again.

Messages and notes move, and the merge remembers which, so that undoing it moves back exactly those, and what the same
customer has said since. The merged case keeps its reference and stands for the one it went into: later words of its
customer, answers under way, links and old tabs all follow `merged_into`.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from offhold.cases.acts import Locked, lock
from offhold.cases.apply import add_events, announce_cases
from offhold.cases.facts import MessageMoved
from offhold.cases.recount import recount
from offhold.cases.resting import wake
from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, NotFound
from offhold.kernel.facts import Recorded


class Moved(msgspec.Struct, frozen=True):
    """What a merge moved, and how the merged case was."""

    messages: list[int]
    notes: list[int]
    state: str
    resolved_at: datetime | None
    pins: list[tuple[int, int]] = []  # a split's: identity, conversation


class Merge(msgspec.Struct, frozen=True):
    """One row of `merges` that is not undone."""

    id: int
    kind: str
    from_id: int
    into_id: int
    moved: Moved


def lock_two(tx: Tx, workspace_id: int, one: int, other: int) -> tuple[Locked, Locked]:
    """Both cases, locked in id order. Raises `NotFound`."""
    first, second = sorted((one, other))
    held = {first: lock(tx, workspace_id, first), second: lock(tx, workspace_id, second)}
    return held[one], held[other]


def check_merge(case: Locked, into: Locked) -> None:
    """A case cannot be merged with itself, nor with what it was merged into already."""
    if case.id == into.id:
        raise Conflict("These are one case already.", code="same_case")


def do_merge(tx: Tx, case: Locked, into: Locked, *, by: str, by_id: int | None) -> int:
    """Merge `case` into `into`. Returns the id of the merge, by which it is undone."""
    row = tx.one("SELECT state, resolved_at FROM cases WHERE workspace_id = %s AND id = %s", (case.workspace, case.id))
    assert row is not None  # it is locked
    notes = _move_notes(tx, case.workspace, case.id, into.id, None)
    tx.run(
        "UPDATE cases SET state = 'merged', merged_into = %s, waiting_since = NULL, snoozed_at = NULL,"
        " snoozed_until = NULL, version = version + 1 WHERE workspace_id = %s AND id = %s",
        (into.id, case.workspace, case.id),
    )
    messages = move_messages(tx, case.workspace, case.id, into.id, None)
    merge = ids.new()
    remember(tx, case.workspace, (merge, "case", case.id, into.id), Moved(messages, notes, row[0], row[1]), by_id)
    if case.state == "open" and into.state == "resolved":
        _reopen(tx, into)
    if case.state == "open" and not case.snoozed:
        wake(tx, into)  # somebody is still at work on it
    recount(tx, [(case.workspace, case.id), (case.workspace, into.id)])
    references = {"case": reference(tx, case), "into": reference(tx, into), "by": by, "merge_id": str(merge)}
    add_events(tx, [(c.workspace, c.id, "case.merged", references) for c in (case, into)])
    announce_cases(tx, [(case.workspace, case.id), (into.workspace, into.id)])
    return merge


def find(tx: Tx, workspace_id: int, merge_id: int, *kinds: str) -> Merge:
    """A merge or split that stands. Raises `NotFound`, `Conflict` when it was undone already."""
    row = tx.one(
        "SELECT id, kind, from_id, into_id, moved, undone_at FROM merges"
        " WHERE workspace_id = %s AND id = %s AND kind = ANY(%s) FOR UPDATE",
        (workspace_id, merge_id, list(kinds)),
    )
    if row is None:
        raise NotFound
    if row[5] is not None:
        raise Conflict("This was undone already.", code="already_undone")
    return Merge(row[0], row[1], row[2], row[3], msgspec.json.decode(row[4], type=Moved))


def do_unmerge(tx: Tx, workspace_id: int, merge: Merge, *, by: str) -> None:
    """Make two cases of one again: what was moved goes back, and what the merged case's own customer said since."""
    case, into = _lock_apart(tx, workspace_id, merge)
    move_messages(tx, workspace_id, into.id, case.id, merge.moved.messages)
    _follow_ups(tx, case, into, merge)
    _move_notes(tx, workspace_id, into.id, case.id, merge.moved.notes)
    state = merge.moved.state
    home = case.home and not (state == "open" and _has_open_home(tx, case))
    tx.run(
        "UPDATE cases SET state = %s, resolved_at = %s, merged_into = NULL, home = %s WHERE workspace_id = %s "
        "AND id = %s",
        (state, merge.moved.resolved_at, home, workspace_id, case.id),
    )
    recount(tx, [(workspace_id, case.id), (workspace_id, into.id)])
    tx.run("UPDATE merges SET undone_at = %s WHERE workspace_id = %s AND id = %s", (tx.at, workspace_id, merge.id))
    references = {"case": reference(tx, case), "from": reference(tx, into), "by": by}
    add_events(tx, [(workspace_id, c.id, "case.unmerged", references) for c in (case, into)])
    announce_cases(tx, [(workspace_id, case.id), (workspace_id, into.id)])


def _lock_apart(tx: Tx, workspace_id: int, merge: Merge) -> tuple[Locked, Locked]:
    """The merged case itself, and whatever it is part of now, locked in id order."""
    into = lock(tx, workspace_id, merge.into_id)
    row = tx.one(
        "SELECT workspace_id, id, state, assignee_id, identity_id, customer_id, home FROM cases"
        " WHERE workspace_id = %s AND id = %s FOR UPDATE",
        (workspace_id, merge.from_id),
    )
    assert row is not None  # cases are never deleted
    return Locked(*row), into


def _follow_ups(tx: Tx, case: Locked, into: Locked, merge: Merge) -> None:
    """Words of the merged case's customer that came since, and our answers to any of what went back."""
    if case.identity != into.identity:
        since = tx.rows(
            "SELECT id FROM messages WHERE workspace_id = %s AND case_id = %s AND identity_id = %s"
            " AND id > %s AND NOT id = ANY(%s)",
            (case.workspace, into.id, case.identity, merge.id, merge.moved.messages),
        )
        move_messages(tx, case.workspace, into.id, case.id, [message for (message,) in since])
    answers = tx.rows(
        "SELECT o.id FROM messages o JOIN messages p ON p.workspace_id = o.workspace_id AND p.channel_id = o.channel_id"
        " AND p.network_id = o.parent WHERE o.workspace_id = %s AND o.case_id = %s AND o.identity_id IS NULL"
        " AND p.case_id = %s",
        (case.workspace, into.id, case.id),
    )
    move_messages(tx, case.workspace, into.id, case.id, [message for (message,) in answers])


def _has_open_home(tx: Tx, case: Locked) -> bool:
    row = tx.one(
        "SELECT 1 FROM cases WHERE workspace_id = %s AND identity_id = %s AND state = 'open' AND home AND id <> %s",
        (case.workspace, case.identity, case.id),
    )
    return row is not None


def _reopen(tx: Tx, into: Locked) -> None:
    """An open matter that joins a resolved case opens it: somebody is still at work on it."""
    home = into.home and not _has_open_home(tx, into)
    tx.run(
        "UPDATE cases SET state = 'open', resolved_at = NULL, home = %s WHERE workspace_id = %s AND id = %s",
        (home, into.workspace, into.id),
    )


def move_messages(tx: Tx, workspace_id: int, source: int, target: int, only: list[int] | None) -> list[int]:
    """Move all messages of a case, or only these; each move is told to both. Returns the ids."""
    moved = tx.rows(
        "UPDATE messages SET case_id = %s WHERE workspace_id = %s AND case_id = %s"
        " AND (%s::bigint[] IS NULL OR id = ANY(%s)) RETURNING id",
        (target, workspace_id, source, only, only),
    )
    for (message,) in moved:
        fact = MessageMoved(message_id=str(message), case_id=str(target))
        tx.record(Recorded(workspace_id, fact, case_id=source), Recorded(workspace_id, fact, case_id=target))
    return sorted(message for (message,) in moved)


def _move_notes(tx: Tx, workspace_id: int, source: int, target: int, only: list[int] | None) -> list[int]:
    moved = tx.rows(
        "UPDATE notes SET case_id = %s WHERE workspace_id = %s AND case_id = %s"
        " AND (%s::bigint[] IS NULL OR id = ANY(%s)) RETURNING id",
        (target, workspace_id, source, only, only),
    )
    return sorted(note for (note,) in moved)


def remember(tx: Tx, workspace_id: int, what: tuple[int, str, int, int], moved: Moved, by_id: int | None) -> None:
    """Keep what was done, as (id, kind, from, into), and what is needed to undo it."""
    tx.run(
        "INSERT INTO merges (workspace_id, id, kind, from_id, into_id, moved, by_id, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace_id, *what, jsons.encode(moved).decode(), by_id, tx.at),
    )


def reference(tx: Tx, case: Locked) -> str:
    """A case's reference, such as OH-4821."""
    row = tx.one("SELECT reference FROM cases WHERE workspace_id = %s AND id = %s", (case.workspace, case.id))
    return f"OH-{row[0]}" if row else ""
