"""May somebody be answered this way now: asked before the agent types, when they send, and once more by the sender.

Pure. One function for each kind of reply; neither falls back to the other.
"""

from __future__ import annotations

from typing import Any

import msgspec

from offhold.connectors.contract import Manifest


class Account(msgspec.Struct, frozen=True):
    """The channel a reply would leave from, as it is now. `manifest` None: the network's folder is gone."""

    channel_id: int
    network: str
    account_id: str
    handle: str
    sending: bool
    paused: bool
    health: str
    manifest: Manifest | None
    direct: bool = True  # False: the login may not read or write direct messages (`config["direct"] == "no"`)


class Closed(msgspec.Struct, frozen=True):
    """Why not: a code the client translates with `params`, and English for programs and logs."""

    code: str
    message: str
    params: dict[str, Any] = {}


def public_lane(account: Account, *, deleted: bool) -> Closed | None:
    """Why nothing can be said to everyone; None: it can. `deleted`: the words to be answered are gone."""
    closed = channel(account)
    if closed is not None:
        return closed
    if account.manifest is not None and not account.manifest.can.reply_public:
        return Closed(
            "network_cannot_public", "This network takes no public replies from us.", {"network": account.network}
        )
    return Closed("message_deleted", "The message this answers was deleted.") if deleted else None


def direct_lane(account: Account) -> Closed | None:
    """Why nothing can be said to one person; None: it can."""
    closed = channel(account)
    if closed is not None:
        return closed
    if account.manifest is not None and not account.manifest.can.reply_private:
        return Closed(
            "network_cannot_direct", "This network takes no direct messages from us.", {"network": account.network}
        )
    if not account.direct:
        params = {"handle": account.handle}
        return Closed(
            "login_without_direct", "This channel's login may not use direct messages. Connect it anew.", params
        )
    return None


def channel(account: Account) -> Closed | None:
    """Why nothing at all leaves this channel."""
    params = {"handle": account.handle}
    if account.manifest is None:
        return Closed("network_gone", "This network is no longer installed.", {"network": account.network})
    if not account.sending:
        return Closed("channel_watch_only", "This channel only reads; sending is off.", params)
    if account.paused:
        return Closed("channel_paused", "This channel is paused.", params)
    if account.health == "login_expired":
        return Closed("login_expired", "This channel's login no longer works.", params)
    return None
