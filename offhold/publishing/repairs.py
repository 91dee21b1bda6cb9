"""This should not be public: taken off the network, kept as evidence, answered for, in one act.

The deletion is the sender's work and takes as long as the network takes; the rest is done when the act returns. Copies
that others made remain, and the screen says so.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from offhold.cases import acts
from offhold.cases.apply import add_events, announce_cases
from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid
from offhold.people.actors import Actor
from offhold.people.pages import About, do_page
from offhold.publishing import drafts, public
from offhold.publishing.apologies import apology
from offhold.publishing.conclude import Locked, announce, conclude, lock
from offhold.publishing.drafts import Draft, Words
from offhold.publishing.graph import Interrupted, Lapsed, State
from offhold.publishing.replies import PublicReply, Reply
from offhold.publishing.standing import Rule

LONGEST_REASON = 500


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """`gone_at`: when the network confirmed that it is deleted; `refused`: its words when it would not."""

    id: str
    reply_id: str
    case_id: str
    reason: str
    by: str
    at: datetime
    lead_id: str | None
    gone_at: datetime | None
    refused: str | None
    text: str


class Repaired(msgspec.Struct, frozen=True, kw_only=True):
    """A repair, and what was drafted to say instead: to the customer, and to everyone once somebody agreed."""

    repair: Repair
    direct_draft: Draft
    public_draft: Draft


_COLUMNS = "id, reply_id, case_id, reason, by_name, at, lead_id, gone_at, refused, said ->> 'text'"
_OF_REPLY = f"SELECT {_COLUMNS} FROM repairs WHERE workspace_id = %s AND reply_id = %s"
_OF_CASE = f"SELECT {_COLUMNS} FROM repairs WHERE workspace_id = %s AND case_id = %s ORDER BY id"
_INSERT = """
INSERT INTO repairs (workspace_id, id, reply_id, case_id, reason, said, by_id, by_name, lead_id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_END = """
UPDATE repairs SET gone_at = %s, refused = %s
WHERE workspace_id = %s AND reply_id = %s AND gone_at IS NULL AND refused IS NULL RETURNING case_id
"""
_STILL_THERE = """
SELECT 1 FROM public_replies
WHERE workspace_id = %s AND thread = %s AND withdraw_at IS NOT NULL AND network_id IS NOT NULL LIMIT 1
"""
# What stood there and how far it had gone: likes, reposts and replies when somebody noticed.
_STOOD = """
SELECT url, likes, reposts, replies, at FROM messages WHERE workspace_id = %s AND reply_id = %s ORDER BY at LIMIT 1
"""
_LEAD = """
SELECT m.id FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.workspace_id = %s AND u.is_active AND m.role IN ('lead', 'admin')
ORDER BY m.role DESC, (SELECT count(*) FROM cases c WHERE c.workspace_id = m.workspace_id AND c.assignee_id = m.id
  AND c.state = 'open'), m.id LIMIT 1
"""
_LANGUAGE = """
SELECT lang FROM messages WHERE workspace_id = %s AND case_id = %s AND identity_id IS NOT NULL AND lang IS NOT NULL
ORDER BY at DESC LIMIT 1
"""


def repair(tx: Tx, actor: Actor, reply_id: int, reason: str) -> Repaired:
    """Take a published reply back and do all that follows, once.

    Raises `Forbidden`, `NotFound`, `Conflict`, `Invalid`.
    """
    held = lock(tx, public.LINE, actor.workspace_id, _head(tx, actor.workspace_id, reply_id))
    reply_id = held.reply.id
    earlier = tx.one(_OF_REPLY, (actor.workspace_id, reply_id))
    actor.check_may("answer")
    if earlier is not None:  # a second click, or a colleague
        return _with_drafts(tx, held, _from_row(earlier))
    why = _check(held.reply, reason)
    lead = actor.membership_id if actor.can.lead else _lead(tx, actor.workspace_id)
    made = _write(tx, actor, held, why, lead)
    for each in _all_of_it(tx, held):
        _take_back(each, {"event": "Repaired", "by": actor.duty_name, "reason": why})
    _draft(tx, actor, held)
    _tell(tx, actor, held, why, lead)
    tx.run("NOTIFY offhold_replies")
    return _with_drafts(tx, held, made)


def _head(tx: Tx, workspace_id: int, reply_id: int) -> int:
    """The reply that stands for all it went out as. Raises `NotFound`."""
    thread = public.find(tx, workspace_id, reply_id).thread
    return reply_id if thread is None else thread.head


def _all_of_it(tx: Tx, held: Locked[PublicReply]) -> list[Locked[PublicReply]]:
    """It, and every part of it that was meant since, each in hand. What is meant later is taken back as it is out."""
    reply = held.reply
    if reply.thread is None:
        return [held]
    after = public.of_thread(tx, reply.workspace_id, reply.id)[1:]
    return [held, *(lock(tx, public.LINE, reply.workspace_id, each.id) for each in after)]


def _take_back(held: Locked[PublicReply], evidence: dict[str, Any]) -> None:
    """What is out is deleted there; what has not begun to go does not."""
    if held.reply.state is State.SENT and held.reply.network_id is not None:
        held.line.ledger.take_back_what_is_out(held.tx, held.reply, evidence)
        announce(held)
    elif held.reply.state is State.INTENT and not held.reply.standing.doubted:
        conclude(held, Interrupted("repaired", "It was taken down."), Rule())
        _take_back(lock(held.tx, held.line, held.reply.workspace_id, held.reply.id), evidence)
    elif held.reply.state is State.REVIEW:
        conclude(held, Lapsed("repaired", "It was taken down."), Rule())


def of_case(tx: Tx, workspace_id: int, case_id: int) -> list[Repair]:
    """What was taken back in a case, oldest first."""
    return [_from_row(row) for row in tx.rows(_OF_CASE, (workspace_id, case_id))]


def do_end(tx: Tx, reply: Reply, *, refused: str | None) -> None:
    """The network deleted it, or would not: say so where it is looked at."""
    head = reply.id
    if isinstance(reply, PublicReply) and reply.thread is not None:
        head = reply.thread.head
        if refused is None and tx.one(_STILL_THERE, (reply.workspace_id, head)) is not None:
            return
    row = tx.one(_END, (None if refused else tx.at, refused, reply.workspace_id, head))
    if row is not None:
        kind = "reply.not_withdrawn" if refused else "reply.withdrawn"
        add_events(tx, [(reply.workspace_id, row[0], kind, {"why": refused} if refused else {})])


def _check(reply: Reply, reason: str) -> str:
    why = reason.strip()
    if len(why) > LONGEST_REASON:
        raise Invalid("Say why in at most 500 characters.", code="reason_too_long")
    if reply.state is not State.SENT or reply.network_id is None:
        raise Conflict("It does not stand on the network.", code="not_out", state=reply.state.value)
    return why


def _lead(tx: Tx, workspace_id: int) -> int | None:
    """Whoever leads and has the fewest open cases."""
    row = tx.one(_LEAD, (workspace_id,))
    return None if row is None else int(row[0])


def _write(tx: Tx, actor: Actor, held: Locked[Any], why: str, lead: int | None) -> Repair:
    reply = held.reply
    row = tx.one(_STOOD, (reply.workspace_id, reply.id)) or (None, None, None, None, reply.sent_at)
    said = dict(zip(("url", "likes", "reposts", "replies", "at"), row, strict=True))
    said |= {"text": reply.text, "network_id": reply.network_id, "sha256": reply.text_sha256.hex()}
    tx.run(
        _INSERT,
        (reply.workspace_id, ids.new(), reply.id, held.case_id, why, jsons.encode(said).decode(), actor.membership_id,
         actor.duty_name, lead, tx.at),
    )  # fmt: skip
    made = tx.one(_OF_REPLY, (reply.workspace_id, reply.id))
    assert made is not None  # written above
    return _from_row(made)


def _draft(tx: Tx, actor: Actor, held: Locked[Any]) -> None:
    """An apology to the customer alone, and the public words to be put right, for somebody to agree to."""
    reply = held.reply
    row = tx.one(_LANGUAGE, (reply.workspace_id, held.case_id))
    sorry = Words(text=apology(None if row is None else row[0]))
    drafts.DIRECT.do_put_first(tx, actor, held.case_id, sorry)
    again = Words(text=reply.text, in_reply_to=reply.in_reply_to, second_person=True)
    drafts.PUBLIC.do_put_first(tx, actor, held.case_id, again)


def _tell(tx: Tx, actor: Actor, held: Locked[Any], why: str, lead: int | None) -> None:
    reply = held.reply
    told = {"by": actor.duty_name, "reply_id": str(reply.id), "why": why}
    add_events(tx, [(reply.workspace_id, held.case_id, "reply.repaired", told)])
    case = acts.lock(tx, reply.workspace_id, held.case_id)
    if lead is not None:
        acts.do_assign(tx, case, lead, actor.duty_name, by_id=actor.membership_id)
    announce_cases(tx, [(reply.workspace_id, held.case_id)])
    about = About(subject=str(reply.id), case_id=held.case_id, channel_id=reply.channel_id)
    do_page(tx, reply.workspace_id, "repair", about, by=actor.duty_name)


def _with_drafts(tx: Tx, held: Locked[Any], made: Repair) -> Repaired:
    workspace_id = held.reply.workspace_id
    direct = drafts.DIRECT.find(tx, workspace_id, held.case_id)
    again = drafts.PUBLIC.find(tx, workspace_id, held.case_id)
    if direct is None or again is None:
        raise Conflict("It was taken back before.", code="repaired_before")
    return Repaired(repair=made, direct_draft=direct, public_draft=again)


def _from_row(row: tuple[Any, ...]) -> Repair:
    repair_id, reply_id, case_id, reason, by, at, lead_id, gone_at, refused, text = row
    return Repair(
        id=str(repair_id),
        reply_id=str(reply_id),
        case_id=str(case_id),
        reason=reason,
        by=by,
        at=at,
        lead_id=None if lead_id is None else str(lead_id),
        gone_at=gone_at,
        refused=refused,
        text=text,
    )
