"""Look at cases whose moment has come: how their promises stand, and when to look again. One transaction, any number.

Nobody waits for anybody here: a case that somebody holds is left for the next look, a moment later, since whoever
holds it may change it. What is written is what `settling` says, from the history as it is in this transaction.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from offhold.cases.apply import add_events
from offhold.cases.sets import columns
from offhold.kernel.db.tx import Tx
from offhold.kernel.facts import Recorded
from offhold.promises import stored
from offhold.promises.histories import Case, read
from offhold.promises.settling import Next, Promise, next_of, settle
from offhold.promises.views import ClockChanged, clock_of

# KEY SHARE: it stands beside every change of a case but does not let one be held for changing while we look.
_HOLD = """
SELECT w.workspace_id, w.case_id, c.state, c.opened_at, c.channel_id, c.last_audience, c.tags, c.vouched_at,
       w.promise_id, w.kind, w.starts_at, w.due_at, w.paused, w.late, w.owed
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, case_id)
JOIN case_watch w USING (workspace_id, case_id)
JOIN cases c ON c.workspace_id = w.workspace_id AND c.id = w.case_id
WHERE w.look_at <= %s ORDER BY w.workspace_id, w.case_id
FOR UPDATE OF w SKIP LOCKED FOR KEY SHARE OF c SKIP LOCKED
"""
_AGAIN = """
UPDATE case_watch w SET look_at = k.look_at, promise_id = k.promise_id, kind = k.kind, starts_at = k.starts_at,
  due_at = k.due_at, paused = k.paused, late = k.late, owed = k.owed
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::bigint[], %s::text[], %s::timestamptz[],
  %s::timestamptz[], %s::bool[], %s::bool[], %s::int[])
  AS k(workspace_id, case_id, look_at, promise_id, kind, starts_at, due_at, paused, late, owed)
WHERE w.workspace_id = k.workspace_id AND w.case_id = k.case_id
"""
_NO_MORE = """
DELETE FROM case_watch w USING unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, case_id)
WHERE w.workspace_id = k.workspace_id AND w.case_id = k.case_id
"""
Key = tuple[int, int]
Event = tuple[int, int, str, dict[str, str]]


class _Watched(NamedTuple):
    """A case in hand, and what its line said until now."""

    case: Case
    shown: tuple[Any, ...]


def look(tx: Tx, keys: list[Key]) -> list[Key]:
    """Settle these cases, as (workspace, case), as far as nobody holds them. Returns those that were settled."""
    held = [_Watched(Case(*row[:8]), row[8:]) for row in tx.rows(_HOLD, (*columns(keys, 2), tx.at))]
    if not held:
        return []
    of_case = read(tx, [watched.case for watched in held])
    changed, lines = [], []
    for watched in held:
        case = watched.case
        history, rows, ground = of_case[case.key]
        if case.state == "merged":  # what people promised in it is owed where it is part of
            rows = [row for row in rows if row.subject is not None]
        new = settle(history, rows, ground)
        changed += [(case.workspace, row) for row in new]
        after = {row.id: row for row in (*rows, *new)}
        lines.append((watched, next_of(after.values(), tx.at)))
        add_events(tx, _events(case, {row.id: row for row in rows}, new))
    stored.write(tx, changed)
    _watch_on(tx, lines)
    _tell(tx, lines)
    return [watched.case.key for watched in held]


def _events(case: Case, before: dict[int, Promise], new: list[Promise]) -> list[Event]:
    """A promise that became late is on the timeline of its case, once."""
    return [
        (case.workspace, case.id, "promise.late", {"kind": row.kind, "due_at": row.due_at.isoformat()})
        for row in new
        if row.late_at is not None
        and case.state == "open"
        and (row.id not in before or before[row.id].late_at != row.late_at)
    ]


def _watch_on(tx: Tx, lines: list[tuple[_Watched, Next]]) -> None:
    """An open case is looked at again; any other no more."""
    again = [(*case.key, after.look_at, *_shown(after)) for (case, _), after in lines if case.state == "open"]
    over = [case.key for (case, _), _ in lines if case.state != "open"]
    if again:
        tx.run(_AGAIN, columns(again, 10))
    if over:
        tx.run(_NO_MORE, columns(over, 2))


def _shown(after: Next) -> tuple[Any, ...]:
    """As the line of a case says it: promise_id to owed."""
    first = after.promise
    if first is None:
        return None, None, None, None, False, False, 0
    return first.id, first.kind, first.starts_at, first.due_at, after.paused, first.late_at is not None, after.owed


def _tell(tx: Tx, lines: list[tuple[_Watched, Next]]) -> None:
    for (case, shown), after in lines:
        if _shown(after) != shown:
            line = _shown(after)
            fact = ClockChanged(clock=None if line[0] is None else clock_of(line))
            tx.record(Recorded(case.workspace, fact, case_id=case.id))
