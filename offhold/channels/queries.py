"""Reads of channels: for screens without credentials, for connectors with them."""

from __future__ import annotations

from collections.abc import Iterable

from offhold.channels.credentials import open_secrets
from offhold.channels.views import ChannelAbilities, ChannelView, HealthView, abilities
from offhold.connectors import registry
from offhold.connectors.contract import Channel, Counter, Manifest
from offhold.kernel import jsons
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import NotFound

VIEWS = """
SELECT c.id, c.network, c.handle, c.name, c.followers, c.sending, c.paused,
       h.state, coalesce(h.frozen, h.message), h.last_event_at, h.lag_seconds,
       h.complete_until, h.inbound_missing, h.missing_checked_at
FROM channels c JOIN channel_health h ON h.workspace_id = c.workspace_id AND h.channel_id = c.id
WHERE %(only)s::bigint IS NULL OR c.id = %(only)s
ORDER BY c.id
"""
LOADED = """
SELECT id, workspace_id, network, account_id, handle, config::text FROM channels WHERE id = ANY(%s) ORDER BY id
"""
# A folder that was taken away: what it did stays readable, nothing can be sent.
GONE_CAN = ChannelAbilities(reply_public=False, reply_private=False)
GONE_TEXT = Counter(limit=0)


def channel_views(tx: Tx) -> list[ChannelView]:
    """The workspace's channels as screens show them, oldest first."""
    return [_view(row) for row in tx.rows(VIEWS, {"only": None})]


def channel_view(tx: Tx, channel_id: int) -> ChannelView:
    """One channel as screens show it. Raises `NotFound`."""
    row = tx.one(VIEWS, {"only": channel_id})
    if row is None:
        raise NotFound
    return _view(row)


def load_channel(tx: Tx, channel_id: int) -> Channel:
    """A channel as its connector needs it, credentials opened. Raises `NotFound`, `WrongKey`."""
    found = load_channels(tx, [channel_id])
    if channel_id not in found:
        raise NotFound
    return found[channel_id]


def load_channels(tx: Tx, channel_ids: Iterable[int]) -> dict[int, Channel]:
    """Channels by id as their connectors need them, of all the transaction's workspaces; unknown ids are left out."""
    wanted = list(channel_ids)
    opened = open_secrets(tx, wanted)
    return {row[0]: _channel(row, opened.get(row[0], {})) for row in tx.rows(*unopened(wanted))}


def unopened(channel_ids: Iterable[int]) -> Question:
    """Asks for channels as parsing needs them, without credentials; for `without_secrets`."""
    return Question(LOADED, (list(channel_ids),))


def without_secrets(rows: list[Row]) -> dict[int, Channel]:
    return {row[0]: _channel(row, {}) for row in rows}


def _channel(row: Row, secrets: dict[str, str]) -> Channel:
    return Channel(
        id=row[0], workspace_id=row[1], network=row[2], account_id=row[3], handle=row[4], config=jsons.decode(row[5]),
        secrets=secrets,
    )  # fmt: skip


def hook_token(tx: Tx, channel_id: int) -> str:
    """The secret part of a channel's webhook address. Raises `NotFound`."""
    row = tx.one("SELECT hook_token FROM channels WHERE id = %s", (channel_id,))
    if row is None:
        raise NotFound
    return str(row[0])


def _view(row: Row) -> ChannelView:
    manifest = _manifest(row[1])
    return ChannelView(
        id=str(row[0]),
        network=row[1],
        network_label=registry.label(row[1]),
        handle=row[2],
        name=row[3],
        followers=row[4],
        sending=row[5],
        paused=row[6],
        health=HealthView(
            state=row[7],
            message=row[8],
            last_event_at=row[9],
            lag_seconds=row[10],
            complete_until=row[11],
            inbound_missing=row[12],
            missing_checked_at=row[13],
        ),
        can=abilities(manifest) if manifest else GONE_CAN,
        public_text=manifest.public_text if manifest else GONE_TEXT,
        private_text=manifest.private_text if manifest else GONE_TEXT,
        pictures=manifest.pictures if manifest else None,
        marking=manifest.marking if manifest else None,
        thread=manifest.thread if manifest else None,
    )


def _manifest(network: str) -> Manifest | None:
    try:
        return registry.get(network).manifest
    except registry.UnknownNetwork:
        return None
