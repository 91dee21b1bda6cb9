"""Everything of a case in one line of time: what was said on networks, what we mean to say, notes, events."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec

from offhold.cases import items as messages
from offhold.cases.views import Colleague, MessageItem
from offhold.desk.inbox import EPOCH
from offhold.desk.sight import items_for
from offhold.desk.views import Item, NoteItem, TimelinePage
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor
from offhold.publishing import direct, public
from offhold.publishing.items import ReplyItem

MOST = 100
Place = tuple[datetime, int]  # a place between items: everything before it is older, or as old with a smaller id
END: Place = (datetime(9999, 1, 1, tzinfo=UTC), 0)

_MESSAGES = f"""
SELECT {messages.COLUMNS}, coalesce(r.duty_name, d.duty_name) FROM (
  SELECT * FROM messages WHERE workspace_id = %(ws)s AND case_id = %(case)s AND (at, id) < (%(at)s, %(id)s)
  ORDER BY at DESC, id DESC LIMIT %(limit)s) m {messages.JOINS}
LEFT JOIN public_replies r ON r.workspace_id = m.workspace_id AND r.id = m.reply_id AND m.audience = 'public'
LEFT JOIN direct_replies d ON d.workspace_id = m.workspace_id AND d.id = m.reply_id AND m.audience = 'private'
ORDER BY m.at DESC, m.id DESC
"""
_NOTES = """
SELECT n.id, n.text, n.at, m.id, m.duty_name, m.initials FROM notes n
JOIN memberships m ON m.workspace_id = n.workspace_id AND m.id = n.author_id
WHERE n.workspace_id = %s AND n.case_id = %s AND (n.at, n.id) < (%s, %s) ORDER BY n.at DESC, n.id DESC LIMIT %s
"""


def page(tx: Tx, actor: Actor, case_id: int, before: str | None = None) -> TimelinePage:
    """The newest `MOST` items before a place, oldest first. Raises `Invalid` on a place that is none of ours."""
    until = END if before is None else _place(before)
    workspace = actor.workspace_id
    found: list[Item] = [*_said(tx, workspace, case_id, until), *notes(tx, workspace, case_id, until)]
    found += messages.events(tx, workspace, case_id, until, MOST + 1)
    found += [reply for reply in _replies(tx, workspace, case_id) if _order(reply) < until]
    newest = sorted(found, key=_order, reverse=True)[:MOST]
    more = len(found) > MOST
    return TimelinePage(items=items_for(actor.can, reversed(newest)), more_before=_cursor(newest[-1]) if more else None)


def _replies(tx: Tx, workspace: int, case_id: int) -> list[ReplyItem]:
    """Answers that are not out (yet): few, whatever the length of the case."""
    parts = _parts(tx, workspace, case_id)
    said = [public.item(reply) for reply in public.of_cases(tx, workspace, parts)]
    return said + [direct.item(reply) for reply in direct.of_cases(tx, workspace, parts)]


_PARTS = """
WITH RECURSIVE part AS (
  SELECT %(case)s::bigint AS id
  UNION SELECT c.id FROM cases c JOIN part p ON c.merged_into = p.id WHERE c.workspace_id = %(ws)s
) SELECT id FROM part
"""


def _parts(tx: Tx, workspace: int, case_id: int) -> list[int]:
    """The case and all that were merged into it: answers under way keep the case they were meant in."""
    return [part for (part,) in tx.rows(_PARTS, {"ws": workspace, "case": case_id})]


def _cursor(oldest: Item) -> str:
    """The place of the oldest shown."""
    return f"{(oldest.at - EPOCH) // timedelta(microseconds=1)}-{oldest.id}"


def _order(item: Item) -> Place:
    return item.at, int(item.id)


def _said(tx: Tx, workspace: int, case_id: int, before: Place) -> list[MessageItem]:
    params = {"ws": workspace, "case": case_id, "at": before[0], "id": before[1], "limit": MOST + 1}
    return [msgspec.structs.replace(messages.from_row(row), duty_name=row[-1]) for row in tx.rows(_MESSAGES, params)]


def notes(tx: Tx, workspace: int, case_id: int, before: Place) -> list[NoteItem]:
    """The newest notes of a case before a place."""
    return [
        NoteItem(id=str(i), text=text, at=at, author=Colleague(id=str(author), duty_name=name, initials=initials))
        for i, text, at, author, name, initials in tx.rows(_NOTES, (workspace, case_id, *before, MOST + 1))
    ]


def _place(cursor: str) -> Place:
    found = re.fullmatch(r"(\d{1,17})-(\d{1,19})", cursor, re.ASCII)
    if found is None or int(found[2]) >= 2**63:
        raise Invalid("This is not a place in a timeline.", code="bad_cursor")
    return EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
