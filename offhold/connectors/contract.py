"""The contract between Offhold and a network.

A network is one folder under `offhold/networks/`. It says what it can do (`abilities.Manifest`), turns raw bytes into
typed signals (`parse`, into what `signals` holds), and is the only code that speaks to that network. Nothing outside
the folder asks for a network by name: everything asks the manifest.

Parsing is pure and synchronous, from a channel without its credentials; all that touches the network is async and goes
through the `Egress` it is given. Times are timezone-aware UTC datetimes. Network ids are opaque strings, never numbers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Protocol

from offhold.connectors.abilities import (
    JSON,
    Abilities,
    Audience,
    Channel,
    Counter,
    Field,
    Manifest,
    Marking,
    PictureRule,
    ThreadRule,
)
from offhold.connectors.receiving import Accepted, Answered, Batch, Forged, Verdict, WebhookRequest
from offhold.connectors.sending import (
    Absent,
    CannotTell,
    Connected,
    DeliveryError,
    DirectOut,
    Found,
    LoginExpired,
    NotSent,
    OutcomeUnknown,
    Picture,
    PublicOut,
    RateLimited,
    ReadBack,
    Receipt,
    Refused,
)
from offhold.connectors.signals import (
    AccountEvent,
    Deleted,
    Edited,
    Hidden,
    Malformed,
    Media,
    Person,
    Posted,
    Present,
    Reacted,
    Signal,
    Unsupported,
)
from offhold.connectors.way_out import Answer, Egress, ForbiddenAddress, Stream

__all__ = [
    "JSON",
    "Abilities",
    "Absent",
    "Accepted",
    "AccountEvent",
    "Answer",
    "Answered",
    "Audience",
    "Batch",
    "CannotTell",
    "Channel",
    "Connected",
    "Connector",
    "Counter",
    "Deleted",
    "DeliveryError",
    "DirectOut",
    "Edited",
    "Egress",
    "Field",
    "ForbiddenAddress",
    "Forged",
    "Found",
    "Hidden",
    "LoginExpired",
    "Malformed",
    "Manifest",
    "Marking",
    "Media",
    "NotSent",
    "OutcomeUnknown",
    "Person",
    "Picture",
    "PictureRule",
    "Posted",
    "Present",
    "PublicOut",
    "RateLimited",
    "Reacted",
    "ReadBack",
    "Receipt",
    "Refused",
    "Signal",
    "Stream",
    "ThreadRule",
    "Unsupported",
    "Verdict",
    "WebhookRequest",
]


class Connector(Protocol):
    """What each network's `connector.py` provides as `connector`. What the manifest lacks may be `Refused`."""

    manifest: Manifest

    # pure
    def parse(self, channel: Channel, body: bytes) -> list[Signal]:
        """Raises `Malformed`, and nothing else, on bytes that are not what the network promises."""
        ...

    def verify(self, channel: Channel, request: WebhookRequest) -> Verdict: ...

    def prepare_public(self, channel: Channel, key: str, at: datetime) -> JSON: ...

    def prepare_direct(self, channel: Channel, key: str, at: datetime) -> JSON: ...

    # touching the network
    async def connect(self, egress: Egress, typed: Mapping[str, str]) -> Connected:
        """Check what an admin typed. Raises `Refused` with words the admin can act on, `NotSent`, `RateLimited`."""
        ...

    async def poll(self, egress: Egress, channel: Channel, cursor: JSON) -> Batch: ...

    def listen(self, egress: Egress, channel: Channel, cursor: JSON) -> AsyncIterator[Batch]: ...

    async def reread(self, egress: Egress, channel: Channel, conversations: tuple[str, ...]) -> Batch:
        """Read open public threads again, for networks whose notifications are lossy or silent on edits and deletes."""
        ...

    async def still_there(self, egress: Egress, channel: Channel, ids: tuple[str, ...]) -> set[str]:
        """Which of these message ids the network still shows; a network that cannot tell returns all of them.

        Raises `DeliveryError` when the look was incomplete: an id absent from the answer is really gone.
        """
        ...

    async def deliver_public(self, egress: Egress, channel: Channel, out: PublicOut) -> Receipt: ...

    async def deliver_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> Receipt: ...

    async def read_back_public(self, egress: Egress, channel: Channel, out: PublicOut) -> ReadBack: ...

    async def read_back_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> ReadBack: ...

    async def withdraw_public(self, egress: Egress, channel: Channel, network_id: str) -> None:
        """Delete our own public post: the repair when the network states a wrong audience."""
        ...

    async def inventory(self, egress: Egress, channel: Channel, since: datetime) -> set[str]:
        """Ids of everything addressed to us that the network holds since then, for the completeness proof."""
        ...
