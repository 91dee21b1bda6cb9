"""What the sender asks of one kind of reply. There are two, `public.LINE` and `direct.LINE`, and nothing in between.

The sender works a line without knowing which: what is loaded, said, looked up and written down is the line's own, typed
by its own reply. So there is no variable in which an audience could be swapped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from offhold.connectors.contract import Channel, Connector, Egress, Picture, ReadBack, Receipt
from offhold.kernel.db.tx import Tx
from offhold.publishing.graph import Event
from offhold.publishing.items import ReplyItem, Unsent
from offhold.publishing.ledger import Ledger
from offhold.publishing.replies import AskedPicture, Reply
from offhold.publishing.standing import Rule

R = TypeVar("R", bound=Reply)
O = TypeVar("O")  # noqa: E741 - what a connector is handed

PictureOf = Callable[[Tx, int, AskedPicture], Picture]
# A network's clock may be behind ours: its copy of our words can seem older than the moment we meant them.
SKEW = timedelta(seconds=60)


class Gone(LookupError):
    """A picture that was to be sent is no longer there."""


class Line(Protocol[R, O]):
    """One kind of reply, from its table to its connector method."""

    @property
    def ledger(self) -> Ledger: ...

    @property
    def private(self) -> bool:
        """Are its words shown only to those who may see direct messages."""
        ...

    def lock(self, tx: Tx, workspace_id: int, reply_id: int) -> R:
        """The reply, its row locked to the end of the transaction. Raises `NotFound`."""
        ...

    def item(self, reply: R) -> ReplyItem: ...

    def unsent(self, reply: R) -> Unsent:
        """It without its words, for the strip of what waits."""
        ...

    def out(self, tx: Tx, reply: R, picture: PictureOf | None) -> O:
        """What the connector is handed; `picture` None: only to look it up. Raises `Gone`."""
        ...

    async def deliver(self, connector: Connector, egress: Egress, channel: Channel, out: O) -> Receipt: ...

    async def look(self, connector: Connector, egress: Egress, channel: Channel, out: O) -> ReadBack: ...

    def judge(self, reply: R, receipt: Receipt) -> Event:
        """Did it reach those it was meant for: `Confirmed`, `Unstated` or `Misaddressed`."""
        ...

    def echo(self, tx: Tx, reply: R) -> Receipt | None:
        """The network's own copy of it, if it has arrived."""
        ...

    def post(self, tx: Tx, reply: R, receipt: Receipt, case_id: int) -> int | None:
        """Put it on the timeline as our message, or claim its echo. None: that id is not ours to claim."""
        ...

    def follow(self, tx: Tx, reply: R, rule: Rule, case_id: int, message_id: int) -> tuple[R, Event | None] | None:
        """Write what is meant next, now that `reply` is out as that message; with it, why it does not simply go. None:
        nothing follows."""
        ...
