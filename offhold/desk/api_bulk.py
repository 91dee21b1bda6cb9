"""Acts on many cases over HTTP: looked at first, done, and taken back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from ninja import Router
from pydantic import Field

from offhold.cases import rows
from offhold.cases.views import CaseRow
from offhold.desk import bulk
from offhold.desk.sight import row_for
from offhold.kernel.db.tx import Tx, transaction
from offhold.people.actors import Actor
from offhold.people.web import Asked, Body, Id, Moment, shown, signed_in

router = Router(auth=signed_in, tags=["desk"])


class RefusedCase(msgspec.Struct, frozen=True):
    """A case that takes no part, and why. `case_id` None: there is no such case here."""

    case_id: str | None
    reference: str
    code: str
    params: dict[str, Any]
    message: str


class BulkPreview(msgspec.Struct, frozen=True):
    """`changes`: how many cases it would change; `unchanged`: how many are so already."""

    changes: int
    unchanged: int
    refused: list[RefusedCase]


class BulkStanding(msgspec.Struct, frozen=True):
    """What acts change of a case."""

    state: Literal["open", "resolved"]
    assignee_id: str | None
    queue_id: str
    tag_ids: list[str]
    snoozed: bool
    until: str | None


class BulkStep(msgspec.Struct, frozen=True):
    """One case before and after, to be handed back for undoing."""

    case_id: str
    before: BulkStanding
    after: BulkStanding


class BulkDone(msgspec.Struct, frozen=True):
    """`steps` undo it."""

    cases: list[CaseRow]
    unchanged: int
    refused: list[RefusedCase]
    steps: list[BulkStep]


class AssignAct(Body):
    kind: Literal["assign"]
    assignee_id: Id | None

    def act(self) -> bulk.Act:
        return bulk.Assign(self.assignee_id)


class MoveAct(Body):
    kind: Literal["move"]
    queue_id: Id

    def act(self) -> bulk.Act:
        return bulk.Move(self.queue_id)


class TagsAct(Body):
    kind: Literal["tags"]
    add: Annotated[list[Id], Field(max_length=20)]
    remove: Annotated[list[Id], Field(max_length=20)]

    def act(self) -> bulk.Act:
        return bulk.Tags(tuple(self.add), tuple(self.remove))


class SnoozeAct(Body):
    kind: Literal["snooze"]
    until: Moment | None

    def act(self) -> bulk.Act:
        return bulk.Snooze(self.until)


_PLAIN: dict[str, bulk.Act] = {"wake": bulk.Wake(), "resolve": bulk.Resolve(), "reopen": bulk.Reopen()}


class PlainAct(Body):
    kind: Literal["wake", "resolve", "reopen"]

    def act(self) -> bulk.Act:
        return _PLAIN[self.kind]


AnyAct = Annotated[AssignAct | MoveAct | TagsAct | SnoozeAct | PlainAct, Field(discriminator="kind")]
Cases = Annotated[list[Id], Field(min_length=1, max_length=bulk.MOST)]


class BulkBody(Body):
    case_ids: Cases
    act: AnyAct


class BulkStoodBody(Body):
    state: Literal["open", "resolved"]
    assignee_id: Id | None
    queue_id: Id
    tag_ids: Annotated[list[Id], Field(max_length=50)]
    snoozed: bool
    until: Moment | None

    def standing(self) -> bulk.Standing:
        return bulk.Standing(self.state, self.assignee_id, self.queue_id, tuple(self.tag_ids), self.snoozed, self.until)


class BulkStepBody(Body):
    case_id: Id
    before: BulkStoodBody
    after: BulkStoodBody


class BulkUndoBody(Body):
    steps: Annotated[list[BulkStepBody], Field(min_length=1, max_length=bulk.MOST)]


@router.post("/bulk/preview", response=shown(BulkPreview))
def preview(request: Asked, body: BulkBody) -> BulkPreview:
    """What an act would do to these cases; nothing is changed."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        found = bulk.preview(tx, actor, body.case_ids, body.act.act())
    return BulkPreview(len(found.changed), found.unchanged, _refused(found))


@router.post("/bulk", response=shown(BulkDone))
def do(request: Asked, body: BulkBody) -> BulkDone:
    """Do it to all that can take part."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        return _done(tx, actor, bulk.do(tx, actor, body.case_ids, body.act.act()))


@router.post("/bulk/undo", response=shown(BulkDone))
def undo(request: Asked, body: BulkUndoBody) -> BulkDone:
    """Bring cases back to how they were, where nobody has changed that since."""
    actor = _may_answer(request)
    steps = [bulk.Step(step.case_id, step.before.standing(), step.after.standing()) for step in body.steps]
    with transaction(actor.workspace_id) as tx:
        return _done(tx, actor, bulk.undo(tx, actor, steps))


def _may_answer(request: Asked) -> Actor:
    request.auth.check_may("answer")
    return request.auth


def _done(tx: Tx, actor: Actor, outcome: bulk.Outcome) -> BulkDone:
    found = rows.load(tx, [(actor.workspace_id, case) for case in outcome.changed])
    cases = [row_for(actor.can, found[case]) for case in outcome.changed]
    steps = [BulkStep(str(step.case_id), _stood(step.before), _stood(step.after)) for step in outcome.steps]
    return BulkDone(cases, outcome.unchanged, _refused(outcome), steps)


def _stood(standing: bulk.Standing) -> BulkStanding:
    return BulkStanding(
        state="open" if standing.state == "open" else "resolved",
        assignee_id=str(standing.assignee) if standing.assignee is not None else None, queue_id=str(standing.queue),
        tag_ids=[str(tag) for tag in standing.tags], snoozed=standing.snoozed,
        until=standing.until.isoformat() if standing.until else None,
    )  # fmt: skip


def _refused(outcome: bulk.Outcome) -> list[RefusedCase]:
    return [
        RefusedCase(str(each.case_id) if each.reference else None, each.reference, each.code, each.params, each.message)
        for each in outcome.refused
    ]
