"""What is to appear on a network, and how that ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from offhold.connectors.abilities import JSON, Audience


class Picture(msgspec.Struct, frozen=True):
    content: bytes
    content_type: str
    alt: str


class PublicOut(msgspec.Struct, frozen=True):
    """A public reply as it must appear. `key` is ours, chosen before the first attempt and kept for all of them.

    `prepared` is what `prepare_public` returned when the reply became INTENT (e.g. the rkey and createdAt).
    `tried_until`: when its latest attempt had ended for sure. It is told for a read-back, whose positive control must
    be something later than this: the network may have worked on it until then.
    `human`: a signed-in person wrote or released it; a tag that a network keeps for people is for these alone.
    """

    key: str
    text: str
    parent_id: str
    parent_native: JSON
    root_id: str
    root_native: JSON
    prepared: JSON
    pictures: tuple[Picture, ...] = ()
    tried_until: datetime | None = None
    human: bool = False


class DirectOut(msgspec.Struct, frozen=True):
    """A direct message to one customer. `conversation` is None when the network must open one first.

    `tried_until` and `human` as for public replies.
    """

    key: str
    text: str
    recipient_id: str
    conversation: str | None
    prepared: JSON
    tried_until: datetime | None = None
    human: bool = False


class Receipt(msgspec.Struct, frozen=True):
    """The network says it has it. `audience` is what the network stated, None when it stated nothing."""

    network_id: str
    at: datetime
    audience: Audience | None
    conversation: str | None = None
    url: str | None = None
    native: JSON = None
    secrets: Mapping[str, str] | None = None


class Found(msgspec.Struct, frozen=True):
    """Read-back: it is there."""

    receipt: Receipt


class Absent(msgspec.Struct, frozen=True):
    """Read-back: a complete look with a positive control (a later known item was visible) shows nothing."""


class CannotTell(msgspec.Struct, frozen=True):
    """Read-back: the look was incomplete, or there was no positive control."""

    reason: str


ReadBack = Found | Absent | CannotTell


class DeliveryError(Exception):
    """Why a delivery did not end with a receipt. The class alone decides what happens next."""


class Refused(DeliveryError):
    """The network said no and created nothing. `code` is stable, `str(error)` is for the agent."""

    def __init__(self, reason: str, code: str = "refused") -> None:
        super().__init__(reason)
        self.code = code


class NotSent(DeliveryError):
    """The connection was never made: nothing was sent, trying again is safe."""


class RateLimited(DeliveryError):
    """Definitely not created; try again after `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class LoginExpired(DeliveryError):
    """Definitely not created: the channel's credentials no longer work. The channel's health says so."""


class OutcomeUnknown(DeliveryError):
    """Timeout, reset, 5xx, an answer we cannot read: it may be out there. Only a read-back may tell."""


class Connected(msgspec.Struct, frozen=True):
    """What connecting an account found out, and the secrets to store in place of what was typed."""

    account_id: str
    handle: str
    name: str
    config: Mapping[str, str]
    secrets: Mapping[str, str]
    followers: int | None = None
