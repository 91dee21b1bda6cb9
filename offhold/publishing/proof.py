"""Who can read what is out: the network is asked after every reply, and not only believed when it took it.

A *stated* wrong audience is withdrawn at once, the channel frozen and a lead paged (`conclude`). One that is missing
or not stated is asked for again, and then put before a person; it is never deleted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from offhold.connectors import registry
from offhold.connectors.contract import Receipt
from offhold.kernel.db.tx import Tx, transaction_over
from offhold.people.pages import About, do_page
from offhold.publishing import accounts, writers
from offhold.publishing.attempts import Opened
from offhold.publishing.conclude import Locked, conclude, lock
from offhold.publishing.graph import Confirmed, Misaddressed, State
from offhold.publishing.line import Line
from offhold.publishing.pace import Pace, rule_of
from offhold.publishing.replies import Reply
from offhold.publishing.writers import Hold

R = TypeVar("R", bound=Reply)
O = TypeVar("O")  # noqa: E741 - what a connector is handed

AGAIN = (timedelta(seconds=30), timedelta(seconds=120), timedelta(seconds=600))  # then a person is told
_DELETED = "SELECT 1 FROM messages WHERE workspace_id = %s AND reply_id = %s AND deleted_at IS NOT NULL"


def begin(line: Line[R, O], hold: Hold, reply_id: int, pace: Pace) -> Opened[R, O] | None:
    """What is to be asked about; None: it is not due, or its network is gone."""
    with transaction_over([hold.workspace_id]) as tx:
        reply = line.lock(tx, hold.workspace_id, reply_id)  # not its case: nothing is told of this
        if reply.state is not State.SENT or writers.seconds_left(tx, hold) < pace.needed:
            return None
        account, sealed = accounts.sealed(tx, reply.workspace_id, reply.channel_id)
        if account.manifest is None:
            line.ledger.prove_later(tx, reply, None, tried=True)
            return None
        # asked again in a while if this process dies over it
        line.ledger.prove_later(tx, reply, tx.at + AGAIN[0], tried=False)
        rule = rule_of(account.manifest, pace, private=line.private)
        channel, connector = accounts.opened(tx, sealed), registry.get(account.network)
        return Opened(reply, 0, line.out(tx, reply, None), channel, connector, rule)


def settle(line: Line[R, O], opened: Opened[R, O], receipt: Receipt | None) -> None:
    """Write down what the network shows; `receipt` None: it does not show it, or could not be asked."""
    event = None if receipt is None else line.judge(opened.reply, receipt)  # what was meant never changes
    with transaction_over([opened.reply.workspace_id]) as tx:
        if isinstance(event, Confirmed):
            line.ledger.proven(tx, opened.reply)
            return
        held = lock(tx, line, opened.reply.workspace_id, opened.reply.id)
        if held.reply.state is not State.SENT or held.reply.withdraw_at is not None:
            return
        if isinstance(event, Misaddressed):
            line.ledger.prove_later(tx, held.reply, None, tried=True)
            conclude(held, event, opened.rule, receipt, read_back=True)
        else:
            _ask_again(tx, held)


def _ask_again(tx: Tx, held: Locked[Any]) -> None:
    ledger, reply = held.line.ledger, held.reply
    tried = ledger.prove_later(tx, reply, tx.at + AGAIN[0], tried=True)
    if tried <= len(AGAIN):
        ledger.prove_later(tx, reply, tx.at + AGAIN[tried - 1], tried=False)
        return
    ledger.prove_later(tx, reply, None, tried=False)
    if tx.one(_DELETED, (reply.workspace_id, reply.id)) is None:  # deleted there since: nobody can read it
        about = About(subject=str(reply.id), case_id=held.case_id, channel_id=reply.channel_id)
        do_page(tx, reply.workspace_id, "audience_unread", about, by=reply.duty_name)
