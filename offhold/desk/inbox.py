"""The inbox: views of cases newest first, by keyset, and their counters. Always of one workspace."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, LiteralString

from offhold.cases.rows import COLUMNS, JOINS, from_row
from offhold.desk.sight import row_for
from offhold.desk.views import Counters, InboxPage
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor

ViewName = Literal["to_answer", "mine", "unassigned", "open", "snoozed", "resolved"]
MOST_ROWS = 200
MOST_VOICES = 1_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Each is served by an index in the order of the list, alone and with a queue; what else is asked for stands in the
# index too, so that rows that do not fit are passed over there and never fetched.
_VIEWS: dict[ViewName, LiteralString] = {
    "to_answer": "c.state = 'open' AND c.waiting_since IS NOT NULL AND c.snoozed_at IS NULL",
    "mine": "c.state = 'open' AND c.assignee_id = %(me)s AND c.snoozed_at IS NULL",
    "unassigned": "c.state = 'open' AND c.assignee_id IS NULL AND c.snoozed_at IS NULL",
    "open": "c.state = 'open'",
    "snoozed": "c.snoozed_at IS NOT NULL",
    "resolved": "c.state = 'resolved'",
}
_FILTERS: dict[str, LiteralString] = {"queue": "c.queue_id = %(queue)s", "channel": "c.channel_id = %(channel)s"}


def page(
    tx: Tx, actor: Actor, view: ViewName, *, queue: int | None, channel: int | None, cursor: str | None, limit: int
) -> InboxPage:
    """One page of a view. Raises `Invalid` on a cursor that is none of ours."""
    limit = min(limit, MOST_ROWS)
    filters = {name: value for name, value in (("queue", queue), ("channel", channel)) if value is not None}
    # the number before the rows: what comes between is told again, never missed
    ((seq,), (counted,), (oldest,), found) = tx.together(
        latest_seq(actor.workspace_id),
        _counting(actor),
        _oldest_wait(actor.workspace_id),
        _listing(actor, view, filters, cursor, limit),
    )
    rows = [from_row(row) for row in found]
    return InboxPage(
        seq=str(seq[0]),
        rows=[row_for(actor.can, row) for row in rows],
        next=_cursor_of(rows[-1].last_message_at, rows[-1].id) if len(rows) == limit else None,
        counters=_counters(counted),
        oldest_wait_at=oldest[0],
    )


def latest_seq(workspace_id: int) -> Question:
    """The number of the last fact: one row, always."""
    return Question("SELECT coalesce((SELECT seq FROM workspace_clock WHERE workspace_id = %s), 0)", (workspace_id,))


def _listing(actor: Actor, view: ViewName, filters: dict[str, int], cursor: str | None, limit: int) -> Question:
    params: dict[str, Any] = {"ws": actor.workspace_id, "me": actor.membership_id, **filters}
    conditions: list[LiteralString] = [_VIEWS[view], *(_FILTERS[name] for name in filters)]
    if cursor is not None:
        params["at"], params["id"] = _read_cursor(cursor)
        conditions.append("(c.last_at, c.id) < (%(at)s, %(id)s)")
    # The page is found by the index alone before anything is joined to it. The limit stands in the text: a plan that is
    # made once for all limits reckons with a tenth of the table, and would sort that.
    query: LiteralString = (
        f"SELECT {COLUMNS} FROM (SELECT * FROM cases c WHERE c.workspace_id = %(ws)s AND "
        + " AND ".join(conditions)
        + f" ORDER BY c.last_at DESC, c.id DESC LIMIT {limit}) c {JOINS} ORDER BY c.last_at DESC, c.id DESC"
    )
    return Question(query, params)


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


def _cursor_of(at: datetime, case_id: str) -> str:
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{case_id}"


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    found = re.fullmatch(r"(\d{1,17})-(\d{1,19})", cursor, re.ASCII)
    if found is None or int(found[2]) >= 2**63:
        raise Invalid("This cursor is not one of ours.", code="bad_cursor")
    return EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
