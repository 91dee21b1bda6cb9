"""What is due: every open case that owes something, by when; what is late comes first of itself. By keyset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from offhold.cases.rows import COLUMNS, JOINS, from_row
from offhold.cases.views import CaseRow, View
from offhold.desk.sight import row_for
from offhold.kernel.db.tx import Question, Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor
from offhold.promises.views import Clock, clock_of

MOST_ROWS = 200
COUNTED = 1_000  # counting stops there
SOON = timedelta(hours=1)
WEEK = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_LISTED = f"""
SELECT w.promise_id, w.kind, w.starts_at, w.due_at, w.paused, w.late, w.owed, {COLUMNS} FROM (
  SELECT * FROM case_watch WHERE workspace_id = %s AND due_at IS NOT NULL AND (due_at, case_id) > (%s, %s)
  ORDER BY due_at, case_id LIMIT %s) w
JOIN cases c ON c.workspace_id = w.workspace_id AND c.id = w.case_id AND c.state = 'open' {JOINS}
ORDER BY w.due_at, w.case_id
"""
_COUNTED = f"""
SELECT (SELECT count(*) FROM (SELECT FROM case_watch WHERE workspace_id = %(ws)s AND due_at <= %(now)s
                              LIMIT {COUNTED}) n),
       (SELECT count(*) FROM (SELECT FROM case_watch WHERE workspace_id = %(ws)s AND due_at > %(now)s
                              AND due_at <= %(soon)s LIMIT {COUNTED}) n)
"""
_ENDED = """
SELECT kind, count(*) FILTER (WHERE state = 'kept'), count(*) FILTER (WHERE state = 'broken'),
  count(*) FILTER (WHERE state = 'released')
FROM promises WHERE workspace_id = %s AND state <> 'open' AND ended_at >= %s GROUP BY kind ORDER BY kind
"""
# One that never looked has been silent for longer than JSON has a number for, and PostgreSQL 16 a span.
_BEAT = """
SELECT CASE WHEN isfinite(looked_at) THEN extract(epoch FROM now() - looked_at) ELSE 1e9 END::float8
FROM promise_watcher
"""


class DueCase(View, frozen=True, kw_only=True):
    case: CaseRow
    clock: Clock


class Ended(View, frozen=True, kw_only=True):
    """How the promises of a kind came out."""

    kind: str
    kept: int
    broken: int
    released: int


class DuePage(View, frozen=True, kw_only=True):
    """`late`, `soon` (within the hour): how many cases, counted up to 1,000. `week`: what ended in the last seven
    days. `watched`: the seconds since the watcher last looked, by the machine's clock."""

    rows: list[DueCase]
    next: str | None
    late: int
    soon: int
    week: list[Ended]
    watched: float


def page(tx: Tx, actor: Actor, cursor: str | None, limit: int) -> DuePage:
    """One page. Raises `Invalid` on a cursor that is none of ours."""
    after, limit = (_EPOCH, 0) if cursor is None else _read(cursor), min(limit, MOST_ROWS)
    workspace = actor.workspace_id
    now = {"ws": workspace, "now": tx.at, "soon": tx.at + SOON}
    listed, ((late, soon),), ended, ((watched,),) = tx.together(
        Question(_LISTED, (workspace, *after, limit)), Question(_COUNTED, now),
        Question(_ENDED, (workspace, tx.at - WEEK)), Question(_BEAT),
    )  # fmt: skip
    rows = [DueCase(case=row_for(actor.can, from_row(row[7:])), clock=clock_of(row[:7])) for row in listed]
    return DuePage(
        rows=rows, next=_cursor(rows[-1]) if len(listed) == limit else None, late=late, soon=soon,
        week=[Ended(kind=kind, kept=k, broken=b, released=r) for kind, k, b, r in ended], watched=watched,
    )  # fmt: skip


def _cursor(last: DueCase) -> str:
    return f"{(last.clock.due_at - _EPOCH) // timedelta(microseconds=1)}-{last.case.id}"


def _read(cursor: str) -> tuple[datetime, int]:
    found = re.fullmatch(r"(\d{1,17})-(\d{1,19})", cursor, re.ASCII)
    if found is None or int(found[2]) >= 2**63:
        raise Invalid("This cursor is not one of ours.", code="bad_cursor")
    return _EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
