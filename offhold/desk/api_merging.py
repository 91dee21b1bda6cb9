"""Merging and splitting over HTTP; every act answers with the id by which it is undone."""

from __future__ import annotations

from typing import Annotated

import msgspec
from ninja import Router
from pydantic import Field

from offhold.cases import acts, customers, merging, splitting
from offhold.cases.views import CaseRow
from offhold.desk import case as case_pages
from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import NotFound
from offhold.people.web import Asked, Body, Id, shown, signed_in

router = Router(auth=signed_in, tags=["desk"])


class MergeAnswer(msgspec.Struct, frozen=True):
    """`merge_id` undoes it."""

    case: CaseRow
    merge_id: str


class SplitAnswer(msgspec.Struct, frozen=True):
    """`case` is the new one, `rest` the one it was split from; `merge_id` undoes it."""

    case: CaseRow
    rest: CaseRow
    merge_id: str


class UnmergeAnswer(msgspec.Struct, frozen=True):
    cases: list[CaseRow]


class CustomerMergeAnswer(msgspec.Struct, frozen=True):
    customer_id: str
    merge_id: str


class CustomerUnmergeAnswer(msgspec.Struct, frozen=True):
    customer_ids: list[str]


class IntoBody(Body):
    into: Id


class UndoBody(Body):
    merge_id: Id


class SplitBody(Body):
    message_ids: Annotated[list[Id], Field(min_length=1, max_length=500)]


@router.post("/cases/{case_id}/merge", response=shown(MergeAnswer))
def merge(request: Asked, case_id: Id, body: IntoBody) -> MergeAnswer:
    """Make this case part of another."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        case, into = merging.lock_two(tx, actor.workspace_id, case_id, body.into)
        merging.check_merge(case, into)
        done = merging.do_merge(tx, case, into, by=actor.duty_name, by_id=actor.membership_id)
        return MergeAnswer(case_pages.case_row(tx, actor, into.id), str(done))


@router.post("/cases/{case_id}/unmerge", response=shown(UnmergeAnswer))
def unmerge(request: Asked, case_id: Id, body: UndoBody) -> UnmergeAnswer:
    """Undo a merge or a split this case was part of."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        done = merging.find(tx, actor.workspace_id, body.merge_id, "case", "split")
        part_of = acts.lock(tx, actor.workspace_id, done.into_id).id
        if case_id not in (done.from_id, done.into_id, part_of):
            raise NotFound
        undo = merging.do_unmerge if done.kind == "case" else splitting.do_unsplit
        undo(tx, actor.workspace_id, done, by=actor.duty_name)
        shown_ids = sorted({case_pages.case_row(tx, actor, c).id for c in (done.from_id, done.into_id)})
        return UnmergeAnswer([case_pages.case_row(tx, actor, int(c)) for c in shown_ids])


@router.post("/cases/{case_id}/split", response=shown(SplitAnswer))
def split(request: Asked, case_id: Id, body: SplitBody) -> SplitAnswer:
    """Make a case of its own of some messages."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        identity = splitting.check_split(tx, case, body.message_ids)
        new, done = splitting.do_split(
            tx, case, body.message_ids, identity, by=actor.duty_name, by_id=actor.membership_id
        )
        return SplitAnswer(case_pages.case_row(tx, actor, new), case_pages.case_row(tx, actor, case.id), str(done))


@router.post("/customers/{customer_id}/merge", response=shown(CustomerMergeAnswer))
def merge_customers(request: Asked, customer_id: Id, body: IntoBody) -> CustomerMergeAnswer:
    """Two customers who are one human."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        one, into = customers.check_merge(tx, actor.workspace_id, customer_id, body.into)
        done = customers.do_merge(tx, actor.workspace_id, one, into, by=actor.duty_name, by_id=actor.membership_id)
    return CustomerMergeAnswer(str(into), str(done))


@router.post("/customers/{customer_id}/unmerge", response=shown(CustomerUnmergeAnswer))
def unmerge_customers(request: Asked, customer_id: Id, body: UndoBody) -> CustomerUnmergeAnswer:
    """Two humans after all."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        both = customers.do_unmerge(tx, actor.workspace_id, body.merge_id, by=actor.duty_name)
        if customer_id not in both:
            raise NotFound
    return CustomerUnmergeAnswer([str(c) for c in both])
