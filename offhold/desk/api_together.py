"""Working together over HTTP: handing over, finding a case by its reference, what a case is called elsewhere."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

import msgspec
from ninja import Router
from pydantic import AfterValidator, StringConstraints

from offhold.cases import acts
from offhold.cases.views import CaseRow
from offhold.desk import case as case_pages
from offhold.desk import notes, references
from offhold.desk.views import LinkTemplate, NoteItem, Reference
from offhold.kernel.db.tx import Tx, looking, transaction
from offhold.kernel.errors import Conflict, NotFound
from offhold.people.actors import Actor
from offhold.people.web import Asked, Body, ClientKey, Id, Line, shown, signed_in

router = Router(auth=signed_in, tags=["together"])

_REFERENCE = re.compile(r"(?:OH-?)?([0-9]{1,18})", re.ASCII | re.IGNORECASE)


def _words(value: str) -> str:
    """One line that can be read."""
    if not value.strip() or any(not letter.isprintable() for letter in value):
        raise ValueError("not one line of words")
    return value.strip()


Name = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_words)]
Value = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_words)]
# One paragraph: what somebody has to know who takes a case on.
Brief = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class HandedOver(msgspec.Struct, frozen=True):
    case: CaseRow
    note: NoteItem


class FoundCase(msgspec.Struct, frozen=True):
    case: CaseRow


class ReferencesAnswer(msgspec.Struct, frozen=True):
    references: list[Reference]


class TemplatesAnswer(msgspec.Struct, frozen=True):
    templates: list[LinkTemplate]


class TemplateAnswer(msgspec.Struct, frozen=True):
    template: LinkTemplate


class HandOverBody(Body):
    client_key: ClientKey
    assignee_id: Id
    brief: Brief


class UndoHandOverBody(Body):
    note_id: Id


class ReferenceBody(Body):
    """`template_id` None: `value` is a number of no kind of ours, or an address."""

    template_id: Id | None = None
    value: Value


class TemplateBody(Body):
    name: Name
    url: Line


@router.post("/cases/{case_id}/hand-over", response=shown(HandedOver))
def hand_over(request: Asked, case_id: Id, body: HandOverBody) -> HandedOver:
    """Give a case to a colleague with a brief. The same client key is one act."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        acts.check_assign(tx, case, body.assignee_id)
        note = notes.do_hand_over(tx, actor, case, UUID(body.client_key), body.assignee_id, body.brief)
        if note is None:
            raise Conflict("This key was used for another note.", code="client_key_used")
        return HandedOver(case_pages.case_row(tx, actor, case.id), note)


@router.post("/cases/{case_id}/hand-over/undo", response=shown(FoundCase))
def undo_hand_over(request: Asked, case_id: Id, body: UndoHandOverBody) -> FoundCase:
    """Take a case back that one handed over a moment ago."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        notes.do_undo_handover(tx, actor, case, notes.check_undo_handover(tx, actor, case, body.note_id))
        return FoundCase(case_pages.case_row(tx, actor, case.id))


@router.get("/cases/by-reference/{reference}", response=shown(FoundCase))
def by_reference(request: Asked, reference: str) -> FoundCase:
    """The case of a reference such as OH-4821 (`OH` may be left out); a merged one stands for what it is part of."""
    actor = request.auth
    named = _REFERENCE.fullmatch(reference)
    if named is None:
        raise NotFound
    with looking(actor.workspace_id) as tx:
        found = tx.one(
            "SELECT id FROM cases WHERE workspace_id = %s AND reference = %s", (actor.workspace_id, int(named[1]))
        )
        if found is None:
            raise NotFound
        return FoundCase(case_pages.case_row(tx, actor, found[0]))


@router.post("/cases/{case_id}/references", response=shown(ReferencesAnswer))
def add_reference(request: Asked, case_id: Id, body: ReferenceBody) -> ReferencesAnswer:
    """Note what a case is called elsewhere; noted before, it has no effect."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        references.check_add(tx, case, body.template_id)
        references.do_add(tx, actor, case, body.template_id, body.value)
        return _references(tx, case)


@router.delete("/cases/{case_id}/references/{reference_id}", response=shown(ReferencesAnswer))
def remove_reference(request: Asked, case_id: Id, reference_id: Id) -> ReferencesAnswer:
    """It is not called that."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        references.do_remove(tx, actor, case, reference_id)
        return _references(tx, case)


def _references(tx: Tx, case: acts.Locked) -> ReferencesAnswer:
    found = tx.together(references.of_case(case.workspace, case.id))[0]
    return ReferencesAnswer([references.from_row(row) for row in found])


@router.get("/link-templates", response=shown(TemplatesAnswer))
def link_templates(request: Asked) -> TemplatesAnswer:
    """How numbers of other systems become addresses."""
    actor = _may_answer(request)
    with looking(actor.workspace_id) as tx:
        return TemplatesAnswer(references.templates(tx))


@router.post("/link-templates", response=shown(TemplateAnswer))
def add_template(request: Asked, body: TemplateBody) -> TemplateAnswer:
    actor = _may_lead(request)
    with transaction(actor.workspace_id) as tx:
        references.check_template(tx, body.name, body.url)
        return TemplateAnswer(references.do_add_template(tx, actor, body.name, body.url))


@router.put("/link-templates/{template_id}", response=shown(TemplateAnswer))
def change_template(request: Asked, template_id: Id, body: TemplateBody) -> TemplateAnswer:
    """What was noted by it leads to the new address."""
    actor = _may_lead(request)
    with transaction(actor.workspace_id) as tx:
        references.check_template(tx, body.name, body.url, but=template_id)
        return TemplateAnswer(references.do_change_template(tx, actor.workspace_id, template_id, body.name, body.url))


@router.delete("/link-templates/{template_id}", response=shown(TemplatesAnswer))
def archive_template(request: Asked, template_id: Id) -> TemplatesAnswer:
    """Nothing new is noted by it; what was stays as it is."""
    actor = _may_lead(request)
    with transaction(actor.workspace_id) as tx:
        references.do_archive_template(tx, actor.workspace_id, template_id)
        return TemplatesAnswer(references.templates(tx))


def _may_answer(request: Asked) -> Actor:
    request.auth.check_may("answer")
    return request.auth


def _may_lead(request: Asked) -> Actor:
    request.auth.check_may("lead")
    return request.auth
