"""Everything of a case in one line of time: what was said on networks, what we mean to say, notes, events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from offhold.cases import items as messages
from offhold.cases.views import Colleague, MessageItem
from offhold.desk.sight import items_for
from offhold.desk.views import Item, NoteItem, TimelinePage
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor
from offhold.publishing import direct, public

MOST = 100
END = datetime(9999, 1, 1, tzinfo=UTC)

_MESSAGES = f"""
SELECT {messages.COLUMNS}, coalesce(r.duty_name, d.duty_name) FROM (
  SELECT * FROM messages WHERE workspace_id = %(ws)s AND case_id = %(case)s AND at < %(before)s
  ORDER BY at DESC, id DESC LIMIT %(limit)s) m {messages.JOINS}
LEFT JOIN public_replies r ON r.workspace_id = m.workspace_id AND r.id = m.reply_id AND m.audience = 'public'
LEFT JOIN direct_replies d ON d.workspace_id = m.workspace_id AND d.id = m.reply_id AND m.audience = 'private'
ORDER BY m.at DESC, m.id DESC
"""
_NOTES = """
SELECT n.id, n.text, n.at, m.id, m.duty_name, m.initials FROM notes n
JOIN memberships m ON m.workspace_id = n.workspace_id AND m.id = n.author_id
WHERE n.workspace_id = %s AND n.case_id = %s AND n.at < %s ORDER BY n.at DESC LIMIT %s
"""


def page(tx: Tx, actor: Actor, case_id: int, before: str | None = None) -> TimelinePage:
    """The newest `MOST` items before a time, oldest first. Raises `Invalid` on a time that is none."""
    until = END if before is None else _time(before)
    workspace = actor.workspace_id
    found: list[Item] = [*_said(tx, workspace, case_id, until), *messages.events(tx, workspace, case_id, until, MOST)]
    found += notes(tx, workspace, case_id, until)
    if before is None:
        parts = _parts(tx, workspace, case_id)
        found += [public.item(r) for r in public.of_cases(tx, workspace, parts)]
        found += [direct.item(r) for r in direct.of_cases(tx, workspace, parts)]
    newest = sorted(found, key=_order, reverse=True)[:MOST]
    more = len(found) > MOST
    return TimelinePage(items=items_for(actor.can, reversed(newest)), more_before=_cursor(newest[-1]) if more else None)


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
    """Just after the oldest shown: what was said in the same instant comes again and is known by its id."""
    return (oldest.at + timedelta(microseconds=1)).astimezone(UTC).isoformat().replace("+00:00", "Z")


def _order(item: Item) -> tuple[datetime, int]:
    return item.at, int(item.id)


def _said(tx: Tx, workspace: int, case_id: int, before: datetime) -> list[MessageItem]:
    params = {"ws": workspace, "case": case_id, "before": before, "limit": MOST + 1}
    return [msgspec.structs.replace(messages.from_row(row), duty_name=row[-1]) for row in tx.rows(_MESSAGES, params)]


def notes(tx: Tx, workspace: int, case_id: int, before: datetime) -> list[NoteItem]:
    """The newest notes of a case."""
    return [
        NoteItem(id=str(i), text=text, at=at, author=Colleague(id=str(author), duty_name=name, initials=initials))
        for i, text, at, author, name, initials in tx.rows(_NOTES, (workspace, case_id, before, MOST + 1))
    ]


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("This is not a place in a timeline.", code="bad_cursor") from error
    if at.tzinfo is None:
        raise Invalid("This is not a place in a timeline.", code="bad_cursor")
    return at
