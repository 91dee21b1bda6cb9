"""What one person is told: a colleague or the desk needs them. It stays unread until they saw it, on any screen.

A notice says what kind of thing happened and to which case. It never holds a customer's words or name: it is shown
on locked phones, and goes through the push services of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound
from offhold.kernel.facts import Fact, Recorded
from offhold.people import push
from offhold.people.actors import Actor
from offhold.people.quiet import Kind

PAGE = 50
KEPT = timedelta(days=30)


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`params` are for the words of `kind`, which the client has: `by` is a duty name."""

    id: str
    kind: Kind
    case_id: str | None
    reference: str | None
    params: dict[str, str]
    at: datetime
    read: bool = False


class NoticeAdded(Fact, frozen=True, tag="notice.added"):
    """Somebody is told something. Goes to the screens of `to`, a membership, and to nobody else's."""

    to: str
    notice: Notice


class NoticesRead(Fact, frozen=True, tag="notice.read"):
    """They saw one (`only`), or all up to a number (`upto`), on one of their screens: the others follow."""

    to: str
    unread: int
    only: str | None = None
    upto: str | None = None


_ADD = """
INSERT INTO notices (workspace_id, id, membership_id, kind, case_id, reference, params, at)
SELECT m.workspace_id, told.id, m.id, %(kind)s, %(case_id)s,
       (SELECT 'OH-' || c.reference FROM cases c WHERE c.workspace_id = m.workspace_id AND c.id = %(case_id)s),
       %(params)s, %(at)s
FROM unnest(%(ids)s::bigint[], %(members)s::bigint[]) AS told(id, membership_id)
JOIN memberships m ON m.id = told.membership_id AND m.workspace_id = %(workspace)s
RETURNING id, kind, case_id, reference, params::text, at, read_at, membership_id
"""
_LEADS = """
SELECT m.id FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.workspace_id = %s AND m.role IN ('lead', 'admin') AND u.is_active ORDER BY m.id
"""
_PAGE = """
SELECT id, kind, case_id, reference, params::text, at, read_at FROM notices
WHERE workspace_id = %s AND membership_id = %s AND id < %s ORDER BY id DESC LIMIT %s
"""
_UNREAD = "SELECT count(*) FROM notices WHERE workspace_id = %s AND membership_id = %s AND read_at IS NULL"
_READ_ONE = """
UPDATE notices SET read_at = coalesce(read_at, %s) WHERE workspace_id = %s AND membership_id = %s AND id = %s
"""
_READ_UPTO = """
UPDATE notices SET read_at = %s WHERE workspace_id = %s AND membership_id = %s AND id <= %s AND read_at IS NULL
"""
_FORGET = "DELETE FROM notices WHERE workspace_id = %s AND at < %s"


def do_notice(tx: Tx, workspace_id: int, membership_id: int, kind: Kind, case_id: int | None, **params: str) -> None:
    """Tell one person; nobody is told who is not, or no more, of this workspace. `params`: colleagues' duty names and
    codes, never a customer's words."""
    do_notices(tx, workspace_id, [membership_id], kind, case_id, **params)


def do_notices(
    tx: Tx, workspace_id: int, membership_ids: Iterable[int], kind: Kind, case_id: int | None, **params: str
) -> None:
    """Tell several people the same, each once."""
    members = sorted(set(membership_ids))
    added = {
        "workspace": workspace_id,
        "ids": [ids.new() for _ in members],
        "members": members,
        "kind": kind,
        "case_id": case_id,
        "params": jsons.encode(params).decode(),
        "at": tx.at,
    }
    rows = tx.rows(_ADD, added) if members else []
    for *row, member in rows:
        tx.record(Recorded(workspace_id, NoticeAdded(to=str(member), notice=_from_row(row))))
    push.enqueue(tx, workspace_id, [(row[0], row[-1]) for row in rows])


def leads_of(tx: Tx, workspace_id: int) -> list[int]:
    """The memberships of those who lead."""
    return [member for (member,) in tx.rows(_LEADS, (workspace_id,))]


def page_of(tx: Tx, actor: Actor, before: int | None) -> list[Notice]:
    """One's own notices, newest first, at most `PAGE`; `before` is the id of the last one that is known."""
    rows = tx.rows(_PAGE, (actor.workspace_id, actor.membership_id, before or 2**63 - 1, PAGE))
    return [_from_row(row) for row in rows]


def unread(tx: Tx, actor: Actor) -> int:
    """How many of one's own were not seen yet."""
    row = tx.one(_UNREAD, (actor.workspace_id, actor.membership_id))
    return int(row[0]) if row else 0


def do_read(tx: Tx, actor: Actor, notice_id: int) -> int:
    """Saw this one. Returns how many are left. Raises `NotFound` for anybody else's."""
    if not tx.run(_READ_ONE, (tx.at, actor.workspace_id, actor.membership_id, notice_id)):
        raise NotFound
    return _told(tx, actor, only=str(notice_id))


def do_read_upto(tx: Tx, actor: Actor, notice_id: int) -> int:
    """Saw all up to this one; what came meanwhile stays unread. Returns how many are left."""
    if not tx.run(_READ_UPTO, (tx.at, actor.workspace_id, actor.membership_id, notice_id)):
        return unread(tx, actor)
    return _told(tx, actor, upto=str(notice_id))


def forget_old(tx: Tx, workspace_id: int) -> int:
    """Remove what is older than `KEPT`, read or not; returns how many."""
    return tx.run(_FORGET, (workspace_id, tx.at - KEPT))


def _told(tx: Tx, actor: Actor, *, only: str | None = None, upto: str | None = None) -> int:
    left = unread(tx, actor)
    fact = NoticesRead(to=str(actor.membership_id), unread=left, only=only, upto=upto)
    tx.record(Recorded(actor.workspace_id, fact))
    return left


def _from_row(row: Iterable[Any]) -> Notice:
    notice_id, kind, case_id, reference, params, at, read_at = row
    return Notice(
        id=str(notice_id),
        kind=kind,
        case_id=None if case_id is None else str(case_id),
        reference=reference,
        params=jsons.decode(params),
        at=at,
        read=read_at is not None,
    )
