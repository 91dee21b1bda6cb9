"""The inbox: lists of cases by keyset, and their counters. Always of one workspace."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Literal, LiteralString, NamedTuple

from offhold.cases.rows import COLUMNS, JOINS, from_row
from offhold.cases.views import CaseRow
from offhold.desk.filters import VIEWS, Filter, Sort, ViewName, Where, narrowed
from offhold.desk.sight import row_for
from offhold.desk.views import Counters, InboxPage
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor
from offhold.promises.queries import CLOCK
from offhold.promises.views import clock_of

MOST_ROWS = 200
MOST_VOICES = 1_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# A list by longest wait is two, one after the other: those who wait, and the rest by newest.
Part = Literal["newest", "waits"]


_CLOCK = 7  # its columns come before those of the case
_WATCHED = "LEFT JOIN case_watch w ON w.workspace_id = c.workspace_id AND w.case_id = c.id"


class Order(NamedTuple):
    """How a part of a list is ordered, which cases are in it, and which of them come after a place."""

    by: LiteralString
    among: LiteralString
    after: LiteralString


_ORDERS: dict[Part, Order] = {
    "newest": Order("c.last_at DESC, c.id DESC", "true", "(c.last_at, c.id) < (%(at)s, %(id)s)"),
    "waits": Order(
        "c.waiting_since, c.id", "c.waiting_since IS NOT NULL", "(c.waiting_since, c.id) > (%(at)s, %(id)s)"
    ),
}
_MARKS: dict[Part, str] = {"newest": "", "waits": "w"}


def page(
    tx: Tx, actor: Actor, view: ViewName, *, queue: int | None, channel: int | None, cursor: str | None, limit: int
) -> InboxPage:
    """One page of a view, newest first. Raises `Invalid` on a cursor that is none of ours."""
    return listed(tx, actor, of_view(view, queue, channel), "newest", cursor=cursor, limit=limit)


def of_view(view: ViewName, queue: int | None, channel: int | None) -> Filter:
    """A view, of one queue and one channel at will."""
    of = {"queues": (str(queue),) if queue else (), "channels": (str(channel),) if channel else ()}
    return narrowed(VIEWS[view], **of)


def listed(tx: Tx, actor: Actor, wanted: Filter, sort: Sort, *, cursor: str | None, limit: int) -> InboxPage:
    """One page of a list. Raises `Invalid` on a cursor that is none of ours."""
    limit = min(limit, MOST_ROWS)
    part, after = _start(wanted, sort) if cursor is None else _read_cursor(cursor)
    of_part = _rest(wanted) if sort == "longest_wait" and part == "newest" else wanted
    # the number before the rows: what comes between is told again, never missed
    ((seq,), (counted,), (oldest,), found) = tx.together(
        latest_seq(actor.workspace_id),
        _counting(actor),
        _oldest_wait(actor.workspace_id),
        _listing(actor, of_part, part, after, limit),
    )
    if part == "waits" and len(found) < limit and wanted.waiting is None:
        part = "newest"
        found = [*found, *tx.together(_listing(actor, _rest(wanted), part, None, limit - len(found)))[0]]
    rows = [from_row(row[_CLOCK:]) for row in found]
    return InboxPage(
        seq=str(seq[0]),
        rows=[row_for(actor.can, row) for row in rows],
        clocks={row.id: clock_of(of[:_CLOCK]) for row, of in zip(rows, found, strict=True) if of[0] is not None},
        next=_cursor_of(rows[-1], part) if len(rows) == limit else None,
        counters=_counters(counted),
        oldest_wait_at=oldest[0],
    )


def latest_seq(workspace_id: int) -> Question:
    """The number of the last fact: one row, always."""
    return Question("SELECT coalesce((SELECT seq FROM workspace_clock WHERE workspace_id = %s), 0)", (workspace_id,))


class Place(NamedTuple):
    """Where a case stands in a part of a list."""

    at: datetime
    id: int


def _listing(actor: Actor, wanted: Filter, part: Part, after: Place | None, limit: int) -> Question:
    where, order = Where(wanted, actor.membership_id), _ORDERS[part]
    conditions = [part for part in (where.text, order.among) if part != "true"]
    params = {"ws": actor.workspace_id, **where.params}
    if after is not None:
        conditions.append(order.after)
        params |= after._asdict()
    # The page is found by the index alone before anything is joined to it. The limit stands in the text: a plan that is
    # made once for all limits reckons with a tenth of the table, and would sort that.
    query: LiteralString = (
        f"SELECT {CLOCK}, {COLUMNS} FROM (SELECT * FROM cases c WHERE c.workspace_id = %(ws)s AND "
        + " AND ".join(conditions)
        + f" ORDER BY {order.by} LIMIT {limit}) c {JOINS} {_WATCHED} ORDER BY {order.by}"
    )
    return Question(query, params)


def counting(actor: Actor, wanted: Filter, most: int) -> Question:
    """How many cases a list has, of which no more than `most` are looked at."""
    where = Where(wanted, actor.membership_id)
    query: LiteralString = (
        "SELECT count(*) FROM (SELECT FROM cases c WHERE c.workspace_id = %(ws)s AND "
        + where.text
        + f" LIMIT {most}) n"
    )
    return Question(query, {"ws": actor.workspace_id, **where.params})


_COUNTING = f"""
SELECT coalesce(sum(to_answer), 0)::bigint, coalesce(sum(unassigned), 0)::bigint, coalesce(sum(open), 0)::bigint,
       coalesce(sum(snoozed), 0)::bigint,
       (SELECT count(*) FROM cases WHERE workspace_id = %(ws)s AND assignee_id = %(me)s AND state = 'open'
                              AND snoozed_at IS NULL),
       (SELECT count(*) FROM (SELECT 1 FROM messages WHERE workspace_id = %(ws)s AND case_id IS NULL
                              AND identity_id IS NOT NULL LIMIT {MOST_VOICES}) v)
