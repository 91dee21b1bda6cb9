"""One attempt, one look, one withdrawal: the transactions before and after each time the network is spoken to.

Each function here is one transaction and touches no network; `sender` speaks between them. Wherever a process dies
between two of them, the rows say enough for the next one to go on without guessing.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, Generic, TypeVar

import msgspec

from offhold.channels.credentials import do_store_secrets
from offhold.connectors import registry
from offhold.connectors.contract import Channel, Connector, Receipt
from offhold.kernel.db.tx import Tx, transaction_over
from offhold.people.notices import do_notices, leads_of
from offhold.people.pages import About, do_page
from offhold.promises.pledge import rows as pledges
from offhold.publishing import accounts, barrier, gate, lanes, policies, repairs, unsent, writers
from offhold.publishing.approval import may_agree_to
from offhold.publishing.conclude import Locked, announce, conclude, lock, note, settle_by_echo
from offhold.publishing.graph import Began, Blocked, Crashed, Event, Lapsed, Looking, Overdue, State
from offhold.publishing.lanes import Account
from offhold.publishing.line import Gone, Line, PictureOf
from offhold.publishing.pace import Pace, rule_of
from offhold.publishing.replies import Reply
from offhold.publishing.standing import Rule
from offhold.publishing.steps import step
from offhold.publishing.writers import Hold

R = TypeVar("R", bound=Reply)
O = TypeVar("O")  # noqa: E741 - what a connector is handed

_ASKED = (State.UNKNOWN, State.RECONCILING)
LOOK_AGAIN = timedelta(seconds=60)


class Opened(msgspec.Struct, Generic[R, O], frozen=True):
    """A reply about to be spoken of with the network. `n`: the attempt's number, 0 for a look. `knew`: the newest stop
    there was when it began, by its number."""

    reply: R
    n: int
    out: O
    channel: Channel
    connector: Connector
    rule: Rule
    knew: int = 0


def begin(line: Line[R, O], hold: Hold, reply_id: int, pace: Pace, picture: PictureOf) -> Opened[R, O] | None:
    """Commit an attempt, so that a socket may be opened. None: it may not, and what follows from that is written."""
    with transaction_over([hold.workspace_id]) as tx:
        barrier.pass_together(tx, hold.workspace_id)
        held = lock(tx, line, hold.workspace_id, reply_id)
        reply = held.reply
        if not _mine(tx, hold, pace) or reply.state is not State.INTENT or not _due(held):
            return None
        account, sealed = accounts.sealed(tx, reply.workspace_id, reply.channel_id)
        rule = _rule(line, account, pace)
        if settle_by_echo(held, rule):
            return None
        knew, over = barrier.known(tx, hold.workspace_id, reply.channel_id)
        objection = over.event if over is not None else _objection(held, account)
        if objection is not None:
            conclude(held, objection, rule)
            return None
        if account.health == "login_expired":
            line.ledger.look_later(tx, reply, tx.at + timedelta(seconds=rule.locked_out_for))
            return None
        try:
            out = line.out(tx, reply, picture)
        except Gone as gone:
            conclude(held, Blocked("picture_gone", str(gone)), rule)
            return None
        channel = accounts.opened(tx, sealed)
        n = _open(held, hold, rule, pace)
        return Opened(reply, n, out, channel, registry.get(account.network), rule, knew)


def _open(held: Locked[Any], hold: Hold, rule: Rule, pace: Pace) -> int:
    """Write down that a socket is about to be opened. Returns the attempt's number."""
    deadline = held.tx.at + timedelta(seconds=pace.request_seconds)
    ready = msgspec.structs.replace(held.reply.standing, deadline=deadline)
    begun = step(ready, Began(), rule, held.tx.at).standing
    n = held.line.ledger.open_attempt(held.tx, held.reply, begun, hold.fence)
    announce(held, msgspec.structs.replace(held.reply, standing=begun, attempts=n))
    return n


def seconds_left(hold: Hold, opened: Opened[Any, Any]) -> tuple[float, Event | None]:
    """For how long the channel is ours yet, and what came between: asked once more when all is ready and the socket is
    next. A stop is heard of by a wake-up too; here it is found by a sender that cannot hear."""
    with transaction_over([hold.workspace_id]) as tx:
        stopped = barrier.over(tx, hold.workspace_id, hold.channel_id, after=opened.knew)
        return writers.seconds_seen(tx, hold), None if stopped is None else stopped.event


