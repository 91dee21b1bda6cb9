"""Voices: counted and searchable, and a person can promote them to cases, one or many at once."""

from __future__ import annotations

from typing import LiteralString

from offhold.cases import items, rows
from offhold.cases.apply import add_events, announce_cases
from offhold.cases.facts import MessageMoved
from offhold.cases.recount import recount
from offhold.cases.resting import wake_by_id
from offhold.cases.views import CaseRow, MessageItem
from offhold.cases.write import references
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound
from offhold.kernel.facts import Recorded

MOST = 200

_ANYWHERE: LiteralString = "SELECT * FROM messages WHERE workspace_id = %(ws)s AND case_id IS NULL"
_IN_CONVERSATION: LiteralString = f"{_ANYWHERE} AND conversation_id = %(conversation)s"  # another index, another text


def page(
    tx: Tx, workspace_id: int, *, conversation: int | None, before: int, limit: int, private: bool
) -> list[tuple[MessageItem, int, str, str]]:
    """Voices newest first, with their conversation, network and reason; private ones only if `private`."""
    where = _ANYWHERE if conversation is None else _IN_CONVERSATION
    query = (
        f"SELECT {items.COLUMNS}, m.conversation_id, i.network, m.reason FROM ({where} AND identity_id IS NOT NULL"
        " AND id < %(before)s AND (audience = 'public' OR %(private)s)"
        f" ORDER BY id DESC LIMIT {min(limit, MOST)}) m {items.JOINS} ORDER BY m.id DESC"
    )
    params = {
        "ws": workspace_id, "before": before, "conversation": conversation,
        "private": private,
    }  # fmt: skip
    return [(items.from_row(row), row[-3], row[-2], row[-1]) for row in tx.rows(query, params)]


_CHOSEN = """
SELECT m.id, m.identity_id, i.customer_id, m.channel_id, ch.queue_id, m.at, m.audience FROM messages m
JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = m.identity_id
JOIN channels ch ON ch.workspace_id = m.workspace_id AND ch.id = m.channel_id
WHERE m.workspace_id = %s AND m.id = ANY(%s) ORDER BY m.at, m.id FOR UPDATE OF m
"""
_OPEN = """
INSERT INTO cases (workspace_id, id, reference, customer_id, identity_id, channel_id, queue_id, opened_at, last_at,
  last_audience)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def do_promote(tx: Tx, workspace_id: int, message_ids: list[int], by: str) -> list[CaseRow]:
    """Make these voices owed: each joins its customer's open case, or opens one. Those in a case already stay there.

    Raises `NotFound` when one is not a customer's message of this workspace.
    """
    chosen = tx.rows(_CHOSEN, (workspace_id, message_ids))
    if len(chosen) < len(set(message_ids)):
        raise NotFound
    touched: list[tuple[int, int]] = []
    for message, identity, customer, channel, queue, at, audience in chosen:
        case = _home(tx, workspace_id, identity)
        if case is None:
            case = ids.new()
            number = references(tx, [workspace_id])[0]
            tx.run(_OPEN, (workspace_id, case, number, customer, identity, channel, queue, at, at, audience))
            add_events(tx, [(workspace_id, case, "case.opened", {"by": by, "why": "promoted"})])
        moved = tx.run(
            "UPDATE messages SET case_id = %s, owed = true, reason = 'promoted' WHERE workspace_id = %s AND id = %s"
            " AND case_id IS NULL",
            (case, workspace_id, message),
        )
        if moved:
            touched.append((workspace_id, case))
            wake_by_id(tx, workspace_id, case, {"why": "promoted", "by": by})
            tx.record(Recorded(workspace_id, MessageMoved(message_id=str(message), case_id=str(case)), case_id=case))
    recount(tx, touched)
    announce_cases(tx, sorted(set(touched)))
    return list(rows.load(tx, sorted(set(touched))).values())


def _home(tx: Tx, workspace_id: int, identity: int) -> int | None:
    row = tx.one(
        "SELECT id FROM cases WHERE workspace_id = %s AND identity_id = %s AND state = 'open' AND home FOR UPDATE",
        (workspace_id, identity),
    )
    return row[0] if row else None
