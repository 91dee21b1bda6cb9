"""What waits before it goes out, for the strip and the queue of those who are asked to agree."""

from __future__ import annotations

import msgspec

from offhold.cases import rows
from offhold.cases.views import CaseRow
from offhold.kernel.db.tx import Tx
from offhold.people.actors import Actor
from offhold.publishing import barrier, direct, policies, public
from offhold.publishing.approval import LOOK_TWICE, Colleague, may_agree_to
from offhold.publishing.approvals import still_alone
from offhold.publishing.graph import State
from offhold.publishing.items import ReplyItem
from offhold.publishing.policy import PublishingPolicy
from offhold.publishing.replies import Reply

MOST = 200


class May(msgspec.Struct, frozen=True):
    """What the reader may do with it now."""

    take_back: bool
    release: bool
    agree: bool


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that waits, in its case. The customer's wait runs on: it is in the case's row."""

    reply: ReplyItem
    case: CaseRow
    may: May


def waiting(tx: Tx, actor: Actor) -> list[Waiting]:
    """Whatever of theirs waits, whatever they may agree to, and for leads everything; oldest first."""
    policy = policies.load(tx, actor.workspace_id).policy
    author = None if actor.can.lead else actor.membership_id  # else hundreds of others' would hide one's own
    found: list[tuple[Reply, ReplyItem]] = [
        (r, public.item(r)) for r in public.unsent(tx, actor.workspace_id, author, MOST)
    ]
    if actor.can.see_private:
        found += [(r, direct.item(r)) for r in direct.unsent(tx, actor.workspace_id, author, MOST)]
    cases = rows.load(tx, {(actor.workspace_id, reply.case_id) for reply, _ in found})
    stopped = barrier.stopped_channels(tx, actor.workspace_id) if found else set()
    shown = [
        Waiting(reply=item, case=cases[reply.case_id], may=_may(tx, actor, policy, reply, reply.channel_id in stopped))
        for reply, item in sorted(found, key=lambda pair: pair[0].id)
    ]
    return [one for one in shown if one.may != May(take_back=False, release=False, agree=False)][:MOST]


def _may(tx: Tx, actor: Actor, policy: PublishingPolicy, reply: Reply, stopped: bool) -> May:
    own = reply.author_id == actor.membership_id
    ours = actor.can.answer and (own or actor.can.lead)
    return May(
        take_back=ours,
        release=ours and not stopped and reply.state in (State.HELD, State.REVIEW),
        agree=not stopped and reply.state is State.APPROVAL and actor.can.answer and _agrees(tx, actor, policy, reply),
    )


def _agrees(tx: Tx, actor: Actor, policy: PublishingPolicy, reply: Reply) -> bool:
    waited = tx.at - (reply.asked_at or tx.at)
    if reply.author_id == actor.membership_id and still_alone(tx, policy, reply):
        return waited >= LOOK_TWICE
    who = Colleague(actor.membership_id, actor.role)
    return may_agree_to(policy, who, author_id=reply.author_id, edited_by=reply.edited_by, waited=waited)
