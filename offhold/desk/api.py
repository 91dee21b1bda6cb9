"""The desk over HTTP: the inbox, a case, and what people do to it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from ninja import Router
from pydantic import Field

from offhold.cases import acts, voices
from offhold.cases.views import CaseRow
from offhold.desk import case as case_pages
from offhold.desk import inbox, note_drafts, notes, timeline
from offhold.desk.api_views import filter_in
from offhold.desk.filters import Sort, ViewName
from offhold.desk.notes import check_mentions, do_add_note
from offhold.desk.sight import row_for
from offhold.desk.views import CasePage, InboxPage, NoteItem, TimelinePage, Voice, VoicesPage
from offhold.intake import dead
from offhold.kernel.db.tx import Tx, looking, transaction
from offhold.kernel.errors import Conflict
from offhold.people.actors import Actor
from offhold.people.web import Asked, Body, ClientKey, Cursor, Id, Text, shown, signed_in
from offhold.promises.pledge import rows as pledges
from offhold.publishing import unsent

router = Router(auth=signed_in, tags=["desk"])

Limit = Annotated[int, Field(ge=1, le=inbox.MOST_ROWS)]
Filtered = Annotated[str, Field(max_length=4_000)]


class CaseAnswer(msgspec.Struct, frozen=True):
    case: CaseRow


class CasesAnswer(msgspec.Struct, frozen=True):
    cases: list[CaseRow]


class NoteAnswer(msgspec.Struct, frozen=True):
    note: NoteItem


class DeadLettersAnswer(msgspec.Struct, frozen=True):
    dead_letters: list[dead.DeadLetter]


class RedrivenAnswer(msgspec.Struct, frozen=True):
    """How many run again."""

    redriven: int


class Nothing(Body):
    """A request that says all by its address."""


class NoteBody(Body):
    """`draft`: the version of the draft it was kept as, which goes with it."""

    client_key: ClientKey
    text: Text
    mentions: Annotated[list[Id], Field(max_length=notes.MOST_MENTIONS)] = Field(default_factory=list)
    draft: Annotated[int, Field(ge=0, le=2**62)] | None = None


class AssignBody(Body):
    assignee_id: Id | None


class PromoteBody(Body):
    message_ids: Annotated[list[Id], Field(min_length=1, max_length=voices.MOST)]


@router.get("/inbox", response=shown(InboxPage))
def inbox_page(  # noqa: PLR0917 - what an address may hold
    request: Asked,
    view: ViewName = "to_answer",
    queue: Id | None = None,
    channel: Id | None = None,
    filter: Filtered | None = None,  # noqa: A002 - what it is called in an address
    sort: Sort = "newest",
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> InboxPage:
    """A list of cases and the inbox's counters: any `filter` (as JSON), else a view, a queue of it, a channel of it."""
    actor = request.auth
    wanted = inbox.of_view(view, queue, channel) if filter is None else filter_in(filter)
    with looking(actor.workspace_id) as tx:
        return inbox.listed(tx, actor, wanted, sort, cursor=cursor, limit=limit)


@router.get("/cases/{case_id}", response=shown(CasePage))
def case_page(request: Asked, case_id: Id) -> CasePage:
    """Everything about one case."""
    with looking(request.auth.workspace_id) as tx:
        return case_pages.page(tx, request.auth, case_id)


@router.get("/cases/{case_id}/timeline", response=shown(TimelinePage))
def timeline_page(request: Asked, case_id: Id, before: Cursor) -> TimelinePage:
    """Earlier items of a case's timeline."""
    with looking(request.auth.workspace_id) as tx:
        row = case_pages.case_row(tx, request.auth, case_id)
        return timeline.page(tx, request.auth, int(row.id), before)


@router.post("/cases/{case_id}/notes", response=shown(NoteAnswer))
def note(request: Asked, case_id: Id, body: NoteBody) -> NoteAnswer:
    """Say something to the team. The same client key is one note."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        check_mentions(tx, actor.workspace_id, body.mentions)
        added = do_add_note(tx, actor, case, UUID(body.client_key), body.text, body.mentions)
        if added is not None:
            note_drafts.do_said(tx, actor.workspace_id, case.id, body.draft, body.text)
    if added is None:
        raise Conflict("This key was used for another note.", code="client_key_used")
    return NoteAnswer(added)


@router.post("/cases/{case_id}/assign", response=shown(CaseAnswer))
def assign(request: Asked, case_id: Id, body: AssignBody) -> CaseAnswer:
    """Give a case to a person of the team, or to nobody."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        acts.check_assign(tx, case, body.assignee_id)
        acts.do_assign(tx, case, body.assignee_id, actor.duty_name, by_id=actor.membership_id)
        return _case(tx, actor, case)


