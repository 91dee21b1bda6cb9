"""Paging: what somebody who leads has to know now. It stays on every lead's screen until one of them takes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound
from offhold.kernel.facts import Fact, Recorded
from offhold.people import notices
from offhold.people.actors import Actor

Kind = Literal[
    "wrong_audience", "audience_unread", "outside_while_stopped", "backup_asked", "automation_loop", "repair"
]
MOST = 100


class Page(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`params` are for the words of `kind`, which the client has. Taken: somebody is on it."""

    id: str
    kind: Kind
    case_id: str | None
    channel_id: str | None
    params: dict[str, str]
    at: datetime
    taken_by: str | None = None
    taken_at: datetime | None = None


class PageChanged(Fact, frozen=True, tag="page.changed"):
    """Somebody is paged, or took it."""

    page: Page


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is about. `subject`: the same thing noticed twice is one page until it is taken."""

    subject: str
    case_id: int | None = None
    channel_id: int | None = None


_PAGE = """
INSERT INTO pages (workspace_id, id, kind, subject, case_id, channel_id, params, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, kind, subject) WHERE taken_at IS NULL DO NOTHING
"""
_OPEN = """
SELECT id, kind, case_id, channel_id, params::text, at, taken_name, taken_at FROM pages
WHERE workspace_id = %s AND taken_at IS NULL ORDER BY id DESC LIMIT %s
"""
_ONE = """
SELECT id, kind, case_id, channel_id, params::text, at, taken_name, taken_at FROM pages
WHERE workspace_id = %s AND id = %s
"""
_TAKE = """
UPDATE pages SET taken_by = %s, taken_name = %s, taken_at = %s WHERE workspace_id = %s AND id = %s AND taken_at IS NULL
"""


def do_page(tx: Tx, workspace_id: int, kind: Kind, about: About, **params: str) -> None:
    """Page those who lead, once for each subject until somebody takes it."""
    page_id = ids.new()
    told = jsons.encode(params).decode()
    row = (workspace_id, page_id, kind, about.subject, about.case_id, about.channel_id, told, tx.at)
    if tx.run(_PAGE, row):
        tx.record(Recorded(workspace_id, PageChanged(page=_find(tx, workspace_id, page_id))))
        leads = notices.leads_of(tx, workspace_id)
        notices.do_notices(tx, workspace_id, leads, "page", about.case_id, page=kind)


def open_pages(tx: Tx, actor: Actor) -> list[Page]:
    """What nobody took yet, newest first. Raises `Forbidden` for those who do not lead."""
    actor.check_may("lead")
    return [_from_row(row) for row in tx.rows(_OPEN, (actor.workspace_id, MOST))]


def do_take(tx: Tx, actor: Actor, page_id: int) -> Page:
    """Be on it; who came first is. Raises `Forbidden`, `NotFound`."""
    actor.check_may("lead")
    taken = tx.run(_TAKE, (actor.membership_id, actor.duty_name, tx.at, actor.workspace_id, page_id))
    page = _find(tx, actor.workspace_id, page_id)
    if taken:
        tx.record(Recorded(actor.workspace_id, PageChanged(page=page)))
    return page


def _find(tx: Tx, workspace_id: int, page_id: int) -> Page:
    row = tx.one(_ONE, (workspace_id, page_id))
    if row is None:
        raise NotFound
    return _from_row(row)


def _from_row(row: tuple[Any, ...]) -> Page:
    page_id, kind, case_id, channel_id, params, at, taken_by, taken_at = row
    return Page(
        id=str(page_id),
        kind=kind,
        case_id=None if case_id is None else str(case_id),
        channel_id=None if channel_id is None else str(channel_id),
        params=jsons.decode(params),
        at=at,
        taken_by=taken_by,
        taken_at=taken_at,
    )
