"""Search over HTTP."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from ninja import Router
from pydantic import AfterValidator, StringConstraints

from offhold.desk.search import find, people
from offhold.desk.search.views import QuickPage, SearchPage
from offhold.kernel.db.tx import looking
from offhold.people.web import Asked, Cursor, Line, shown, signed_in

router = Router(auth=signed_in, tags=["search"])

# A query has its own refusals, which say what is wrong with it; beyond this nobody typed it.
Typed = Annotated[str, StringConstraints(max_length=4_000)]


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, LookupError):
        raise ValueError("not a time zone") from None


Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]


@router.get("/search", response=shown(SearchPage))
def search(request: Asked, q: Typed, zone: Zone = "UTC", cursor: Cursor | None = None) -> SearchPage:
    """What was said, newest first, by words, phrases and filters; `zone` is where a day begins."""
    with looking(request.auth.workspace_id) as tx:
        return find.page(tx, request.auth, q, ZoneInfo(zone), cursor)


@router.get("/search/quick", response=shown(QuickPage))
def quick(request: Asked, q: Line) -> QuickPage:
    """What a few letters may mean."""
    with looking(request.auth.workspace_id) as tx:
        return people.quick(tx, request.auth, q)
