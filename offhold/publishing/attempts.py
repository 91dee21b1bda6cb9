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
from offhold.channels.queries import load_channel
from offhold.connectors import registry
from offhold.connectors.contract import Channel, Connector, Receipt
from offhold.kernel.db.tx import Tx, transaction_over
from offhold.kernel.facts import Recorded
from offhold.publishing import writers
from offhold.publishing.conclude import conclude, lock_case, note
from offhold.publishing.graph import Began, Blocked, Crashed, Event, Looking, Overdue, State
from offhold.publishing.items import ReplyChanged
from offhold.publishing.line import Gone, Line, PictureOf
from offhold.publishing.pace import Pace, rule_of
from offhold.publishing.replies import Reply
from offhold.publishing.steps import Rule, step
from offhold.publishing.writers import Hold

R = TypeVar("R", bound=Reply)
O = TypeVar("O")  # noqa: E741 - what a connector is handed

LOOK_AGAIN = timedelta(seconds=60)


class Opened(msgspec.Struct, Generic[R, O], frozen=True):
    """A reply about to be spoken of with the network. `n`: the attempt's number, 0 for a look."""

    reply: R
    n: int
    out: O
    channel: Channel
    connector: Connector
    rule: Rule


class Account(msgspec.Struct, frozen=True):
    """The channel a reply leaves from, as it is now."""

    network: str
    sending: bool
    paused: bool
    health: str


def begin(line: Line[R, O], hold: Hold, reply_id: int, pace: Pace, picture: PictureOf) -> Opened[R, O] | None:
    """Commit an attempt, so that a socket may be opened. None: it may not, and what follows from that is written."""
    with transaction_over([hold.workspace_id]) as tx:
        reply, case_id = _locked(tx, line, hold.workspace_id, reply_id)
        if not _mine(tx, hold, pace) or reply.state is not State.INTENT or not _due(tx, reply):
            return None
        account = _account(tx, reply)
        connector = _connector(account)
        rule = pace.rule if connector is None else rule_of(connector.manifest, pace)
        echo = line.echo(tx, reply) if reply.attempts else None
        if echo is not None:
            conclude(tx, line, reply, case_id, line.judge(reply, echo), rule, echo)
            return None
        objection = _objection(tx, reply, account)
        if objection is not None:
            conclude(tx, line, reply, case_id, objection, rule)
            return None
        if account.health == "login_expired":
            line.ledger.look_later(tx, reply, tx.at + timedelta(seconds=rule.locked_out_for))
            return None
        assert connector is not None  # `_objection` blocks a reply without one
        try:
            out = line.out(tx, reply, picture)
        except Gone as gone:
            conclude(tx, line, reply, case_id, Blocked("picture_gone", str(gone)), rule)
            return None
        return _open(tx, line, reply, case_id, hold, out, connector, rule, pace)


def _open(
    tx: Tx, line: Line[R, O], reply: R, case_id: int, hold: Hold, out: O, connector: Connector, rule: Rule, pace: Pace
) -> Opened[R, O]:
    deadline = tx.at + timedelta(seconds=pace.request_seconds)
    n = line.ledger.open_attempt(tx, reply, hold.fence, deadline)
    standing = step(msgspec.structs.replace(reply.standing, deadline=deadline), Began(), rule, tx.at).standing
    line.ledger.stand(tx, reply, standing, network_id=None)
    _announce(tx, line, reply, case_id)
    return Opened(reply, n, out, load_channel(tx, reply.channel_id), connector, rule)


def seconds_left(hold: Hold) -> float:
    """For how long the channel is ours yet: asked once more when all is ready and the socket is next."""
    with transaction_over([hold.workspace_id]) as tx:
        return writers.seconds_left(tx, hold)


def settle(line: Line[R, O], opened: Opened[R, O], event: Event, receipt: Receipt | None) -> None:
    """Write down how an attempt ended."""
    with transaction_over([opened.reply.workspace_id]) as tx:
        reply, case_id = _locked(tx, line, opened.reply.workspace_id, opened.reply.id)
        line.ledger.close_attempt(tx, reply, opened.n, type(event).__name__, getattr(event, "reason", ""))
        _keep_secrets(tx, opened.channel, receipt)
        if reply.state is State.SENDING and reply.attempts == opened.n:
            conclude(tx, line, reply, case_id, event, opened.rule, receipt)
        else:
            note(tx, line, reply, case_id, event, opened.rule, receipt)


def begin_look(line: Line[R, O], hold: Hold, reply_id: int, pace: Pace) -> Opened[R, O] | None:
    """Commit that the network is about to be asked. None: its echo came first, or it is not ours to ask."""
    with transaction_over([hold.workspace_id]) as tx:
        reply, case_id = _locked(tx, line, hold.workspace_id, reply_id)
        if not _mine(tx, hold, pace) or reply.state not in (State.UNKNOWN, State.RECONCILING) or not _due(tx, reply):
            return None
        connector = registry.get(_account(tx, reply).network)
        rule = rule_of(connector.manifest, pace)
        echo = line.echo(tx, reply)
        if echo is not None:
            conclude(tx, line, reply, case_id, line.judge(reply, echo), rule, echo)
            return None
        line.ledger.stand(tx, reply, step(reply.standing, Looking(), rule, tx.at).standing, network_id=reply.network_id)
        if reply.state is State.UNKNOWN:
            _announce(tx, line, reply, case_id)
        return Opened(reply, 0, line.out(tx, reply, None), load_channel(tx, reply.channel_id), connector, rule)


