"""What follows from an event: one place writes how a reply stands and does all that goes with it.

Locks are taken in one order everywhere: the case, the reply, the channel, and with the facts the workspace's clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Generic, LiteralString, TypeVar

import msgspec

from offhold.cases import items as messages
from offhold.cases.apply import announce_cases
from offhold.cases.facts import MessagePosted
from offhold.cases.recount import recount
from offhold.channels.actions import do_freeze, do_note_health
from offhold.channels.health import Seen
from offhold.connectors.contract import Receipt
from offhold.kernel.db.tx import Tx
from offhold.kernel.facts import Recorded
from offhold.people.pages import About, do_page
from offhold.promises.pledge import rows as pledges
from offhold.promises.pledge.reaching import Spoke, do_reach
from offhold.publishing import direct, public
from offhold.publishing.graph import EDGES, UNSENT, Confirmed, Event, State, Unstated
from offhold.publishing.guard import substance
from offhold.publishing.items import ReplyChanged, UnsentChanged
from offhold.publishing.ledger import Ledger
from offhold.publishing.line import Line
from offhold.publishing.replies import Reply
from offhold.publishing.standing import Rule, Step
from offhold.publishing.steps import step

R = TypeVar("R", bound=Reply)
# Its author is told wherever they are by then: it waits, or it did not go out after all.
_TOLD_EVERYWHERE = UNSENT | {State.NEEDS_HUMAN, State.REFUSED}
READ_BACK_AFTER = timedelta(seconds=2)  # networks show a post a moment after they took it

# The case that stands for this one now. Only that row is locked: whoever merges or parts them locks it too, and a
# merged one locked first would be held against those who come from the other side.
_STANDS_FOR = """
SELECT id, ({case}) FROM cases WHERE workspace_id = %(workspace)s AND merged_into IS NULL AND id = (
  WITH RECURSIVE up AS (
    SELECT id, merged_into FROM cases WHERE workspace_id = %(workspace)s AND id = ({case})
    UNION SELECT c.id, c.merged_into FROM cases c JOIN up ON c.id = up.merged_into WHERE c.workspace_id = %(workspace)s
  )
  SELECT id FROM up WHERE merged_into IS NULL)
FOR UPDATE
"""
_CASE = _STANDS_FOR.format(case="%(case)s")
_CASE_OF: dict[Ledger, LiteralString] = {
    ledger: _STANDS_FOR.format(case=ledger.case) for ledger in (public.LINE.ledger, direct.LINE.ledger)
}
FROZEN = "The network showed one of our messages to the wrong people. Sending is off until a lead turns it on again."


def lock_case(tx: Tx, workspace_id: int, case_id: int) -> int:
    """Lock the case a reply belongs to; the one it was merged into, if it was. Returns its id."""
    params = {"workspace": workspace_id, "case": case_id}
    while True:
        row = tx.one(_CASE, params)
        # another one: was it parted from this while we waited for its row?
        if row is not None and (row[0] == case_id or tx.one(_CASE, params) == row):
            return int(row[0])


class Locked(msgspec.Struct, Generic[R], frozen=True):
    """A reply in hand for one transaction: its row and its case are locked. `case_id` is that case as it is now."""

    tx: Tx
    line: Line[R, Any]
    reply: R
    case_id: int


def lock(tx: Tx, line: Line[R, Any], workspace_id: int, reply_id: int) -> Locked[R]:
    """Take a reply in hand, its case first. Raises `NotFound`."""
    row = tx.one(_CASE_OF[line.ledger], {"workspace": workspace_id, "reply": reply_id})
    if row is not None and row[0] == row[1]:
        case_id = int(row[0])
    else:  # it was merged, or there is no such reply
        case_id = lock_case(tx, workspace_id, line.ledger.case_of(tx, workspace_id, reply_id))
    return Locked(tx, line, line.lock(tx, workspace_id, reply_id), case_id)


def conclude(
    held: Locked[Any], event: Event, rule: Rule, receipt: Receipt | None = None, *, read_back: bool = False
) -> State:
    """Apply `event` and all that goes with it. Returns the reply's new state. Raises `Impossible`.

    `read_back`: `receipt` is what the network shows, not what it answered when it was handed the reply.
    """
    tx, reply = held.tx, held.reply
    message_id = None
    if receipt is not None and isinstance(event, Confirmed):
        message_id = held.line.post(tx, reply, receipt, held.case_id)
        if message_id is None:
            event = _contradicted(held, receipt)
    result = step(reply.standing, event, rule, tx.at)
    sent = result.standing.state is State.SENT
    held.line.ledger.stand(
        tx,
        reply,
        result.standing,
        network_id=receipt.network_id if receipt else reply.network_id if result.standing.certain else None,
        sent_at=(receipt.at if receipt else tx.at) if sent else None,
        withdraw_at=tx.at if result.withdraw else None,
        # who can read it is read back from the network, unless that is how we know of it at all
        verify_at=tx.at + READ_BACK_AFTER if sent and receipt is not None and not read_back else None,
        evidence=_evidence(event, receipt),
    )
    _do_besides(held, result)
    if sent and receipt is not None and read_back:
        held.line.ledger.proven(tx, reply)
    announce(held, msgspec.structs.replace(reply, standing=result.standing))
    if message_id is not None:
        _announce_message(held, message_id)
    if sent:
        if not reply.automatic:
            _reaches(held, receipt.at if receipt else tx.at)
        if message_id is None:
            if not reply.automatic:
                _answered_unseen(held)
        else:
            recount(tx, [(reply.workspace_id, held.case_id)])
            _follow(held, message_id, rule)
        announce_cases(tx, [(reply.workspace_id, held.case_id)])
    return result.standing.state


# Said to others too, within so long: a saved reply as it stands, one text for many.
_SAID_TO_OTHERS = """
SELECT 1 FROM {replies} WHERE workspace_id = %s AND text_sha256 = %s AND id <> %s AND case_id <> %s
  AND created_at > %s AND state <> 'cancelled' LIMIT 1