@router.post("/cases/{case_id}/resolve", response=shown(CaseAnswer))
def resolve(request: Asked, case_id: Id, body: Nothing) -> CaseAnswer:  # noqa: ARG001 - an empty body, checked to be so
    """Solved."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        pledges.check_may_close(tx, actor.workspace_id, case.id)
        acts.do_resolve(tx, case, actor.duty_name, actor.membership_id)
        unsent.lapse_of_case(tx, actor.workspace_id, case.id)
        return _case(tx, actor, case)


@router.post("/cases/{case_id}/reopen", response=shown(CaseAnswer))
def reopen(request: Asked, case_id: Id, body: Nothing) -> CaseAnswer:  # noqa: ARG001 - an empty body, checked to be so
    """Not solved after all."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        acts.check_reopen(tx, case)
        acts.do_reopen(tx, case, actor.duty_name)
        return _case(tx, actor, case)


@router.get("/voices", response=shown(VoicesPage))
def voices_page(
    request: Asked,
    conversation: Id | None = None,
    cursor: Id | None = None,
    limit: Limit = 50,
) -> VoicesPage:
    """Messages no answer is owed to, newest first, each with the reason."""
    actor = request.auth
    with looking(actor.workspace_id) as tx:
        found = voices.page(
            tx, actor.workspace_id, conversation=conversation, before=cursor or 2**63 - 1, limit=limit,
            private=actor.can.see_private,
        )  # fmt: skip
    shown_voices = [
        Voice(message=item, conversation_id=str(conv), identity_network=network, reason=reason)  # type: ignore[arg-type]
        for item, conv, network, reason in found
    ]
    return VoicesPage(voices=shown_voices, next=found[-1][0].id if len(found) == limit else None)


@router.post("/voices/promote", response=shown(CasesAnswer))
def promote(request: Asked, body: PromoteBody) -> CasesAnswer:
    """Make voices cases, one or many at once."""
    actor = _may_answer(request)
    with transaction(actor.workspace_id) as tx:
        cases = voices.do_promote(tx, actor.workspace_id, body.message_ids, actor.duty_name)
        return CasesAnswer([row_for(actor.can, row) for row in cases])


@router.get("/dead-letters", response=shown(DeadLettersAnswer))
def dead_letters(request: Asked) -> DeadLettersAnswer:
    """Arrivals that were put aside, with the reason."""
    actor = request.auth
    actor.check_may("lead")
    with looking(actor.workspace_id) as tx:
        return DeadLettersAnswer(dead.waiting(tx, actor.workspace_id))


@router.post("/dead-letters/{letter_id}/redrive", response=shown(RedrivenAnswer))
def redrive(request: Asked, letter_id: Id, body: Nothing) -> RedrivenAnswer:  # noqa: ARG001 - empty, checked to be so
    """Run one again; it leaves the list, and comes back if it fails again."""
    actor = request.auth
    actor.check_may("lead")
    with transaction(actor.workspace_id) as tx:
        return RedrivenAnswer(dead.do_redrive(tx, actor.workspace_id, [letter_id]))


@router.post("/dead-letters/redrive", response=shown(RedrivenAnswer))
def redrive_all(request: Asked, body: Nothing) -> RedrivenAnswer:  # noqa: ARG001 - empty, checked to be so
    """Run all that wait again."""
    actor = request.auth
    actor.check_may("lead")
    with transaction(actor.workspace_id) as tx:
        return RedrivenAnswer(dead.do_redrive(tx, actor.workspace_id))


def _may_answer(request: Asked) -> Actor:
    request.auth.check_may("answer")
    return request.auth


def _case(tx: Tx, actor: Actor, case: acts.Locked) -> CaseAnswer:
    return CaseAnswer(case_pages.case_row(tx, actor, case.id))
