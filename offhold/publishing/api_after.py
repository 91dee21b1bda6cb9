"""After and beside sending, over HTTP: drafts kept on the server, repair, and the record of a reply."""

from __future__ import annotations

from typing import Annotated

import msgspec
from ninja import Router
from pydantic import Field

from offhold.connectors.contract import Audience
from offhold.kernel.db.tx import Tx, transaction
from offhold.kernel.errors import NotFound
from offhold.people.actors import Actor
from offhold.people.web import Asked, Body, Id, Line, Unfinished, shown, signed_in
from offhold.publishing import drafts, record, repairs
from offhold.publishing.api import PictureBody, Version
from offhold.publishing.drafts import DIRECT, PUBLIC, Draft, Words
from offhold.publishing.record import Record
from offhold.publishing.repairs import Repair, Repaired
from offhold.publishing.replies import AskedPicture

router = Router(auth=signed_in, tags=["replies"])


# --- drafts --------------------------------------------------------------------------------------------------


class DraftsAnswer(msgspec.Struct, frozen=True):
    public: Draft | None
    direct: Draft | None


class DraftAnswer(msgspec.Struct, frozen=True):
    draft: Draft


class PublicDraftKept(Body):
    """Words for everyone that somebody is writing. `version`: of the draft they began with, 0 where there was none."""

    text: Unfinished
    in_reply_to: Id | None
    version: Version
    second_person: bool = False
    written_as: Audience = "public"
    pictures: Annotated[list[PictureBody], Field(max_length=20, default_factory=list)]


class DirectDraftKept(Body):
    """Words for one customer that somebody is writing."""

    text: Unfinished
    version: Version
    second_person: bool = False
    written_as: Audience = "private"


@router.put("/cases/{case_id}/public-draft", response=shown(DraftAnswer))
def keep_public(request: Asked, case_id: Id, body: PublicDraftKept) -> DraftAnswer:
    """Keep it for them and their colleagues. 409 `draft_changed` shows what somebody else wrote meanwhile."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        case = drafts.check_draft(tx, actor, case_id)
        if body.in_reply_to is not None and tx.one(_IN_CASE, (actor.workspace_id, case, body.in_reply_to)) is None:
            raise NotFound("The message to answer is not in this case.", code="no_such_message")
        pictures = tuple(AskedPicture(picture.media_id, picture.alt) for picture in body.pictures)
        drafts.check_pictures(tx, actor.workspace_id, pictures)
        words = Words(
            text=body.text, in_reply_to=body.in_reply_to, second_person=body.second_person,
            written_as=body.written_as, pictures=pictures,
        )  # fmt: skip
        return DraftAnswer(PUBLIC.do_keep(tx, actor, case, words, body.version))


_IN_CASE = "SELECT 1 FROM messages WHERE workspace_id = %s AND case_id = %s AND id = %s AND audience = 'public'"


@router.put("/cases/{case_id}/direct-draft", response=shown(DraftAnswer))
def keep_direct(request: Asked, case_id: Id, body: DirectDraftKept) -> DraftAnswer:
    """Keep it for them and their colleagues. 409 `draft_changed` shows what somebody else wrote meanwhile."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        case = drafts.check_draft(tx, actor, case_id)
        words = Words(text=body.text, second_person=body.second_person, written_as=body.written_as)
        return DraftAnswer(DIRECT.do_keep(tx, actor, case, words, body.version))


@router.delete("/cases/{case_id}/public-draft", response=shown(DraftsAnswer))
def drop_public(request: Asked, case_id: Id, version: Version | None = None) -> DraftsAnswer:
    """Nobody wants it; only if it is still `version`, where that is given. The answer is what is left."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        case = drafts.check_draft(tx, actor, case_id)
        PUBLIC.do_drop(tx, actor.workspace_id, case, version)
        return _both(tx, actor, case)


@router.delete("/cases/{case_id}/direct-draft", response=shown(DraftsAnswer))
def drop_direct(request: Asked, case_id: Id, version: Version | None = None) -> DraftsAnswer:
    """Nobody wants it; only if it is still `version`, where that is given. The answer is what is left."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        case = drafts.check_draft(tx, actor, case_id)
        DIRECT.do_drop(tx, actor.workspace_id, case, version)
        return _both(tx, actor, case)


def _both(tx: Tx, actor: Actor, case: int) -> DraftsAnswer:
    return DraftsAnswer(PUBLIC.find(tx, actor.workspace_id, case), DIRECT.find(tx, actor.workspace_id, case))


# --- repair --------------------------------------------------------------------------------------------------


class RepairBody(Body):
    """Why it should not be public; may be left empty when every second counts."""

    reason: Line


class RepairsAnswer(msgspec.Struct, frozen=True):
    repairs: list[Repair]


@router.post("/public-replies/{reply_id}/repair", response=shown(Repaired))
def repair(request: Asked, reply_id: Id, body: RepairBody) -> Repaired:
    """This should not be public: delete it there, keep the evidence, draft what to say instead, put a lead on it."""
    with transaction(request.auth.workspace_id) as tx:
        return repairs.repair(tx, request.auth, reply_id, body.reason)


@router.get("/cases/{case_id}/repairs", response=shown(RepairsAnswer))
def repairs_of_case(request: Asked, case_id: Id) -> RepairsAnswer:
    """What was taken back in this case, and whether it is gone."""
    with transaction(request.auth.workspace_id) as tx:
        drafts.check_draft(tx, request.auth, case_id)
        return RepairsAnswer(repairs.of_case(tx, request.auth.workspace_id, case_id))


# --- the record ----------------------------------------------------------------------------------------------


class RecordAnswer(msgspec.Struct, frozen=True):
    """The record, and the same as the text of a file."""

    record: Record
    text: str


@router.get("/public-replies/{reply_id}/record", response=shown(RecordAnswer))
def record_public(request: Asked, reply_id: Id) -> RecordAnswer:
    """Everything that happened to a public reply, with the exact words at each step."""
    with transaction(request.auth.workspace_id) as tx:
        told = record.of_public(tx, request.auth, reply_id)
        return RecordAnswer(told, record.as_text(told))


@router.get("/direct-replies/{reply_id}/record", response=shown(RecordAnswer))
def record_direct(request: Asked, reply_id: Id) -> RecordAnswer:
    """Everything that happened to a direct reply, with the exact words at each step."""
    with transaction(request.auth.workspace_id) as tx:
        told = record.of_direct(tx, request.auth, reply_id)
        return RecordAnswer(told, record.as_text(told))
