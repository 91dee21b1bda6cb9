"""Replies that wait before they go out: taken back, let go now, let go when their time has come, or stopped by events.

Nothing here sends. What leaves a gate becomes INTENT, and from there the sender takes it.
"""

from __future__ import annotations

from typing import Any

from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Forbidden
from offhold.people.actors import Actor
from offhold.promises.pledge import rows as pledges
from offhold.publishing import accounts, barrier, direct, lanes, news, public
from offhold.publishing.check import CaseAsked, check_fresh, check_lane, lock_case
from offhold.publishing.conclude import Locked, conclude, lock
from offhold.publishing.graph import UNSENT, Event, GivenUp, HoldEnded, Interrupted, Lapsed, Released, State
from offhold.publishing.line import Line
from offhold.publishing.parts import parts
from offhold.publishing.replies import DirectReply, PublicReply
from offhold.publishing.standing import Rule

_ANSWERS_DELETED = "SELECT deleted_at FROM messages WHERE workspace_id = %s AND id = %s"
_RESOLVED = """
SELECT params ->> 'by', params ->> 'by_id' FROM case_events
WHERE workspace_id = %s AND case_id = %s AND kind = 'case.resolved' AND at >= %s
ORDER BY at DESC, id DESC LIMIT 1
"""
_STATE = "SELECT state FROM cases WHERE workspace_id = %s AND id = %s"


# --- what a person does --------------------------------------------------------------------------------------


def take_back_public(tx: Tx, actor: Actor, reply_id: int) -> PublicReply:
    """It shall not go out after all. Raises `Forbidden`, `NotFound`, `Conflict` when it is on its way."""
    _take_back(lock(tx, public.LINE, actor.workspace_id, reply_id), actor)
    return public.find(tx, actor.workspace_id, reply_id)


def take_back_direct(tx: Tx, actor: Actor, reply_id: int) -> DirectReply:
    """It shall not go out after all. Raises `Forbidden`, `NotFound`, `Conflict` when it is on its way."""
    _take_back(lock(tx, direct.LINE, actor.workspace_id, reply_id), actor)
    return direct.find(tx, actor.workspace_id, reply_id)


def release_public(tx: Tx, actor: Actor, reply_id: int, seen_version: int) -> PublicReply:
    """Let it go now: the hold is cut short, or somebody looked again. Raises `Forbidden`, `Conflict`, `Stale`."""
    barrier.pass_together(tx, actor.workspace_id)
    held = lock(tx, public.LINE, actor.workspace_id, reply_id)
    deleted = tx.one(_ANSWERS_DELETED, (actor.workspace_id, held.reply.in_reply_to))
    account = accounts.account(tx, actor.workspace_id, held.reply.channel_id)
    check_lane(lanes.public_lane(account, deleted=deleted is None or deleted[0] is not None))
    _release(held, actor, seen_version)
    return public.find(tx, actor.workspace_id, reply_id)


def release_direct(tx: Tx, actor: Actor, reply_id: int, seen_version: int) -> DirectReply:
    """Let it go now: the hold is cut short, or somebody looked again. Raises `Forbidden`, `Conflict`, `Stale`."""
    barrier.pass_together(tx, actor.workspace_id)
    held = lock(tx, direct.LINE, actor.workspace_id, reply_id)
    check_lane(lanes.direct_lane(accounts.account(tx, actor.workspace_id, held.reply.channel_id)))
    _release(held, actor, seen_version)
    return direct.find(tx, actor.workspace_id, reply_id)


def _take_back(held: Locked[Any], actor: Actor) -> None:
    check_own(held, actor)
    if held.reply.state is State.CANCELLED:
        return
    if held.reply.state not in UNSENT:
        raise Conflict("It is on its way already.", code="too_late", state=held.reply.state.value)
    conclude(held, GivenUp(by=actor.duty_name), Rule())


