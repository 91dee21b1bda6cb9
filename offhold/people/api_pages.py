"""Pages over HTTP: what those who lead have to know now."""

from __future__ import annotations

import msgspec
from ninja import Router

from offhold.kernel.db.tx import transaction
from offhold.people import pages
from offhold.people.pages import Page
from offhold.people.web import Asked, Id, shown, signed_in

router = Router(auth=signed_in, tags=["pages"])


class PagesAnswer(msgspec.Struct, frozen=True):
    pages: list[Page]


class PageAnswer(msgspec.Struct, frozen=True):
    page: Page


@router.get("/pages", response=shown(PagesAnswer))
def open_pages(request: Asked) -> PagesAnswer:
    """What nobody took yet, newest first; nothing for those who do not lead."""
    if not request.auth.can.lead:
        return PagesAnswer([])
    with transaction(request.auth.workspace_id) as tx:
        return PagesAnswer(pages.open_pages(tx, request.auth))


@router.post("/pages/{page_id}/take", response=shown(PageAnswer))
def take(request: Asked, page_id: Id) -> PageAnswer:
    """Be on it. Who came first is; the answer says who."""
    with transaction(request.auth.workspace_id) as tx:
        return PageAnswer(pages.do_take(tx, request.auth, page_id))