FROM queue_counters WHERE workspace_id = %(ws)s
"""


def counters(tx: Tx, actor: Actor) -> Counters:
    """Read, never counted live, but for what is small: one's own cases, and voices up to a thousand."""
    return _counters(tx.together(_counting(actor))[0][0])


def _counting(actor: Actor) -> Question:
    return Question(_COUNTING, {"ws": actor.workspace_id, "me": actor.membership_id})


def _counters(row: Row) -> Counters:
    to_answer, unassigned, open_, snoozed, mine, voices = row
    return Counters(to_answer=to_answer, mine=mine, unassigned=unassigned, open=open_, snoozed=snoozed, voices=voices)


def _oldest_wait(workspace_id: int) -> Question:
    return Question(
        "SELECT (SELECT waiting_since FROM cases WHERE workspace_id = %s AND state = 'open'"
        " AND waiting_since IS NOT NULL AND snoozed_at IS NULL ORDER BY waiting_since LIMIT 1)",
        (workspace_id,),
    )


def _start(wanted: Filter, sort: Sort) -> tuple[Part, None]:
    return ("waits" if sort == "longest_wait" and wanted.waiting is not False else "newest"), None


def _rest(wanted: Filter) -> Filter:
    """What comes after those who wait."""
    return narrowed(wanted, waiting=False) if wanted.waiting is None else wanted


def _cursor_of(row: CaseRow, part: Part) -> str:
    at = row.last_message_at if part == "newest" or row.waiting_since is None else row.waiting_since
    return f"{_MARKS[part]}{(at - EPOCH) // timedelta(microseconds=1)}-{row.id}"


def _read_cursor(cursor: str) -> tuple[Part, Place]:
    found = re.fullmatch(r"(w?)(\d{1,17})-(\d{1,19})", cursor, re.ASCII)
    if found is None or int(found[3]) >= 2**63:
        raise Invalid("This cursor is not one of ours.", code="bad_cursor")
    return ("waits" if found[1] else "newest"), Place(EPOCH + timedelta(microseconds=int(found[2])), int(found[3]))