def _release(held: Locked[Any], actor: Actor, seen_version: int) -> None:
    check_own(held, actor)
    if held.reply.state not in (State.HELD, State.REVIEW):
        raise Conflict("This reply does not wait to be let go.", code="not_waiting", state=held.reply.state.value)
    barrier.check_not_stopped(held.tx, actor.workspace_id, held.reply.channel_id)
    case = locked_case(held.tx, actor, held.case_id)
    check_fresh(held.tx, actor, case, seen_version, anyway=True)
    conclude(held, Released(by=actor.duty_name), Rule())
    held.tx.run("NOTIFY offhold_replies")


def check_own(held: Locked[Any], actor: Actor) -> None:
    """Its author, or a lead. Raises `Forbidden`."""
    actor.check_may("answer")
    if held.reply.author_id != actor.membership_id and not actor.can.lead:
        raise Forbidden("Only its author or a lead can do this.", code="not_yours")


def locked_case(tx: Tx, actor: Actor, case_id: int) -> CaseAsked:
    """The case a reply is in by now, which `lock` holds already."""
    return lock_case(tx, actor, case_id)


# --- what happens by itself ----------------------------------------------------------------------------------


def let_go(held: Locked[Any], rule: Rule) -> None:
    """Its time has come: it goes, unless something came between."""
    conclude(held, obstacle(held) or HoldEnded(), rule)


def obstacle(held: Locked[Any]) -> Event | None:
    """Why a held reply must not go by itself now; None: nothing stands against it."""
    found = lapsed(held) or _interrupted(held)
    if isinstance(found, Interrupted) and held.reply.automatic:  # nobody wrote it, so nobody is asked about it
        return Lapsed(found.code, found.reason)
    return found


def lapsed(held: Locked[Any]) -> Lapsed | None:
    """What it answers is gone, or somebody else called the matter solved. Its author may: "send and resolve"."""
    tx, reply = held.tx, held.reply
    if reply.automatic and pledges.binds(tx, reply.workspace_id, held.case_id):
        return Lapsed("asked_for_a_human", "The customer asked for a human; no machine answers them now.")
    if reply.in_reply_to is not None:
        answered = tx.one(_ANSWERS_DELETED, (reply.workspace_id, reply.in_reply_to))
        if answered is not None and answered[0] is not None:
            return Lapsed("message_deleted", "The message this answers was deleted.")
    state = tx.one(_STATE, (reply.workspace_id, held.case_id))
    if state is not None and state[0] == "resolved":
        by = tx.one(_RESOLVED, (reply.workspace_id, held.case_id, reply.created_at))
        if by is not None and by[1] != str(reply.author_id):
            return Lapsed("case_resolved", f"{by[0]} resolved the case.")
    return None


def _interrupted(held: Locked[Any]) -> Interrupted | None:
    reply = held.reply
    stopped = barrier.over(held.tx, reply.workspace_id, reply.channel_id)
    if stopped is not None:
        return stopped.event
    if held.case_id != reply.case_id:  # and versions of one case say nothing about the other
        return Interrupted("regrouped", "The case was merged.")
    news_of_it = news.since(
        held.tx, workspace_id=reply.workspace_id, case_id=held.case_id, version=reply.case_version,
        author_id=reply.author_id,
    )  # fmt: skip
    others = [item for item in news_of_it if not news.is_the_customers(item)]
    if any(item["type"] == "event" for item in others):
        return Interrupted("regrouped", "The case was merged or split.")
    if others:
        return Interrupted("answered", "Somebody else answered meanwhile.")
    if news_of_it and not reply.anyway:
        return Interrupted("customer_wrote", "The customer wrote again.")
    return None


def lapse_of_case(tx: Tx, workspace_id: int, case_id: int) -> None:
    """A case was resolved, or words in it were deleted: whatever waits on that says so at once."""
    merged = parts(tx, workspace_id, case_id)
    for line in LINES:
        for reply_id in line.ledger.unsent_of(tx, workspace_id, merged):
            held = lock(tx, line, workspace_id, reply_id)
            gone = lapsed(held)
            if gone is not None:
                conclude(held, gone, Rule())


LINES: tuple[Line[Any, Any], ...] = (public.LINE, direct.LINE)