def settle(line: Line[R, O], opened: Opened[R, O], event: Event, receipt: Receipt | None) -> None:
    """Write down how an attempt ended."""
    with transaction_over([opened.reply.workspace_id]) as tx:
        held = lock(tx, line, opened.reply.workspace_id, opened.reply.id)
        line.ledger.close_attempt(tx, held.reply, opened.n, type(event).__name__, getattr(event, "reason", ""))
        _keep_secrets(tx, opened.channel, receipt)
        if held.reply.state is State.SENDING and held.reply.attempts == opened.n:
            conclude(held, event, opened.rule, receipt)
        else:
            note(held, event, opened.rule, receipt)


def begin_look(line: Line[R, O], hold: Hold, reply_id: int, pace: Pace) -> Opened[R, O] | None:
    """Commit that the network is about to be asked. None: its echo came first, or it is not ours to ask."""
    with transaction_over([hold.workspace_id]) as tx:
        held = lock(tx, line, hold.workspace_id, reply_id)
        reply = held.reply
        if not _mine(tx, hold, pace) or reply.state not in _ASKED or not _due(held):
            return None
        account, sealed = accounts.sealed(tx, reply.workspace_id, reply.channel_id)
        rule = _rule(line, account, pace)
        if settle_by_echo(held, rule):
            return None
        looking = step(reply.standing, Looking(), rule, tx.at).standing
        line.ledger.stand(tx, reply, looking, network_id=reply.network_id)
        if reply.state is State.UNKNOWN:
            announce(held, msgspec.structs.replace(reply, standing=looking))
        channel = accounts.opened(tx, sealed)
        return Opened(reply, 0, line.out(tx, reply, None), channel, registry.get(account.network), rule)


def settle_look(line: Line[R, O], opened: Opened[R, O], event: Event, receipt: Receipt | None) -> None:
    """Write down what a look showed."""
    with transaction_over([opened.reply.workspace_id]) as tx:
        held = lock(tx, line, opened.reply.workspace_id, opened.reply.id)
        _keep_secrets(tx, opened.channel, receipt)
        if held.reply.state is State.RECONCILING and held.reply.attempts == opened.reply.attempts:
            conclude(held, event, opened.rule, receipt, read_back=True)
        else:
            note(held, event, opened.rule, receipt, read_back=True)


def give_up_attempt(line: Line[R, Any], hold: Hold, reply_id: int, pace: Pace) -> None:
    """An attempt whose process or lease died: nobody knows how far it came."""
    with transaction_over([hold.workspace_id]) as tx:
        held = lock(tx, line, hold.workspace_id, reply_id)
        if held.reply.state is State.SENDING and writers.seconds_left(tx, hold) > 0:
            line.ledger.close_attempt(tx, held.reply, held.reply.attempts, Crashed.__name__, "")
            conclude(held, Crashed(), _rule(line, _account(held), pace))


def postpone(line: Line[R, Any], hold: Hold, reply_id: int) -> None:
    """Something of ours failed around it: look again in a while. An open attempt keeps its own time."""
    with transaction_over([hold.workspace_id]) as tx:
        held = lock(tx, line, hold.workspace_id, reply_id)
        if held.reply.state is not State.SENDING:
            line.ledger.look_later(tx, held.reply, tx.at + LOOK_AGAIN)


# --- gates whose time is over --------------------------------------------------------------------------------


def let_go(line: Line[R, Any], hold: Hold, reply_id: int, pace: Pace) -> None:
    """A hold is over: it goes, unless something came between."""
    with transaction_over([hold.workspace_id]) as tx:
        barrier.pass_together(tx, hold.workspace_id)
        held = lock(tx, line, hold.workspace_id, reply_id)
        if held.reply.state is State.HELD and _due(held):
            unsent.let_go(held, _rule(line, _account(held), pace))


def lapse(line: Line[R, Any], hold: Hold, reply_id: int, pace: Pace) -> None:
    """Nobody agreed to it in time: somebody else is asked too, and at the end it lapses."""
    with transaction_over([hold.workspace_id]) as tx:
        held = lock(tx, line, hold.workspace_id, reply_id)
        if held.reply.state is not State.APPROVAL or not _due(held):
            return
        if tx.at >= held.reply.standing.until:
            conclude(held, Lapsed("nobody_agreed", "Nobody agreed to it in time."), _rule(line, _account(held), pace))
            return
        line.ledger.look_later(tx, held.reply, held.reply.standing.until)
        about = About(subject=str(reply_id), case_id=held.case_id, channel_id=hold.channel_id)
        do_page(tx, hold.workspace_id, "backup_asked", about, by=held.reply.duty_name)
        _tell_backups(held)
        announce(held)


