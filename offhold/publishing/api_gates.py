"""Gates over HTTP: what the guard says while somebody types, what waits, taking back, letting go, agreeing, the policy.

As everywhere in publishing, what is for everyone and what is for one person have doors of their own.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from ninja import Router
from pydantic import Field

from offhold.connectors.contract import Audience
from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import Invalid, NotFound
from offhold.people.web import Asked, Body, Id, Text, shown, signed_in
from offhold.publishing import approvals, direct, guarding, offers, policies, public, recipient, unsent, waiting
from offhold.publishing.api import Cause, PictureBody, ReplyAnswer, Version
from offhold.publishing.approvals import Change
from offhold.publishing.guard.findings import Finding
from offhold.publishing.guarding import Where
from offhold.publishing.offers import Offer
from offhold.publishing.policy import PublishingPolicy
from offhold.publishing.replies import AskedPicture
from offhold.publishing.waiting import Waiting

router = Router(auth=signed_in, tags=["gates"])

_CHANNEL = (
    "SELECT channel_id FROM messages WHERE workspace_id = %s AND case_id = %s AND id = %s AND audience = 'public'"
)


# --- while somebody types ------------------------------------------------------------------------------------


class PublicDraftBody(Body):
    """Words somebody is writing for everyone, under the message `in_reply_to`."""

    text: Text
    in_reply_to: Id
    written_as: Audience
    pictures: Annotated[list[PictureBody], Field(max_length=20, default_factory=list)]


class DirectDraftBody(Body):
    """Words somebody is writing for one customer."""

    text: Text
    written_as: Audience


class FindingsAnswer(msgspec.Struct, frozen=True):
    findings: list[Finding]


@router.post("/cases/{case_id}/public-replies/look", response=shown(FindingsAnswer))
def look_in_public(request: Asked, case_id: Id, body: PublicDraftBody) -> FindingsAnswer:
    """What should be known before everyone reads this. Nothing is kept, neither the words nor who typed them."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        row = tx.one(_CHANNEL, (actor.workspace_id, case_id, body.in_reply_to))
        if row is None:
            raise NotFound("The message to answer is not in this case.", code="no_such_message")
        pictures = tuple(AskedPicture(picture.media_id, picture.alt) for picture in body.pictures)
        said = guarding.public_words(body.text, pictures, body.written_as)
        policy = policies.load(tx, actor.workspace_id).policy
        return FindingsAnswer(guarding.findings(tx, actor, Where(case_id, row[0]), said, policy))


@router.post("/cases/{case_id}/direct-replies/look", response=shown(FindingsAnswer))
def look_in_private(request: Asked, case_id: Id, body: DirectDraftBody) -> FindingsAnswer:
    """What should be known before the customer reads this. Nothing is kept, neither the words nor who typed them."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        if tx.one("SELECT 1 FROM cases WHERE workspace_id = %s AND id = %s", (actor.workspace_id, case_id)) is None:
            raise NotFound
        channel_id = recipient.find(tx, actor.workspace_id, case_id).channel_id
        said = guarding.private_words(body.text, body.written_as)
        policy = policies.load(tx, actor.workspace_id).policy
        return FindingsAnswer(guarding.findings(tx, actor, Where(case_id, channel_id), said, policy))


# --- what waits ----------------------------------------------------------------------------------------------


class WaitingAnswer(msgspec.Struct, frozen=True):
    waiting: list[Waiting]


class SeenBody(Body):
    """The case's version on the screen of whoever decides."""

    seen_version: Version


class ChangeBody(Body):
    """Other words, for somebody else to agree to; `accepted`: causes of findings who wrote them lets stand."""

    text: Text
    seen_version: Version
    accepted: Annotated[list[Cause], Field(max_length=200, default_factory=list)]


class CommentBody(Body):
    """Why not like this."""

    comment: Text


@router.get("/unsent", response=shown(WaitingAnswer))
def whatever_waits(request: Asked) -> WaitingAnswer:
    """Replies that wait before they go out, as far as the reader may do something about them; oldest first."""
    with transaction(request.auth.workspace_id) as tx:
        return WaitingAnswer(waiting.waiting(tx, request.auth))


@router.post("/public-replies/{reply_id}/take-back", response=shown(ReplyAnswer))
def take_back_public(request: Asked, reply_id: Id) -> ReplyAnswer:
    """It shall not go out. 409 `too_late` when it is on its way."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(public.item(unsent.take_back_public(tx, request.auth, reply_id)))


@router.post("/direct-replies/{reply_id}/take-back", response=shown(ReplyAnswer))
def take_back_direct(request: Asked, reply_id: Id) -> ReplyAnswer:
    """It shall not go out. 409 `too_late` when it is on its way."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(direct.item(unsent.take_back_direct(tx, request.auth, reply_id)))


