"""Lists over HTTP: any filter in any order, and the views people keep of them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from ninja import Router
from pydantic import Field, StringConstraints

from offhold.desk import saved_views
from offhold.desk.filters import MOST_NAMED, Filter, Sort
from offhold.desk.saved_views import SavedView, Scope, Wanted
from offhold.kernel.db.tx import looking, transaction
from offhold.kernel.errors import Invalid
from offhold.people.web import Asked, Body, Id, Line, shown, signed_in

router = Router(auth=signed_in, tags=["desk"])

# An id as a filter keeps it: the string it is outside.
_Digits = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}$")]
_Ids = Annotated[list[_Digits], Field(default_factory=list, max_length=MOST_NAMED)]
_Network = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]


class FilterBody(Body):
    """What `Filter` is, as it comes in."""

    state: Literal["awake", "snoozed", "open", "resolved"] = "open"
    waiting: bool | None = None
    assignees: Annotated[list[_Digits | Literal["me", "nobody"]], Field(default_factory=list, max_length=MOST_NAMED)]
    queues: _Ids
    channels: _Ids
    networks: Annotated[list[_Network], Field(default_factory=list, max_length=MOST_NAMED)]
    audience: Literal["public", "private"] | None = None
    tags: _Ids
    without_tags: _Ids
    reach_from: Annotated[int, Field(ge=0, le=2**53)] | None = None

    def filter(self) -> Filter:
        """The struct of these values."""
        return msgspec.convert(self.model_dump(), Filter)


class ViewBody(Body):
    name: Line
    scope: Scope
    queue_id: Id | None
    filter: FilterBody
    sort: Sort

    def wanted(self) -> Wanted:
        return Wanted(
            name=self.name, scope=self.scope, queue_id=self.queue_id, filter=self.filter.filter(), sort=self.sort
        )


class ViewsAnswer(msgspec.Struct, frozen=True):
    views: list[SavedView]


def filter_in(text: str) -> Filter:
    """A filter as it stands in an address, as JSON. Raises `Invalid`."""
    try:
        return FilterBody.model_validate_json(text).filter()
    except ValueError as error:
        raise Invalid("This filter cannot be understood.", code="bad_filter") from error


@router.get("/views", response=shown(ViewsAnswer))
def views(request: Asked) -> ViewsAnswer:
    """The views one sees, with how many cases each has."""
    with looking(request.auth.workspace_id) as tx:
        return ViewsAnswer(saved_views.views(tx, request.auth))


@router.post("/views", response=shown(ViewsAnswer))
def add_view(request: Asked, body: ViewBody) -> ViewsAnswer:
    """Keep a view."""
    actor, wanted = request.auth, body.wanted()
    with transaction(actor.workspace_id) as tx:
        saved_views.check_view(tx, actor, wanted)
        saved_views.do_add_view(tx, actor, wanted)
        return ViewsAnswer(saved_views.views(tx, actor))


@router.put("/views/{view_id}", response=shown(ViewsAnswer))
def change_view(request: Asked, view_id: Id, body: ViewBody) -> ViewsAnswer:
    """Change one's own view or, for those who lead, a shared one."""
    actor, wanted = request.auth, body.wanted()
    with transaction(actor.workspace_id) as tx:
        saved_views.check_own_view(tx, actor, view_id)
        saved_views.check_view(tx, actor, wanted, but=view_id)
        saved_views.do_change_view(tx, actor, view_id, wanted)
        return ViewsAnswer(saved_views.views(tx, actor))


@router.delete("/views/{view_id}", response=shown(ViewsAnswer))
def remove_view(request: Asked, view_id: Id) -> ViewsAnswer:
    """Keep it no longer."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        saved_views.check_own_view(tx, actor, view_id)
        saved_views.do_remove_view(tx, actor, view_id)
        return ViewsAnswer(saved_views.views(tx, actor))