def _tell_backups(held: Locked[Any]) -> None:
    """Pages are for those who lead; a backup who is named and does not is told like anybody else who is needed."""
    tx, reply = held.tx, held.reply
    policy = policies.load(tx, reply.workspace_id).policy
    leads, waited = leads_of(tx, reply.workspace_id), tx.at - (reply.asked_at or tx.at)
    asked = [
        who.membership_id
        for who in gate.team(tx, reply.workspace_id)
        if str(who.membership_id) in policy.backups and who.membership_id not in leads
        and may_agree_to(policy, who, author_id=reply.author_id, edited_by=reply.edited_by, waited=waited)
    ]  # fmt: skip
    do_notices(tx, reply.workspace_id, asked, "page", held.case_id, page="backup_asked")


# --- withdrawing what the wrong people can read --------------------------------------------------------------


def begin_withdrawal(line: Line[R, O], hold: Hold, reply_id: int, pace: Pace) -> Opened[R, O] | None:
    """What is to be deleted on the network, with the account that may."""
    with transaction_over([hold.workspace_id]) as tx:
        held = lock(tx, line, hold.workspace_id, reply_id)
        reply = held.reply
        if not _mine(tx, hold, pace) or reply.network_id is None:
            return None
        account, sealed = accounts.sealed(tx, reply.workspace_id, reply.channel_id)
        out = line.out(tx, reply, None)
        return Opened(
            reply, 0, out, accounts.opened(tx, sealed), registry.get(account.network), _rule(line, account, pace)
        )


def settle_withdrawal(line: Line[R, O], opened: Opened[R, O], pace: Pace, *, done: bool, refused: str | None) -> None:
    """Write down what came of it: `done`, `refused` with the network's words, or neither: it is tried again."""
    with transaction_over([opened.reply.workspace_id]) as tx:
        held = lock(tx, line, opened.reply.workspace_id, opened.reply.id)
        again = None if done or refused is not None else tx.at + timedelta(seconds=pace.withdraw_again_after)
        what = "Withdrawn" if done else "NotWithdrawn"
        evidence = {"event": what, "network_id": held.reply.network_id, "reason": refused}
        line.ledger.note_withdrawal(tx, held.reply, again, evidence)
        if again is None:
            repairs.do_end(tx, held.reply, refused=refused)
        announce(held)


# --- inside --------------------------------------------------------------------------------------------------


def _mine(tx: Tx, hold: Hold, pace: Pace) -> bool:
    return writers.seconds_left(tx, hold) >= pace.needed


def _due(held: Locked[Any]) -> bool:
    next_at = held.reply.standing.next_at
    return next_at is not None and next_at <= held.tx.at


def _account(held: Locked[Any]) -> Account:
    return accounts.account(held.tx, held.reply.workspace_id, held.reply.channel_id)


def _rule(line: Line[Any, Any], account: Account, pace: Pace) -> Rule:
    """The network's rule; our own patience where its folder is gone."""
    return pace.rule if account.manifest is None else rule_of(account.manifest, pace, private=line.private)


def _objection(held: Locked[Any], account: Account) -> Event | None:
    """Why this may not be sent now, asked just before it is. A dead login is no objection: it is waited for."""
    reply = held.reply
    if held.tx.at >= reply.standing.until:
        return Overdue()
    closed = lanes.channel(account)
    if closed is not None and closed.code != "login_expired":
        return Blocked(closed.code, closed.message)
    if hashlib.sha256(reply.text.encode()).digest() != reply.text_sha256:
        return Blocked("text_changed", "The text is not the one that was meant.")
    if reply.automatic and pledges.binds(held.tx, reply.workspace_id, held.case_id):
        return Blocked("asked_for_a_human", "The customer asked for a human; no machine answers them now.")
    return None


def _keep_secrets(tx: Tx, channel: Channel, receipt: Receipt | None) -> None:
    if receipt is not None and receipt.secrets:
        do_store_secrets(tx, channel.workspace_id, channel.id, receipt.secrets)
