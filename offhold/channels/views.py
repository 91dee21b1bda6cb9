"""What screens show of channels and networks: the same structs for the API and for facts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from offhold.connectors.contract import Counter, Field, Manifest, Marking, PictureRule, ThreadRule

State = Literal["starting", "ok", "behind", "silent", "login_expired", "unreachable"]


class HealthView(msgspec.Struct, frozen=True, kw_only=True):
    """Is all that is said reaching us. `complete_until`: everything said before it has been read."""

    state: State
    message: str
    last_event_at: datetime | None
    lag_seconds: float | None
    complete_until: datetime | None
    inbound_missing: int | None
    missing_checked_at: datetime | None


class ChannelAbilities(msgspec.Struct, frozen=True, kw_only=True):
    """What may be done over a channel."""

    reply_public: bool
    reply_private: bool


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """One of the company's accounts. `sending` False: watch-only, it reads and cannot send. `pictures` None: no
    pictures go out over it. `marking` None: a text is shown as it is written. `thread` None: a public reply is one
    post."""

    id: str
    network: str
    network_label: str
    handle: str
    name: str
    followers: int | None
    sending: bool
    paused: bool
    health: HealthView
    can: ChannelAbilities
    public_text: Counter
    private_text: Counter
    pictures: PictureRule | None
    marking: Marking | None
    thread: ThreadRule | None


class NetworkView(msgspec.Struct, frozen=True, kw_only=True):
    """A network that can be connected, and what an admin types for it."""

    name: str
    label: str
    can: ChannelAbilities
    connect: tuple[Field, ...]
    public_text: Counter
    private_text: Counter


def abilities(manifest: Manifest) -> ChannelAbilities:
    """The part of a network's abilities that screens ask about."""
    can = manifest.can
    return ChannelAbilities(reply_public=can.reply_public, reply_private=can.reply_private)


def network_view(manifest: Manifest) -> NetworkView:
    """What an admin sees of a network that can be connected."""
    return NetworkView(
        name=manifest.name,
        label=manifest.label,
        can=abilities(manifest),
        connect=manifest.connect,
        public_text=manifest.public_text,
        private_text=manifest.private_text,
    )
