"""A channel watched as the worker watches it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from offhold.connectors.contract import Channel
from offhold.intake import lanes, sources
from offhold.intake.consume import Hold
from offhold.intake.pulse import Pulse
from offhold.intake.sources import Watched
from offhold.intake.tests.world import World
from offhold.kernel.db.tx import transaction_over
from tests.support.database import acting


def acted(act: Callable[..., Any], *given: Any) -> Any:
    with acting("pipeline"):
        return act(*given)


def as_worker(act: Callable[..., Any], *given: Any) -> Any:
    """Done in a thread, and waited for: Django wants no loop where it works."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(acted, act, *given).result()


def take(me: str) -> Hold:
    with transaction_over([]) as tx:
        return me, lanes.take(tx, me)


def watch(world: World, hold: Hold, connector: Any = None) -> Watched:
    channel = world.network.channel(world.channel.id, world.workspace.id)
    return Watched(channel, connector or world.connector, world.network.egress, lambda: hold, Pulse(), 0.01)


def cursor(world: World, stream: str = "poll") -> Any:
    rows = world.rows(
        "SELECT cursor::text FROM cursors WHERE channel_id = %s AND stream = %s", world.channel.id, stream
    )
    return msgspec.json.decode(rows[0][0]) if rows else None


def health(world: World, watched: Watched | None = None) -> tuple[str, str]:
    """State and words on the channel's card, after the worker's pulse."""
    if watched is not None:
        as_worker(watched.pulse.flush)
    ((state, words),) = world.rows("SELECT state, message FROM channel_health WHERE channel_id = %s", world.channel.id)
    return state, words


async def step(watched: Watched, look: Callable[[Watched, Channel], Awaitable[None]]) -> None:
    await look(watched, watched.channel)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - it becomes true in another process, the database
            await asyncio.sleep(0.02)


async def running(watched: Watched, true: Callable[[], object]) -> None:
    """Let the channel be watched until this holds."""
    task = asyncio.create_task(sources.watch(watched))
    try:
        await until(true)
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