def settle_look(line: Line[R, O], opened: Opened[R, O], event: Event, receipt: Receipt | None) -> None:
    """Write down what a look showed."""
    with transaction_over([opened.reply.workspace_id]) as tx:
        reply, case_id = _locked(tx, line, opened.reply.workspace_id, opened.reply.id)
        _keep_secrets(tx, opened.channel, receipt)
        if reply.state is State.RECONCILING and reply.attempts == opened.reply.attempts:
            conclude(tx, line, reply, case_id, event, opened.rule, receipt)
        else:
            note(tx, line, reply, case_id, event, opened.rule, receipt)


def give_up_attempt(line: Line[R, Any], hold: Hold, reply_id: int, pace: Pace) -> None:
    """An attempt whose process or lease died: nobody knows how far it came."""
    with transaction_over([hold.workspace_id]) as tx:
        reply, case_id = _locked(tx, line, hold.workspace_id, reply_id)
        if writers.seconds_left(tx, hold) <= 0 or reply.state is not State.SENDING:
            return
        connector = _connector(_account(tx, reply))
        rule = pace.rule if connector is None else rule_of(connector.manifest, pace)
        line.ledger.close_attempt(tx, reply, reply.attempts, Crashed.__name__, "")
        conclude(tx, line, reply, case_id, Crashed(), rule)


def postpone(line: Line[R, Any], hold: Hold, reply_id: int) -> None:
    """Something of ours failed before the network was spoken to: look again in a while."""
    with transaction_over([hold.workspace_id]) as tx:
        reply, _ = _locked(tx, line, hold.workspace_id, reply_id)
        if reply.state is not State.SENDING:
            line.ledger.look_later(tx, reply, tx.at + LOOK_AGAIN)


# --- withdrawing what the wrong people can read --------------------------------------------------------------


def begin_withdrawal(line: Line[R, O], hold: Hold, reply_id: int, pace: Pace) -> Opened[R, O] | None:
    """What is to be deleted on the network, with the account that may."""
    with transaction_over([hold.workspace_id]) as tx:
        reply, _ = _locked(tx, line, hold.workspace_id, reply_id)
        if not _mine(tx, hold, pace) or reply.network_id is None:
            return None
        connector = registry.get(_account(tx, reply).network)
        channel = load_channel(tx, reply.channel_id)
        return Opened(reply, 0, line.out(tx, reply, None), channel, connector, rule_of(connector.manifest, pace))


def settle_withdrawal(line: Line[R, O], opened: Opened[R, O], pace: Pace, *, done: bool, refused: str | None) -> None:
    """Write down what came of it: `done`, `refused` with the network's words, or to be tried again."""
    with transaction_over([opened.reply.workspace_id]) as tx:
        reply, case_id = _locked(tx, line, opened.reply.workspace_id, opened.reply.id)
        if done:
            line.ledger.note_withdrawal(tx, reply, None, {"event": "Withdrawn", "network_id": reply.network_id})
        elif refused is not None:
            line.ledger.note_withdrawal(tx, reply, None, {"event": "NotWithdrawn", "reason": refused})
        else:
            again = tx.at + timedelta(seconds=pace.withdraw_again_after)
            line.ledger.note_withdrawal(tx, reply, again, {"event": "NotWithdrawnYet"})
        _announce(tx, line, reply, case_id)


# --- inside --------------------------------------------------------------------------------------------------

_ACCOUNT = """
SELECT c.network, c.sending, c.paused, h.state FROM channels c
JOIN channel_health h ON h.workspace_id = c.workspace_id AND h.channel_id = c.id
WHERE c.workspace_id = %s AND c.id = %s
"""


def _locked(tx: Tx, line: Line[R, Any], workspace_id: int, reply_id: int) -> tuple[R, int]:
    """The reply and the id of its case as it is now, both locked, the case first."""
    case_id = lock_case(tx, workspace_id, line.ledger.case_of(tx, workspace_id, reply_id))
    return line.lock(tx, workspace_id, reply_id), case_id


def _mine(tx: Tx, hold: Hold, pace: Pace) -> bool:
    return writers.seconds_left(tx, hold) >= pace.needed


def _due(tx: Tx, reply: Reply) -> bool:
    return reply.standing.next_at is not None and reply.standing.next_at <= tx.at


def _account(tx: Tx, reply: Reply) -> Account:
    row = tx.one(_ACCOUNT, (reply.workspace_id, reply.channel_id))
    assert row is not None  # a reply refers to it
    return Account(*row)


def _connector(account: Account) -> Connector | None:
    try:
        return registry.get(account.network)
    except registry.UnknownNetwork:
        return None


def _objection(tx: Tx, reply: Reply, account: Account) -> Event | None:
    """Why this may not be sent now, asked once more just before it is."""
    if tx.at >= reply.standing.until:
        return Overdue()
    if _connector(account) is None:
        return Blocked("network_gone", "This network is no longer installed.")
    if not account.sending:
        return Blocked("channel_watch_only", "This channel only reads; sending is off.")
    if account.paused:
        return Blocked("channel_paused", "This channel is paused.")
    if hashlib.sha256(reply.text.encode()).digest() != reply.text_sha256:
        return Blocked("text_changed", "The text is not the one that was meant.")
    return None


def _keep_secrets(tx: Tx, channel: Channel, receipt: Receipt | None) -> None:
    if receipt is not None and receipt.secrets:
        do_store_secrets(tx, channel.workspace_id, channel.id, receipt.secrets)


def _announce(tx: Tx, line: Line[R, Any], reply: R, case_id: int) -> None:
    now = line.item(line.lock(tx, reply.workspace_id, reply.id))
    tx.record(Recorded(reply.workspace_id, ReplyChanged(reply=now), case_id=case_id, private=line.private))
