"""Pledges over HTTP: who waits for a human, what people decide about it, and the record for whoever wants to check."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.http import HttpResponse
from ninja import Router
from pydantic import StringConstraints

from offhold.cases import acts
from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx, looking, transaction
from offhold.people.actors import Actor
from offhold.people.web import Asked, Body, Id, Line, shown, signed_in
from offhold.promises import queries
from offhold.promises.pledge import board, deciding, hearing, record, rows
from offhold.promises.pledge.board import Board
from offhold.promises.pledge.deciding import Why
from offhold.promises.pledge.ledger import Export
from offhold.promises.pledge.rows import Pledge

router = Router(auth=signed_in, tags=["pledges"])

Words = Annotated[Line, StringConstraints(min_length=3, strip_whitespace=True)]


class PledgesAnswer(msgspec.Struct, frozen=True):
    pledges: list[Pledge]


class NoBody(Body):
    """A request that says all by its address."""


class WithdrawBody(Body):
    """The customer's own words, said since, by which they take it back."""

    message_id: Id


class LetGoBody(Body):
    """Why nobody has to reach them any more: one of the reasons there are, and words for whoever looks at it."""

    why: Why
    words: Words


class LookBody(Body):
    """Whether the second person agrees; if not, the customer waits again."""

    agrees: bool


@router.get("/pledges", response=shown(Board))
def waiting(request: Asked) -> Board:
    """Who waits for a human now, what needs a decision or a second look, and the figures of the record."""
    with looking(request.auth.workspace_id) as tx:
        return board.board(tx, request.auth)


@router.get("/cases/{case_id}/pledges", response=shown(PledgesAnswer))
def of_case(request: Asked, case_id: Id) -> PledgesAnswer:
    """The pledges of a case, newest first."""
    with looking(request.auth.workspace_id) as tx:
        case = queries.standing_for(tx, request.auth, case_id)
        return PledgesAnswer(rows.of_case(tx, request.auth.workspace_id, case))


@router.post("/cases/{case_id}/pledges", response=shown(PledgesAnswer))
def open_one(request: Asked, case_id: Id, body: NoBody) -> PledgesAnswer:  # noqa: ARG001 - empty, checked to be so
    """Note that this customer asks for a human."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        hearing.check_open(tx, actor, case)
        hearing.do_open_by_person(tx, actor, case.id)
        return PledgesAnswer(rows.of_case(tx, actor.workspace_id, case.id))


@router.post("/pledges/{pledge_id}/confirm", response=shown(PledgesAnswer))
def confirm(request: Asked, pledge_id: Id, body: NoBody) -> PledgesAnswer:  # noqa: ARG001 - empty, checked to be so
    """It sounded like it, and it is one: from now on it binds us."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        pledge = rows.held(tx, actor.workspace_id, pledge_id)
        rows.check_state(pledge, "likely")
        deciding.do_confirm(tx, actor, pledge)
        return _of(tx, actor, pledge)


@router.post("/pledges/{pledge_id}/dismiss", response=shown(PledgesAnswer))
def dismiss(request: Asked, pledge_id: Id, body: NoBody) -> PledgesAnswer:  # noqa: ARG001 - empty, checked to be so
    """It sounded like it, and it is none."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        pledge = rows.held(tx, actor.workspace_id, pledge_id)
        rows.check_state(pledge, "likely")
        deciding.do_dismiss(tx, actor, pledge)
        return _of(tx, actor, pledge)


@router.post("/pledges/{pledge_id}/withdraw", response=shown(PledgesAnswer))
def withdraw(request: Asked, pledge_id: Id, body: WithdrawBody) -> PledgesAnswer:
    """The customer takes it back."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        pledge = rows.held(tx, actor.workspace_id, pledge_id)
        at = deciding.check_withdraw(tx, pledge, body.message_id)
        deciding.do_withdraw(tx, actor, pledge, at)
        return _of(tx, actor, pledge)


@router.post("/pledges/{pledge_id}/release", response=shown(PledgesAnswer))
def release(request: Asked, pledge_id: Id, body: LetGoBody) -> PledgesAnswer:
    """Let ourselves go, with a reason; somebody else looks at it, and it is counted apart."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        pledge = rows.held(tx, actor.workspace_id, pledge_id)
        rows.check_state(pledge, "asked")
        deciding.do_release(tx, actor, pledge, body.why, body.words)
        return _of(tx, actor, pledge)


@router.post("/pledges/{pledge_id}/look", response=shown(PledgesAnswer))
def look(request: Asked, pledge_id: Id, body: LookBody) -> PledgesAnswer:
    """Look at a release as the second person."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        pledge = rows.held(tx, actor.workspace_id, pledge_id)
        deciding.check_look(tx, actor, pledge, agrees=body.agrees)
        deciding.do_look(tx, actor, pledge, agrees=body.agrees)
        return _of(tx, actor, pledge)


@router.get("/pledges/record", response=shown(Export))
def export(request: Asked) -> HttpResponse:
    """The whole record as a file: no names, no words. `offhold pledge verify` checks it without us."""
    with looking(request.auth.workspace_id) as tx:
        told = jsons.encode(record.export(tx, request.auth.workspace_id))
    answer = HttpResponse(told, content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="pledges.json"'
    return answer


def _may_answer(request: Asked) -> Actor:
    request.auth.check_may("answer")
    return request.auth


def _of(tx: Tx, actor: Actor, pledge: rows.Row) -> PledgesAnswer:
    return PledgesAnswer(rows.of_case(tx, actor.workspace_id, pledge.case))