@router.post("/public-replies/{reply_id}/release", response=shown(ReplyAnswer))
def release_public(request: Asked, reply_id: Id, body: SeenBody) -> ReplyAnswer:
    """Let it go now, having seen the case as it is. 409 `stale` shows another answer given meanwhile."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(public.item(unsent.release_public(tx, request.auth, reply_id, body.seen_version)))


@router.post("/direct-replies/{reply_id}/release", response=shown(ReplyAnswer))
def release_direct(request: Asked, reply_id: Id, body: SeenBody) -> ReplyAnswer:
    """Let it go now, having seen the case as it is. 409 `stale` shows another answer given meanwhile."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(direct.item(unsent.release_direct(tx, request.auth, reply_id, body.seen_version)))


@router.post("/public-replies/{reply_id}/approve", response=shown(ReplyAnswer))
def approve_public(request: Asked, reply_id: Id, body: SeenBody) -> ReplyAnswer:
    """Agree to exactly these words, having seen the case as it is. 403 `your_own_words`, 409 `stale`."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(public.item(approvals.approve_public(tx, request.auth, reply_id, body.seen_version)))


@router.post("/direct-replies/{reply_id}/approve", response=shown(ReplyAnswer))
def approve_direct(request: Asked, reply_id: Id, body: SeenBody) -> ReplyAnswer:
    """Agree to exactly these words, having seen the case as it is. 403 `your_own_words`, 409 `stale`."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(direct.item(approvals.approve_direct(tx, request.auth, reply_id, body.seen_version)))


@router.post("/public-replies/{reply_id}/edit", response=shown(ReplyAnswer))
def edit_public(request: Asked, reply_id: Id, body: ChangeBody) -> ReplyAnswer:
    """Other words in the place of these; their author or somebody else has to agree. The answer is the new reply."""
    change = Change(body.text, body.seen_version, frozenset(body.accepted))
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(public.item(approvals.edit_public(tx, request.auth, reply_id, change)))


@router.post("/direct-replies/{reply_id}/edit", response=shown(ReplyAnswer))
def edit_direct(request: Asked, reply_id: Id, body: ChangeBody) -> ReplyAnswer:
    """Other words in the place of these; their author or somebody else has to agree. The answer is the new reply."""
    change = Change(body.text, body.seen_version, frozenset(body.accepted))
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(direct.item(approvals.edit_direct(tx, request.auth, reply_id, change)))


@router.post("/public-replies/{reply_id}/send-back", response=shown(ReplyAnswer))
def send_back_public(request: Asked, reply_id: Id, body: CommentBody) -> ReplyAnswer:
    """Not like this, and why."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(public.item(approvals.send_back_public(tx, request.auth, reply_id, body.comment)))


@router.post("/direct-replies/{reply_id}/send-back", response=shown(ReplyAnswer))
def send_back_direct(request: Asked, reply_id: Id, body: CommentBody) -> ReplyAnswer:
    """Not like this, and why."""
    with transaction(request.auth.workspace_id) as tx:
        return ReplyAnswer(direct.item(approvals.send_back_direct(tx, request.auth, reply_id, body.comment)))


# --- the policy ----------------------------------------------------------------------------------------------


class PolicyAnswer(msgspec.Struct, frozen=True):
    version: int
    policy: PublishingPolicy


class OffersAnswer(msgspec.Struct, frozen=True):
    offers: list[Offer]


@router.get("/publishing/offers", response=shown(OffersAnswer))
def offered(request: Asked) -> OffersAnswer:
    """What authors let stand lately, for a lead to allow for good; without anybody's name."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        return OffersAnswer(offers.offered(tx, request.auth.workspace_id))


class PolicyBody(Body):
    """A whole policy in the place of version `version`; what is left out has its default."""

    version: Version
    policy: dict[str, Any]


@router.get("/publishing/policy", response=shown(PolicyAnswer))
def policy(request: Asked) -> PolicyAnswer:
    """What has to happen before something goes out."""
    request.auth.check_may("answer")
    with transaction(request.auth.workspace_id) as tx:
        held = policies.load(tx, request.auth.workspace_id)
        return PolicyAnswer(held.version, held.policy)


@router.put("/publishing/policy", response=shown(PolicyAnswer))
def change_policy(request: Asked, body: PolicyBody) -> PolicyAnswer:
    """Change it, for replies that begin from now on. 409 `policy_changed` when somebody else did meanwhile."""
    try:
        wanted = msgspec.convert(body.policy, PublishingPolicy, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(f"This is no policy: {error}", code="bad_policy") from error
    policies.check_policy(request.auth, wanted)
    with transaction(request.auth.workspace_id) as tx:
        held = policies.do_change_policy(tx, request.auth, body.version, wanted)
        return PolicyAnswer(held.version, held.policy)
