"""Notices over HTTP: what the person signed in was told, and that they saw it. Nobody reads another's."""

from __future__ import annotations

import msgspec
from ninja import Router

from offhold.kernel.db.tx import looking, transaction
from offhold.people import notices
from offhold.people.notices import Notice
from offhold.people.web import Asked, Body, Id, shown, signed_in

router = Router(auth=signed_in, tags=["notices"])


class NoticesAnswer(msgspec.Struct, frozen=True):
    """`next`: ask again with `before` this id for older ones; null at the end."""

    notices: list[Notice]
    unread: int
    next: str | None


class UnreadAnswer(msgspec.Struct, frozen=True):
    unread: int


class UptoBody(Body):
    upto: Id


@router.get("/notices", response=shown(NoticesAnswer))
def of_one(request: Asked, before: Id | None = None) -> NoticesAnswer:
    """One's own notices, newest first."""
    with looking(request.auth.workspace_id) as tx:
        page = notices.page_of(tx, request.auth, before)
        more = page[-1].id if len(page) == notices.PAGE else None
        return NoticesAnswer(page, notices.unread(tx, request.auth), more)


@router.post("/notices/read", response=shown(UnreadAnswer))
def read_upto(request: Asked, body: UptoBody) -> UnreadAnswer:
    """Saw all up to this one."""
    with transaction(request.auth.workspace_id) as tx:
        return UnreadAnswer(notices.do_read_upto(tx, request.auth, body.upto))


@router.post("/notices/{notice_id}/read", response=shown(UnreadAnswer))
def read_one(request: Asked, notice_id: Id) -> UnreadAnswer:
    """Saw this one."""
    with transaction(request.auth.workspace_id) as tx:
        return UnreadAnswer(notices.do_read(tx, request.auth, notice_id))
