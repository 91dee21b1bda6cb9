"""A second person agrees to a reply, changes it, or sends it back. What goes out is what was agreed to.

Nobody agrees to their own words, and who changes words makes them their own: changed ones wait again, for their first
author or for anybody else who is asked. So of all that goes out through here, two people have read every word. Where
there is nobody else, the author looks again, half a minute later.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

import msgspec

from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Forbidden, Invalid
from offhold.people.actors import Actor
from offhold.people.notices import do_notice
from offhold.publishing import (
    accounts,
    barrier,
    before,
    check,
    direct,
    gate,
    guarding,
    lanes,
    policies,
    public,
    threads,
    unsent,
)
from offhold.publishing.actions import do_direct_reply, do_public_reply
from offhold.publishing.approval import LOOK_TWICE, Colleague, edited, may_agree_to, nobody_else
from offhold.publishing.conclude import Locked, conclude, lock
from offhold.publishing.graph import Approved, Lapsed, SentBack, State
from offhold.publishing.guarding import Where
from offhold.publishing.parts import parts
from offhold.publishing.policy import PublishingPolicy, private_hold, public_hold
from offhold.publishing.replies import DirectReply, Looked, PublicReply, Reply
from offhold.publishing.standing import Rule

LONGEST_COMMENT = 2000


def approve_public(tx: Tx, actor: Actor, reply_id: int, seen_version: int) -> PublicReply:
    """Agree to exactly these words. Raises `Forbidden`, `NotFound`, `Conflict`, `Stale`."""
    barrier.pass_together(tx, actor.workspace_id)
    held = lock(tx, public.LINE, actor.workspace_id, reply_id)
    policy = _check(held, actor, seen_version)
    check.check_lane(lanes.public_lane(accounts.account(tx, actor.workspace_id, held.reply.channel_id), deleted=False))
    _agree(held, actor, public_hold(policy, held.reply.channel_id))
    return public.find(tx, actor.workspace_id, reply_id)


def approve_direct(tx: Tx, actor: Actor, reply_id: int, seen_version: int) -> DirectReply:
    """Agree to exactly these words. Raises `Forbidden`, `NotFound`, `Conflict`, `Stale`."""
    barrier.pass_together(tx, actor.workspace_id)
    held = lock(tx, direct.LINE, actor.workspace_id, reply_id)
    policy = _check(held, actor, seen_version)
    check.check_lane(lanes.direct_lane(accounts.account(tx, actor.workspace_id, held.reply.channel_id)))
    _agree(held, actor, private_hold(policy, held.reply.channel_id))
    return direct.find(tx, actor.workspace_id, reply_id)


def send_back_public(tx: Tx, actor: Actor, reply_id: int, comment: str) -> PublicReply:
    """Not like this. Raises `Forbidden`, `NotFound`, `Conflict`, `Invalid`."""
    _send_back(lock(tx, public.LINE, actor.workspace_id, reply_id), actor, comment)
    return public.find(tx, actor.workspace_id, reply_id)


def send_back_direct(tx: Tx, actor: Actor, reply_id: int, comment: str) -> DirectReply:
    """Not like this. Raises `Forbidden`, `NotFound`, `Conflict`, `Invalid`."""
    _send_back(lock(tx, direct.LINE, actor.workspace_id, reply_id), actor, comment)
    return direct.find(tx, actor.workspace_id, reply_id)


# --- changing the words --------------------------------------------------------------------------------------


class Change(msgspec.Struct, frozen=True):
    """Other words, by somebody who has seen version `seen_version` of the case, and the causes of the guard's findings
    they let stand."""

    text: str
    seen_version: int
    accepted: frozenset[str] = frozenset()


def edit_public(tx: Tx, actor: Actor, reply_id: int, change: Change) -> PublicReply:
    """Other words in the place of the first: a reply of its own, by the same author. They or another must agree to it.
    Raises as the rest."""
    barrier.pass_together(tx, actor.workspace_id)
    held = lock(tx, public.LINE, actor.workspace_id, reply_id)
    policy, reply = _check(held, actor, change.seen_version), held.reply
    account, channel = accounts.sealed(tx, actor.workspace_id, reply.channel_id)
    check.check_lane(lanes.public_lane(account, deleted=False))
    assert account.manifest is not None  # an open lane has a network
    text, posts = check.check_changed_text(change.text, account.manifest, reply)
    said = guarding.public_words(text, reply.pictures, "public")
    where = Where(held.case_id, reply.channel_id)
    looked = gate.let_stand(guarding.findings(tx, actor, where, said, policy), change.accepted)
    connector, key = accounts.connector(account.network), uuid.uuid4().hex
    assert connector is not None  # it gave the manifest
    changed = _edited(held, actor, text, looked, policy)
    _replaced(held)
    prepared = connector.prepare_public(channel, key, tx.at)
    thread = threads.meant((changed["id"], key), posts, connector, channel, tx.at)
    edited: PublicReply = msgspec.structs.replace(reply, key=key, prepared=prepared, thread=thread, **changed)
    do_public_reply(tx, edited)
    return edited


def edit_direct(tx: Tx, actor: Actor, reply_id: int, change: Change) -> DirectReply:
    """Other words in the place of the first: a reply of its own, by the same author. They or another must agree to it.
    Raises as the rest."""
    barrier.pass_together(tx, actor.workspace_id)
    held = lock(tx, direct.LINE, actor.workspace_id, reply_id)
    policy, reply = _check(held, actor, change.seen_version), held.reply
    account, channel = accounts.sealed(tx, actor.workspace_id, reply.channel_id)
    check.check_lane(lanes.direct_lane(account))
    assert account.manifest is not None  # an open lane has a network
    text = check.check_text(change.text, account.manifest.private_text)
    said = guarding.private_words(text, "private")
    where = Where(held.case_id, reply.channel_id)
    looked = gate.let_stand(guarding.findings(tx, actor, where, said, policy), change.accepted)
    connector, key = accounts.connector(account.network), uuid.uuid4().hex
    assert connector is not None  # it gave the manifest
    changed = _edited(held, actor, text, looked, policy)
    _replaced(held)
    prepared = connector.prepare_direct(channel, key, tx.at)
    edited: DirectReply = msgspec.structs.replace(reply, key=key, prepared=prepared, **changed)
    do_direct_reply(tx, edited)
    return edited


# --- what they have in common, and none of it knows who will read it -----------------------------------------


def _check(held: Locked[Any], actor: Actor, seen_version: int) -> PublishingPolicy:
    """May they agree to it now, having seen the case as it is."""
    policy = check_asked(held, actor)
    gone = unsent.lapsed(held)  # it is cancelled when that happens, unless its case became part of another meanwhile
    if gone is not None:
        raise Conflict(gone.reason, code=gone.code)
    barrier.check_not_stopped(held.tx, actor.workspace_id, held.reply.channel_id)
    check.check_fresh(held.tx, actor, check.lock_case(held.tx, actor, held.case_id), seen_version, anyway=False)
    return policy


def check_asked(held: Locked[Any], actor: Actor) -> PublishingPolicy:
    """Are they among those who are asked. Raises `Forbidden`, `Conflict`."""
    actor.check_may("answer")
    reply, at = held.reply, held.tx.at
    if reply.state is not State.APPROVAL:
        raise Conflict("Nobody has to agree to this now.", code="not_waiting", state=reply.state.value)
    policy = policies.load(held.tx, actor.workspace_id).policy
    waited = at - (reply.asked_at or at)
    if reply.author_id == actor.membership_id and still_alone(held.tx, policy, reply):
        if waited < LOOK_TWICE:
            raise Conflict("Look at it once more first.", code="look_twice", seconds=int((LOOK_TWICE - waited).seconds))
        return policy
    colleague, words = Colleague(actor.membership_id, actor.role), (reply.author_id, reply.edited_by)
    if not may_agree_to(policy, colleague, author_id=words[0], edited_by=words[1], waited=waited):
        own = actor.membership_id in words
        raise Forbidden("You are not asked to agree to this.", code="your_own_words" if own else "not_asked")
    return policy


def still_alone(tx: Tx, policy: PublishingPolicy, reply: Reply) -> bool:
    """There was nobody else when it was written, and nobody came since."""
    return reply.alone and nobody_else(policy, gate.team(tx, reply.workspace_id), reply.author_id)


def _agree(held: Locked[Any], actor: Actor, hold: timedelta) -> None:
    seen = check.lock_case(held.tx, actor, held.case_id).version if held.case_id == held.reply.case_id else 0
    held.line.ledger.agree(
        held.tx, held.reply, actor.membership_id, actor.duty_name, max(seen, held.reply.case_version)
    )
    conclude(held, Approved(by=actor.duty_name, wait=_wait(held.reply, held.tx, hold).total_seconds()), Rule())
    _pass_over_others(held)
    held.tx.run("NOTIFY offhold_replies")


def _wait(reply: Reply, tx: Tx, hold: timedelta) -> timedelta:
    return hold if reply.scheduled_for is None else max(hold, reply.scheduled_for - tx.at)


def _pass_over_others(held: Locked[Any]) -> None:
    """Several candidates for one answer: one was chosen."""
    chosen = held.reply
    merged = parts(held.tx, chosen.workspace_id, held.case_id)
    for reply_id in held.line.ledger.asked_beside(held.tx, chosen, merged):
        conclude(lock(held.tx, held.line, chosen.workspace_id, reply_id), Lapsed("another_chosen", ""), Rule())


def _send_back(held: Locked[Any], actor: Actor, comment: str) -> None:
    check_asked(held, actor)
    words = comment.strip()
    if not 0 < len(words) <= LONGEST_COMMENT:
        raise Invalid("Say why, in at most 2,000 characters.", code="comment_needed")
    conclude(held, SentBack(by=actor.duty_name, comment=words), Rule())
    do_notice(held.tx, actor.workspace_id, held.reply.author_id, "sent_back", held.case_id, by=actor.duty_name)


def _replaced(held: Locked[Any]) -> None:
    """The words as they were make way for those that are to be agreed to."""
    conclude(held, Lapsed("edited", "Somebody changed the words."), Rule())


def _edited(
    held: Locked[Any], actor: Actor, text: str, looked: tuple[Looked, ...], policy: PublishingPolicy
) -> dict[str, Any]:
    if held.reply.author_id == actor.membership_id:
        raise Conflict("Take your own words back, and write them anew.", code="your_own_words")
    tx = held.tx
    return {
        "id": ids.new(),
        "case_id": held.case_id,
        "case_version": check.lock_case(tx, actor, held.case_id).version,  # which has nothing they did not see
        "client_key": uuid.uuid4().hex,
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).digest(),
        "looked": looked,
        "asks": edited(held.reply.asks, actor.duty_name),
        "asked_at": tx.at,
        "alone": False,
        "agreed": None,
        "edited_by": actor.membership_id,
        "edited_from": held.reply.id,
        "created_at": tx.at,
        "standing": before.waiting(tx.at, Rule(), policy.backup_after),
    }
