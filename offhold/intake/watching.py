"""Which channels this worker asks for news: those whose lanes it holds, that are not paused, as they are now."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import psycopg
from django.db import Error as DatabaseError

from offhold.channels.queries import load_channels
from offhold.connectors import registry
from offhold.connectors.contract import Channel, Connector, Egress
from offhold.intake import lanes
from offhold.intake.consume import Hold
from offhold.intake.pulse import Pulse
from offhold.intake.sources import Watched, watch
from offhold.kernel.db.tx import transaction_over
from offhold.kernel.secrets import WrongKey

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0  # a channel that was connected, paused or removed is noticed within this time
UNREADABLE = "Its credentials cannot be read with this desk's key. Connect the account again."
JUDGE_SECONDS = 30.0  # a channel of which nothing is heard is judged this often: silence brings no occasion of its own


class Watching:
    """`run` until `stop`. `pace`: seconds between looks at a network, 0 = each network's own."""

    def __init__(self, egress: Egress, hold: Callable[[], Hold], pulse: Pulse, pace: float) -> None:
        self._egress, self._hold, self._pulse, self._pace = egress, hold, pulse, pace
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._stopped = asyncio.Event()
        self._judge_at = 0.0

    def stop(self) -> None:
        self._stopped.set()

    async def run(self) -> None:
        """Keep one task per channel of ours; end them all at the end."""
        while not self._stopped.is_set():
            try:
                ours = await asyncio.to_thread(_ours, self._hold())
                self._judge(ours)
                await self._update(ours)
            except (psycopg.Error, DatabaseError) as error:
                log.warning("channels could not be read (%s), trying again", type(error).__name__)
            try:
                await asyncio.wait_for(self._stopped.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
        await self._update({})

    def _judge(self, ours: dict[int, tuple[int, str]]) -> None:
        if time.monotonic() >= self._judge_at:
            self._judge_at = time.monotonic() + JUDGE_SECONDS
            for channel, (workspace, _) in ours.items():
                self._pulse.passed(workspace, channel)

    async def _update(self, ours: dict[int, tuple[int, str]]) -> None:
        for channel in [c for c, task in self._tasks.items() if c not in ours or task.done()]:
            task = self._tasks.pop(channel)
            task.cancel()
            (result,) = await asyncio.gather(task, return_exceptions=True)
            if isinstance(result, Exception):
                log.warning("watching channel %s ended (%s) and starts again", channel, type(result).__name__)
        for channel, (workspace, network) in ours.items():
            if channel not in self._tasks and (connector := _connector(network)) is not None:
                loaded = await self._loaded(workspace, channel)
                if loaded is not None:
                    self._tasks[channel] = asyncio.create_task(watch(self._watched(loaded, connector)))

    async def _loaded(self, workspace: int, channel: int) -> Channel | None:
        try:
            return await asyncio.to_thread(_load, workspace, channel)
        except WrongKey:  # one channel's trouble: the others are watched
            log.warning("the credentials of channel %s cannot be opened", channel)
            self._pulse.failed(workspace, channel, "login_expired", UNREADABLE)
            return None

    def _watched(self, channel: Channel, connector: Connector) -> Watched:
        pace = self._pace or connector.manifest.poll_seconds
        return Watched(channel, connector, self._egress, self._hold, self._pulse, pace)


def _ours(hold: Hold) -> dict[int, tuple[int, str]]:
    """Channel -> (workspace, network) of our lanes, without the paused."""
    with transaction_over([]) as tx:
        rows = tx.rows("SELECT workspace_id, channel_id, network FROM all_channels() WHERE NOT paused")
    return {c: (w, n) for w, c, n in rows if lanes.lane_of(w, n) in hold[1]}


def _connector(network: str) -> Connector | None:
    try:
        return registry.get(network)
    except registry.UnknownNetwork:
        return None


def _load(workspace: int, channel: int) -> Channel | None:
    with transaction_over([workspace]) as tx:
        return load_channels(tx, [channel]).get(channel)
