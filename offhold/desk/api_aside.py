"""Over HTTP: cases put to rest and woken, and tags: what they are, and on which cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from ninja import Router
from pydantic import Field

from offhold.cases import acts, resting, tagging
from offhold.cases.tagging import Ink, Shape, Tag
from offhold.desk import case as case_pages
from offhold.desk.api import CaseAnswer, Nothing
from offhold.kernel.db.tx import looking, transaction
from offhold.people.web import Asked, Body, Id, Line, Moment, shown, signed_in

router = Router(auth=signed_in, tags=["desk"])


class TagsAnswer(msgspec.Struct, frozen=True):
    tags: list[Tag]


class TagAnswer(msgspec.Struct, frozen=True):
    tag: Tag


class SnoozeBody(Body):
    """`until` null: until the customer writes, which wakes it in any case."""

    until: Moment | None


class CaseTagsBody(Body):
    tag_ids: Annotated[list[Id], Field(max_length=tagging.MOST_ON_A_CASE)]


class TagBody(Body):
    name: Line
    shape: Shape
    ink: Ink


@router.post("/cases/{case_id}/snooze", response=shown(CaseAnswer))
def snooze(request: Asked, case_id: Id, body: SnoozeBody) -> CaseAnswer:
    """Let a case rest until a time, or until its customer writes."""
    actor = request.auth
    actor.check_may("answer")
    until: datetime | None = body.until
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        resting.check_snooze(tx, case, until)
        resting.do_snooze(tx, case, until, actor.duty_name)
        return CaseAnswer(case_pages.case_row(tx, actor, case.id))


@router.post("/cases/{case_id}/wake", response=shown(CaseAnswer))
def wake(request: Asked, case_id: Id, body: Nothing) -> CaseAnswer:  # noqa: ARG001 - an empty body, checked to be so
    """Take a case up again before its time."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        resting.do_wake(tx, case, actor.duty_name)
        return CaseAnswer(case_pages.case_row(tx, actor, case.id))


@router.put("/cases/{case_id}/tags", response=shown(CaseAnswer))
def tag_case(request: Asked, case_id: Id, body: CaseTagsBody) -> CaseAnswer:
    """Let a case have just these tags."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        wanted = set(body.tag_ids)
        tagging.check_tags(tx, case, wanted)
        tagging.do_set_tags(tx, case, wanted, actor.duty_name)
        return CaseAnswer(case_pages.case_row(tx, actor, case.id))


@router.get("/tags", response=shown(TagsAnswer))
def tags(request: Asked) -> TagsAnswer:
    """The workspace's tags, by name."""
    with looking(request.auth.workspace_id) as tx:
        return TagsAnswer(tagging.tags(tx))


@router.post("/tags", response=shown(TagAnswer))
def add_tag(request: Asked, body: TagBody) -> TagAnswer:
    """One more. Whoever answers may add one; to rename or archive one is for those who lead."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        tagging.check_tag(tx, body.name)
        return TagAnswer(tagging.do_add_tag(tx, actor.workspace_id, body.name, body.shape, body.ink))


@router.put("/tags/{tag_id}", response=shown(TagAnswer))
def change_tag(request: Asked, tag_id: Id, body: TagBody) -> TagAnswer:
    """Another name or look."""
    actor = request.auth
    actor.check_may("lead")
    with transaction(actor.workspace_id) as tx:
        tagging.check_tag(tx, body.name, but=tag_id)
        return TagAnswer(tagging.do_change_tag(tx, actor.workspace_id, tag_id, body.name, body.shape, body.ink))


@router.delete("/tags/{tag_id}", response=shown(TagsAnswer))
def archive_tag(request: Asked, tag_id: Id) -> TagsAnswer:
    """Nobody puts it on a case again. Answers with those that are left."""
    actor = request.auth
    actor.check_may("lead")
    with transaction(actor.workspace_id) as tx:
        tagging.do_archive_tag(tx, actor.workspace_id, tag_id)
        return TagsAnswer(tagging.tags(tx))
