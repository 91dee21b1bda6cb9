"""Everything of a case in one line of time: what was said on networks, what we mean to say, notes, events."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec

from offhold.cases import items as messages
from offhold.desk import notes
from offhold.desk.inbox import EPOCH
from offhold.desk.sight import items_for
from offhold.desk.views import Item, TimelinePage
from offhold.kernel.db.tx import Question, Row, Tx
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
  ORDER BY at DESC, id DESC LIMIT {MOST + 1}) m {messages.JOINS}
LEFT JOIN public_replies r ON r.workspace_id = m.workspace_id AND r.id = m.reply_id AND m.audience = 'public'
LEFT JOIN direct_replies d ON d.workspace_id = m.workspace_id AND d.id = m.reply_id AND m.audience = 'private'
ORDER BY m.at DESC, m.id DESC
"""
# The case and all that were merged into it, where answers are under way: these keep the case they were meant in.
_UNDER_WAY = """
WITH RECURSIVE part AS (
  SELECT %(case)s::bigint AS id
  UNION SELECT c.id FROM cases c JOIN part p ON c.merged_into = p.id WHERE c.workspace_id = %(ws)s
)
SELECT p.id FROM part p WHERE EXISTS (
    SELECT FROM public_replies r WHERE r.workspace_id = %(ws)s AND r.case_id = p.id
    AND (r.state <> 'sent' OR r.network_id IS NULL))
  OR EXISTS (
    SELECT FROM direct_replies r WHERE r.workspace_id = %(ws)s AND r.case_id = p.id
    AND (r.state <> 'sent' OR r.network_id IS NULL))
"""


def page(tx: Tx, actor: Actor, case_id: int, before: str | None = None) -> TimelinePage:
    """The newest `MOST` items before a place, oldest first. Raises `Invalid` on a place that is none of ours."""
    until = END if before is None else _place(before)
    return shown(tx, actor, tx.together(*asked(actor.workspace_id, case_id, until)), until)


def asked(workspace: int, case_id: int, until: Place = END) -> tuple[Question, ...]:
    """The questions `shown` wants the answers of."""
    return (
        Question(_MESSAGES, {"ws": workspace, "case": case_id, "at": until[0], "id": until[1]}),
        notes.of_case(workspace, case_id, until, MOST + 1),
        messages.events(workspace, case_id, until, MOST + 1),
        Question(_UNDER_WAY, {"ws": workspace, "case": case_id}),
    )


def shown(tx: Tx, actor: Actor, answers: list[list[Row]], until: Place = END) -> TimelinePage:
    """A page, from the answers in the order of `asked`."""
    said, noted, happened, under_way = answers
    found: list[Item] = [msgspec.structs.replace(messages.from_row(row), duty_name=row[-1]) for row in said]
    found += [notes.from_row(row) for row in noted]
    found += [messages.event(row) for row in happened]
    found += [reply for reply in _replies(tx, actor.workspace_id, under_way) if _order(reply) < until]
    newest = sorted(found, key=_order, reverse=True)[:MOST]
    more = len(found) > MOST
    return TimelinePage(items=items_for(actor.can, reversed(newest)), more_before=_cursor(newest[-1]) if more else None)


def _cursor(oldest: Item) -> str:
    """The place of the oldest shown."""
    return f"{(oldest.at - EPOCH) // timedelta(microseconds=1)}-{oldest.id}"


def _order(item: Item) -> Place:
    return item.at, int(item.id)


def _replies(tx: Tx, workspace: int, cases: list[Row]) -> list[ReplyItem]:
    """Answers that are not out (yet): few, whatever the length of the case, and mostly none."""
    if not cases:
        return []
    ids = [case for (case,) in cases]
    said = [public.item(reply) for reply in public.of_cases(tx, workspace, ids)]
    return said + [direct.item(reply) for reply in direct.of_cases(tx, workspace, ids)]


def _place(cursor: str) -> Place:
    found = re.fullmatch(r"(\d{1,17})-(\d{1,19})", cursor, re.ASCII)
    if found is None or int(found[2]) >= 2**63:
        raise Invalid("This is not a place in a timeline.", code="bad_cursor")
    return EPOCH + timedelta(microseconds=int(found[1])), int(found[2])
