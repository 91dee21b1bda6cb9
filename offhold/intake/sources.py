"""Asking networks for what is new: polls, streams and threads read again, each channel on its own.

A channel is asked by the worker that holds its lane. What a look brought, the cursor and rotated tokens are written in
one transaction that first checks the lane: a worker that lost it writes nothing, and the next one asks again from the
old cursor; what comes twice is deduped by the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from offhold.channels.credentials import do_store_secrets
from offhold.channels.queries import load_channels
from offhold.channels.views import State
from offhold.connectors.contract import (
    Batch,
    Channel,
    Connector,
    DeliveryError,
    Egress,
    LoginExpired,
    NotSent,
    RateLimited,
)
from offhold.intake import lanes, proof, reread
from offhold.intake.consume import Hold
from offhold.intake.log import Arrival, append, forget_rolls
from offhold.intake.pulse import Pulse
from offhold.kernel import clock, jsons
from offhold.kernel.db.tx import Tx, transaction_over

log = logging.getLogger(__name__)

LONGEST_PAUSE = 300.0  # seconds between looks while a channel cannot be reached


class Watched(msgspec.Struct, frozen=True):
    """One channel with what its tasks need. `pace`: seconds between looks."""

    channel: Channel
    connector: Connector
    egress: Egress
    hold: Callable[[], Hold]
    pulse: Pulse
    pace: float

    def fresh(self) -> Channel:
        """The channel with the credentials as they are stored now."""
        with transaction_over([self.channel.workspace_id]) as tx:
            return load_channels(tx, [self.channel.id])[self.channel.id]


async def watch(watched: Watched) -> None:
    """Ask this channel's network until cancelled. Failures are its own: they show in its health and in nothing else."""
    can = watched.connector.manifest.can
    async with asyncio.TaskGroup() as tasks:
        if can.polls:
            tasks.create_task(_often(watched, watched.pace, poll))
        if can.streams:
            tasks.create_task(_often(watched, 1.0, listen))
        if can.thread_reread:
            tasks.create_task(_often(watched, watched.pace, read_again))
        if can.polls:
            tasks.create_task(_often(watched, proof.EVERY_SECONDS, prove, first=watched.pace))


async def _often(
    watched: Watched, pace: float, look: Callable[[Watched, Channel], Awaitable[None]], first: float = 0.0
) -> None:
    """Look, pause, look; longer pauses while it fails."""
    await asyncio.sleep(first)
    pause = pace
    while True:
        channel = await asyncio.to_thread(watched.fresh)
        try:
            await look(watched, channel)
            pause = pace
        except RateLimited as error:
            pause = min(max(error.retry_after, pace), LONGEST_PAUSE)
        except DeliveryError as error:
            state, words = in_words(error)
            watched.pulse.failed(channel.workspace_id, channel.id, state, words)
            pause = min(max(pause, 1.0) * 2, LONGEST_PAUSE)
        except lanes.LostLane:
            raise
        except Exception:
            log.exception("looking at channel %s failed", channel.id)
            words = "Reading this network failed in an unexpected way; the log of the worker says how."
            watched.pulse.failed(channel.workspace_id, channel.id, "unreachable", words)
            pause = min(max(pause, 1.0) * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)


def in_words(error: DeliveryError) -> tuple[State, str]:
    """A failed look as a channel's health says it."""
    if isinstance(error, LoginExpired):
        return "login_expired", f"The network no longer accepts our login: {error}. Connect the account again."
    if isinstance(error, NotSent):
        return "unreachable", f"The network cannot be reached: {error}."
    return "unreachable", f"The network answered with an error: {error}."


async def poll(watched: Watched, channel: Channel) -> None:
    """One look from the stored cursor, to its end."""
    more = True
    while more:
        cursor = await asyncio.to_thread(_cursor, channel, "poll")
        batch = await watched.connector.poll(watched.egress, channel, cursor)
        await asyncio.to_thread(store, watched, channel, batch, "poll", "poll")
        more = batch.more
        channel = await asyncio.to_thread(watched.fresh) if batch.secrets else channel


async def listen(watched: Watched, channel: Channel) -> None:
    """Follow the stream until it ends."""
    cursor = await asyncio.to_thread(_cursor, channel, "stream")
    async for batch in watched.connector.listen(watched.egress, channel, cursor):
        await asyncio.to_thread(store, watched, channel, batch, "stream", "stream")


async def read_again(watched: Watched, channel: Channel) -> None:
    """Read open public threads again, and confirm what seems to be gone."""
    threads = await asyncio.to_thread(reread.due, channel)
    batch = await watched.connector.reread(watched.egress, channel, threads)
    await asyncio.to_thread(store, watched, channel, batch, "reread", None)
    suspects = await asyncio.to_thread(reread.suspects, watched.connector, channel, batch)
    if suspects:
        there = await watched.connector.still_there(watched.egress, channel, suspects)
        if missing := tuple(sorted(set(suspects) - there)):
            body = reread.body_of(missing)
            gone = Batch(bodies=(body,), cursor=None)
            await asyncio.to_thread(store, watched, channel, gone, "confirmed", None)
    await asyncio.to_thread(reread.done, channel, threads)


async def prove(watched: Watched, channel: Channel) -> None:
    """Compare ourselves with what the network holds."""
    since = clock.now() - proof.WINDOW
    held = await watched.connector.inventory(watched.egress, channel, since)
    await asyncio.to_thread(proof.compare, channel, held)


def _cursor(channel: Channel, stream: str) -> Any:
    with transaction_over([channel.workspace_id]) as tx:
        row = tx.one("SELECT cursor::text FROM cursors WHERE channel_id = %s AND stream = %s", (channel.id, stream))
    return jsons.decode(row[0]) if row and row[0] is not None else None


_CURSOR = """
INSERT INTO cursors (workspace_id, channel_id, stream, cursor, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, channel_id, stream) DO UPDATE SET cursor = excluded.cursor, at = excluded.at
"""


def store(watched: Watched, channel: Channel, batch: Batch, source: str, stream: str | None) -> None:
    """What a look brought, where it stands now, and new tokens: all or nothing."""
    me, held = watched.hold()
    lane = lanes.lane_of(channel.workspace_id, channel.network)
    try:
        with transaction_over([channel.workspace_id]) as tx:
            lanes.check(tx, me, {lane: held.get(lane, -1)})
            append(tx, [_arrival(channel, source, body) for body in batch.bodies])
            if stream is not None:
                _keep(tx, channel, stream, batch)
            if batch.secrets:
                do_store_secrets(tx, channel.workspace_id, channel.id, batch.secrets)
    except Exception:
        forget_rolls()
        raise
    watched.pulse.looked(channel.workspace_id, channel.id, batch.complete_until)


def _arrival(channel: Channel, source: str, body: bytes) -> Arrival:
    return Arrival(channel.workspace_id, channel.id, channel.network, source, body, clock.now())


def _keep(tx: Tx, channel: Channel, stream: str, batch: Batch) -> None:
    cursor = jsons.encode(batch.cursor).decode()
    tx.run(_CURSOR, (channel.workspace_id, channel.id, stream, cursor, tx.at))
