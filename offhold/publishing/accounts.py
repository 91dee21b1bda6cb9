"""The channel a reply leaves from, as it is now."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from offhold.channels.credentials import open_secrets
from offhold.connectors import registry
from offhold.connectors.contract import Channel, Connector
from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound
from offhold.publishing.lanes import Account

_ACCOUNT = """
SELECT c.network, c.account_id, c.handle, c.sending, c.paused, h.state, c.config::text FROM channels c
JOIN channel_health h ON h.workspace_id = c.workspace_id AND h.channel_id = c.id
WHERE c.workspace_id = %s AND c.id = %s
"""


class Sealed(NamedTuple):
    """An account, and the channel as its connector sees it, without credentials: enough for what is pure in a
    connector."""

    account: Account
    channel: Channel


def sealed(tx: Tx, workspace_id: int, channel_id: int) -> Sealed:
    """Raises `NotFound`."""
    row = tx.one(_ACCOUNT, (workspace_id, channel_id))
    if row is None:
        raise NotFound
    network, account_id, handle, sending, paused, health, config = row
    found = connector(network)
    manifest = None if found is None else found.manifest
    kept = jsons.decode(config)
    direct = kept.get("direct") != "no"
    account = Account(channel_id, network, account_id, handle, sending, paused, health, manifest, direct)
    return Sealed(account, Channel(channel_id, workspace_id, network, account_id, handle, kept, {}))


def account(tx: Tx, workspace_id: int, channel_id: int) -> Account:
    """Raises `NotFound`."""
    return sealed(tx, workspace_id, channel_id).account


def opened(tx: Tx, channel: Channel) -> Channel:
    """A sealed channel as its connector needs it to speak for us. Raises `WrongKey`."""
    return msgspec.structs.replace(channel, secrets=open_secrets(tx, [channel.id]).get(channel.id, {}))


def connector(network: str) -> Connector | None:
    """None: the network's folder is gone, or cannot be loaded."""
    try:
        return registry.get(network)
    except registry.UnknownNetwork:
        return None
