"""Meaning a reply, and deciding about one that a machine cannot settle.

`answer_publicly` and `answer_directly` are what a request does; `do_public_reply` and `do_direct_reply` write what was
checked and may not refuse. There is no third way in, and none that takes an audience.
"""

from __future__ import annotations

from typing import Any, TypeVar

from offhold.cases.apply import announce_cases
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict
from offhold.kernel.facts import Recorded
from offhold.people.actors import Actor
from offhold.publishing import accounts, barrier, direct, drafts, lanes, public
from offhold.publishing.asked import Decision, DirectAsk, PublicAsk
from offhold.publishing.check import check_direct_reply, check_lane, check_public_reply, lock_case
from offhold.publishing.conclude import Locked, conclude, lock, settle_by_echo
from offhold.publishing.graph import UNSENT, Event, GivenUp, ItWasSent, SendAgain, State
from offhold.publishing.items import ReplyChanged, Unsent, UnsentChanged, unsent_of
from offhold.publishing.replies import DirectReply, PublicReply, Reply
from offhold.publishing.standing import Rule

R = TypeVar("R", bound=Reply)
_MOVED_ON = "UPDATE cases SET version = version + 1 WHERE workspace_id = %s AND id = %s"


def answer_publicly(tx: Tx, actor: Actor, ask: PublicAsk) -> PublicReply:
    """Mean a public reply, once for each client key. Raises what `check_public_reply` raises."""
    actor.check_may("answer")
    barrier.pass_together(tx, actor.workspace_id)
    case = lock_case(tx, actor, ask.case_id)  # a double click waits here for its first half
    earlier = public.by_client_key(tx, actor.workspace_id, ask.client_key.lower())
    if earlier is not None:
        return _same(earlier, actor, ask.case_id)
    said = do_public_reply(tx, check_public_reply(tx, actor, case, ask))
    drafts.PUBLIC.do_said(tx, actor.workspace_id, case.id, ask.draft, ask.text, ask.pictures)
    return said


def answer_directly(tx: Tx, actor: Actor, ask: DirectAsk) -> DirectReply:
    """Mean a direct reply, once for each client key. Raises what `check_direct_reply` raises."""
    actor.check_may("answer")
    barrier.pass_together(tx, actor.workspace_id)
    case = lock_case(tx, actor, ask.case_id)
    earlier = direct.by_client_key(tx, actor.workspace_id, ask.client_key.lower())
    if earlier is not None:
        return _same(earlier, actor, ask.case_id)
    said = do_direct_reply(tx, check_direct_reply(tx, actor, case, ask))
    drafts.DIRECT.do_said(tx, actor.workspace_id, case.id, ask.draft, ask.text)
    return said


def do_public_reply(tx: Tx, reply: PublicReply) -> PublicReply:
    """Write a checked public reply as it begins, tell screens, wake the sender at commit. Returns it as it was written:
    while publishing is stopped it begins before a person."""
    reply = barrier.beginning(tx, reply)
    if not public.insert(tx, reply):
        raise Conflict("This key was used for another reply.", code="client_key_used")
    tx.record(Recorded(reply.workspace_id, ReplyChanged(reply=public.item(reply)), case_id=reply.case_id))
    _tell(tx, reply, unsent_of(reply, "public"))
    return reply


def do_direct_reply(tx: Tx, reply: DirectReply) -> DirectReply:
    """Write a checked direct reply as it begins, tell those who may see it, wake the sender at commit. Returns it as it
    was written: while publishing is stopped it begins before a person."""
    reply = barrier.beginning(tx, reply)
    if not direct.insert(tx, reply):
        raise Conflict("This key was used for another reply.", code="client_key_used")
    fact = ReplyChanged(reply=direct.item(reply))
    tx.record(Recorded(reply.workspace_id, fact, case_id=reply.case_id, private=True))
    _tell(tx, reply, unsent_of(reply, "private"))
    return reply


def _same(earlier: R, actor: Actor, case_id: int) -> R:
    """The call was repeated. Raises `Conflict` when its key belongs to something else that was said."""
    if (earlier.author_id, earlier.case_id) != (actor.membership_id, case_id):
        raise Conflict("This key was used for another reply.", code="client_key_used")
    return earlier


def _tell(tx: Tx, reply: Reply, waits: Unsent) -> None:
    """The case has moved on: who has not seen this reply must be shown it before they answer too."""
    tx.run(_MOVED_ON, (reply.workspace_id, reply.case_id))
    announce_cases(tx, [(reply.workspace_id, reply.case_id)])
    if reply.state in UNSENT:
        tx.record(Recorded(reply.workspace_id, UnsentChanged(unsent=waits)))
    tx.run("NOTIFY offhold_replies")


# --- what a person decides -----------------------------------------------------------------------------------


def decide_public_reply(tx: Tx, actor: Actor, reply_id: int, decision: Decision) -> PublicReply:
    """Settle a public reply that waits for a person. Raises `Forbidden`, `NotFound`, `Conflict`."""
    actor.check_may("answer")
    barrier.pass_together(tx, actor.workspace_id)
    held = lock(tx, public.LINE, actor.workspace_id, reply_id)
    if not _settled_meanwhile(held):
        if decision == "send_again":
            account = accounts.account(tx, actor.workspace_id, held.reply.channel_id)
            check_lane(lanes.public_lane(account, deleted=False))
        _decide(tx, held, actor, decision)
    return public.find(tx, actor.workspace_id, reply_id)


def decide_direct_reply(tx: Tx, actor: Actor, reply_id: int, decision: Decision) -> DirectReply:
    """Settle a direct reply that waits for a person. Raises `Forbidden`, `NotFound`, `Conflict`."""
    actor.check_may("answer")
    barrier.pass_together(tx, actor.workspace_id)
    held = lock(tx, direct.LINE, actor.workspace_id, reply_id)
    if not _settled_meanwhile(held):
        if decision == "send_again":
            account = accounts.account(tx, actor.workspace_id, held.reply.channel_id)
            check_lane(lanes.direct_lane(account))
        _decide(tx, held, actor, decision)
    return direct.find(tx, actor.workspace_id, reply_id)


def _settled_meanwhile(held: Locked[Any]) -> bool:
    """Did the network's copy come while the person thought. Raises `Conflict` when there is nothing to decide."""
    if held.reply.state is not State.NEEDS_HUMAN:
        raise Conflict("This reply does not wait for a decision.", code="not_waiting", state=held.reply.state.value)
    if held.reply.withdraw_at is not None:
        raise Conflict("This reply is being withdrawn on the network.", code="being_withdrawn")
    return held.reply.standing.error_code != "wrong_audience" and settle_by_echo(held, Rule())


def _decide(tx: Tx, held: Locked[Any], actor: Actor, decision: Decision) -> None:
    if decision == "it_was_sent" and held.reply.standing.error_code == "wrong_audience":
        raise Conflict("It was shown to the wrong people, so it was not sent.", code="wrong_audience")
    if decision == "send_again":
        barrier.check_not_stopped(tx, actor.workspace_id, held.reply.channel_id)
    events: dict[Decision, Event] = {
        "it_was_sent": ItWasSent(by=actor.duty_name),
        "send_again": SendAgain(by=actor.duty_name),
        "give_up": GivenUp(by=actor.duty_name),
    }
    conclude(held, events[decision], Rule())
    tx.run("NOTIFY offhold_replies")