"""
_LATELY = timedelta(days=30)


def _reaches(held: Locked[Any], at: datetime) -> None:
    """A person's words reached the customer: what that means for one who asked for a human."""
    tx, reply = held.tx, held.reply
    if not pledges.concerns(tx, reply.workspace_id, held.case_id):
        return
    others = (reply.workspace_id, reply.text_sha256, reply.id, held.case_id, tx.at - _LATELY)
    alike = any(tx.one(_SAID_TO_OTHERS.format(replies=table), others) for table in ("public_replies", "direct_replies"))
    says = not alike and substance.says_something(reply.text)
    spoke = Spoke(at, substance=says, by=reply.author_id, name=reply.duty_name)
    do_reach(tx, reply.workspace_id, held.case_id, spoke)


def _follow(held: Locked[Any], message_id: int, rule: Rule) -> None:
    """What was meant to come after it is meant now, once."""
    found = held.line.follow(held.tx, held.reply, rule, held.case_id, message_id)
    if found is None:
        return
    following, between = found
    after = Locked(held.tx, held.line, following, held.case_id)
    if between is None:
        announce(after, following)
    else:
        conclude(after, between, rule)
    held.tx.run("NOTIFY offhold_replies")


_ANSWERED = """
UPDATE cases c SET version = version + 1, last_out_at = greatest(last_out_at, %(at)s),
  vouched_at = greatest(vouched_at, %(said)s),
  waiting_since = (SELECT min(m.at) FROM messages m WHERE m.workspace_id = c.workspace_id AND m.case_id = c.id
                   AND m.owed AND m.deleted_at IS NULL AND m.at > %(said)s)
WHERE workspace_id = %(workspace)s AND id = %(case)s
"""


def _answered_unseen(held: Locked[Any]) -> None:
    """A person saw it on the network and we did not: it answers all that was said before it was meant."""
    params = {"at": held.tx.at, "said": held.reply.created_at, "case": held.case_id}
    held.tx.run(_ANSWERED, params | {"workspace": held.reply.workspace_id})


def note(held: Locked[Any], event: Event, rule: Rule, receipt: Receipt | None, *, read_back: bool = False) -> bool:
    """Apply what is learnt late about a reply that stands elsewhere by now: the truth counts, a failure does not."""
    if receipt is None or (held.reply.state, type(event)) not in EDGES:
        return False
    conclude(held, event, rule, receipt, read_back=read_back)
    return True


def settle_by_echo(held: Locked[Any], rule: Rule) -> bool:
    """The network's own copy of it came by itself: cheaper than asking, and as good. False: it has not come."""
    echo = held.line.echo(held.tx, held.reply) if held.reply.attempts else None
    return echo is not None and note(held, held.line.judge(held.reply, echo), rule, echo, read_back=True)


def announce(held: Locked[R], now: R | None = None) -> None:
    """Tell screens how the reply stands: as in `now`, else as in its row."""
    line, workspace_id = held.line, held.reply.workspace_id
    now = now or line.lock(held.tx, workspace_id, held.reply.id)
    fact = ReplyChanged(reply=line.item(now))
    held.tx.record(Recorded(workspace_id, fact, case_id=held.case_id, private=line.private))
    if {held.reply.state, now.state} & _TOLD_EVERYWHERE:
        held.tx.record(Recorded(workspace_id, UnsentChanged(unsent=line.unsent(now))))


def _announce_message(held: Locked[Any], message_id: int) -> None:
    workspace_id = held.reply.workspace_id
    said = messages.load(held.tx, [(workspace_id, message_id)])[message_id].item
    fact = MessagePosted(message=msgspec.structs.replace(said, duty_name=held.reply.duty_name))
    held.tx.record(Recorded(workspace_id, fact, case_id=held.case_id, private=held.line.private))


def _contradicted(held: Locked[Any], receipt: Receipt) -> Event:
    """The answer was as it should be, and yet a message with that id is not ours, or not said to whom it was meant."""
    echo = held.line.echo(held.tx, msgspec.structs.replace(held.reply, network_id=receipt.network_id))
    event = Unstated() if echo is None else held.line.judge(held.reply, echo)
    return Unstated() if isinstance(event, Confirmed) else event


def _do_besides(held: Locked[Any], result: Step) -> None:
    tx, reply = held.tx, held.reply
    if result.withdraw:
        about = About(subject=str(reply.id), case_id=held.case_id, channel_id=reply.channel_id)
        do_page(tx, reply.workspace_id, "wrong_audience", about, by=reply.duty_name)
        do_freeze(tx, reply.workspace_id, reply.channel_id, FROZEN)
    if result.locked_out:
        words = result.standing.error_text or "The login no longer works."
        do_note_health(tx, reply.workspace_id, reply.channel_id, Seen(failure=("login_expired", words)))
    if result.quiet_for:
        until = tx.at + timedelta(seconds=result.quiet_for)
        for ledger in (public.LINE.ledger, direct.LINE.ledger):
            ledger.keep_quiet(tx, reply.workspace_id, reply.channel_id, until)


def _evidence(event: Event, receipt: Receipt | None) -> dict[str, Any]:
    """What a person needs who has to decide, and a boss on the day after."""
    told = {name: value for name, value in msgspec.structs.asdict(event).items() if value is not None}
    shown = (
        {} if receipt is None else {"network_id": receipt.network_id, "url": receipt.url, "shown_as": receipt.audience}
    )
    return {"event": type(event).__name__, **told, **shown}
