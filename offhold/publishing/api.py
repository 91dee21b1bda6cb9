"""Replies over HTTP. Two endpoints, two schemas: what is for everyone and what is for one person never share a door."""

from __future__ import annotations

from typing import Annotated

import msgspec
from ninja import Router, Status
from pydantic import Field, StringConstraints

from offhold.connectors.contract import Audience
from offhold.kernel.db.tx import transaction
from offhold.people.web import Asked, Body, ClientKey, Id, Line, Moment, Text, shown, signed_in
from offhold.publishing import actions, direct, public
from offhold.publishing.asked import Before, Decision, DirectAsk, PublicAsk
from offhold.publishing.items import ReplyItem
from offhold.publishing.replies import AskedPicture

router = Router(auth=signed_in, tags=["replies"])

Version = Annotated[int, Field(ge=0, le=2**62)]
Cause = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]


class ReplyAnswer(msgspec.Struct, frozen=True):
    reply: ReplyItem


class PictureBody(Body):
    """An uploaded picture and the words for those who cannot see it."""

    media_id: Line
    alt: Line


class BeforeBody(Body):
    """How it shall go out, as its author says.

    `written_as`: the audience under which the words were first typed; nobody's guess. `accepted`: causes of findings
    the author let stand. `anyway`: they saw that the customer goes on writing. `go_at` with `time_zone`: not before.
    """

    written_as: Audience
    accepted: Annotated[list[Cause], Field(max_length=200, default_factory=list)]
    second_person: bool = False
    anyway: bool = False
    go_at: Moment | None = None
    time_zone: Line | None = None


class PublicReplyBody(Body):
    """What everyone will read. `seen_version`: the case's version on the author's screen. `draft`: the version of the
    draft it was kept as, which goes with it. `in_parts`: as how many posts the author was shown that it goes out; None:
    as one, and what is too long is refused."""

    before: BeforeBody
    client_key: ClientKey
    text: Text
    in_reply_to: Id
    seen_version: Version
    pictures: Annotated[list[PictureBody], Field(max_length=20, default_factory=list)]
    draft: Version | None = None
    in_parts: Annotated[int, Field(ge=2, le=100)] | None = None


class DirectReplyBody(Body):
    """What only the customer and our team will read.

    `to_identity`, `in_reply_to`: whom the lane named on the author's screen, and the message it answered, if any.
    """

    before: BeforeBody
    client_key: ClientKey
    text: Text
    to_identity: Id
    in_reply_to: Id | None
    seen_version: Version
    draft: Version | None = None


class DecisionBody(Body):
    """`it_was_sent`: a person saw it on the network; `send_again`; `give_up`."""

    decision: Decision


def _before(body: BeforeBody) -> Before:
    return Before(
        written_as=body.written_as,
        accepted=frozenset(body.accepted),
        second_person=body.second_person,
        anyway=body.anyway,
        go_at=body.go_at,
        time_zone=body.time_zone,
    )


@router.post("/cases/{case_id}/public-replies", response={202: shown(ReplyAnswer)})
def public_reply(request: Asked, case_id: Id, body: PublicReplyBody) -> Status[ReplyAnswer]:
    """Say something to everyone. 409 `stale` shows what came since `seen_version`; the same client key is one reply."""
    ask = PublicAsk(
        case_id=case_id,
        client_key=body.client_key,
        text=body.text,
        in_reply_to=body.in_reply_to,
        seen_version=body.seen_version,
        pictures=tuple(AskedPicture(picture.media_id, picture.alt) for picture in body.pictures),
        before=_before(body.before),
        draft=body.draft,
        in_parts=body.in_parts,
    )
    with transaction(request.auth.workspace_id) as tx:
        return Status(202, ReplyAnswer(public.item(actions.answer_publicly(tx, request.auth, ask))))


@router.post("/cases/{case_id}/direct-replies", response={202: shown(ReplyAnswer)})
def direct_reply(request: Asked, case_id: Id, body: DirectReplyBody) -> Status[ReplyAnswer]:
    """Say something to the customer alone. 409 `stale` as for public replies; 409 `recipient_changed` shows the lane as
    it is now, when it leads to somebody else than on the author's screen."""
    ask = DirectAsk(
        case_id=case_id,
        client_key=body.client_key,
        text=body.text,
        to_identity=body.to_identity,
        in_reply_to=body.in_reply_to,
        seen_version=body.seen_version,
        before=_before(body.before),
        draft=body.draft,
    )
    with transaction(request.auth.workspace_id) as tx:
        return Status(202, ReplyAnswer(direct.item(actions.answer_directly(tx, request.auth, ask))))


@router.post("/public-replies/{reply_id}/decide", response=shown(ReplyAnswer))
def decide_public(request: Asked, reply_id: Id, body: DecisionBody) -> ReplyAnswer:
    """Decide about a public reply that a machine cannot settle."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(public.item(actions.decide_public_reply(tx, request.auth, reply_id, body.decision)))


@router.post("/direct-replies/{reply_id}/decide", response=shown(ReplyAnswer))
def decide_direct(request: Asked, reply_id: Id, body: DecisionBody) -> ReplyAnswer:
    """Decide about a direct reply that a machine cannot settle."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(direct.item(actions.decide_direct_reply(tx, request.auth, reply_id, body.decision)))
