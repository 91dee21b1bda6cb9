"""What happens to an arrival, in order. The one visible list; each step is idempotent by arrival.

Bytes are parsed by their network's folder before this; facts are announced after the commit by `kernel.facts`.
"""

from __future__ import annotations

from collections.abc import Callable

from offhold.cases.apply import Applied, apply
from offhold.cases.known import Incoming
from offhold.cases.write import Outrun
from offhold.connectors.contract import Deleted, Edited, Posted
from offhold.intake.consume import Again, Parsed
from offhold.kernel.db.tx import Tx
from offhold.promises.pledge.hearing import Said, hear
from offhold.promises.pledge.reaching import Spoke, do_reach, outside
from offhold.publishing import automatic, unsent
from offhold.publishing.echoes import is_under_way, settle_echoes
from offhold.publishing.guard import substance

Step = Callable[[Tx, list[Incoming]], object]


def thread_and_store(tx: Tx, batch: list[Incoming]) -> None:
    """Messages, conversations, cases; a new case waits in its channel's queue. Our own words coming back settle the
    replies that waited to know whether they are out; what answers deleted words does not go."""
    stored = apply(tx, batch)
    for workspace, case in _hear(tx, batch, stored):
        unsent.lapse_of_case(tx, workspace, case)  # what a machine was about to say
    automatic.answer_new(tx, stored.opened)
    if any(isinstance(i.signal, Deleted) for i in batch):
        for workspace, case in stored.cases:
            unsent.lapse_of_case(tx, workspace, case)
    if any(isinstance(i.signal, Posted) and i.signal.author.id == i.account for i in batch):
        settle_echoes(tx, stored.messages)
        for workspace, case, at, text in outside(tx, stored.messages):
            if not is_under_way(tx, workspace, case):  # else it is the reply that reaches them, and who wrote it
                do_reach(tx, workspace, case, Spoke(at, substance=substance.says_something(text)))


def _hear(tx: Tx, batch: list[Incoming], stored: Applied) -> list[tuple[int, int]]:
    """Who asks for a human. Whoever speaks in a case that was there before may do so by saying it again and again."""
    said = [
        Said(i.workspace, i.channel, i.signal.id, i.signal.text)
        for i in batch
        if (isinstance(i.signal, Posted) and i.signal.author.id != i.account) or isinstance(i.signal, Edited)
    ]
    return hear(tx, said, stored.messages if len(stored.cases) > len(stored.opened) else [])


STEPS: tuple[Step, ...] = (thread_and_store,)


def handle(tx: Tx, arrivals: list[Parsed]) -> None:
    """Run a batch through the steps. Raises `Again` when somebody was faster and it must be decided anew."""
    batch = [
        Incoming(
            workspace=a.workspace, channel=a.channel.id, network=a.channel.network, account=a.channel.account_id,
            queue=a.queue, received_at=a.received_at, edit_times=a.edit_times, signal=signal,
        )
        for a in arrivals
        for signal in a.signals
    ]  # fmt: skip
    try:
        for step in STEPS:
            step(tx, batch)
    except Outrun as error:
        raise Again from error
