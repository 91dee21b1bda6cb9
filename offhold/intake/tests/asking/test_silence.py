"""A channel that falls silent says so, and how far its network was read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from offhold.channels.actions import do_note_health
from offhold.channels.health import Seen
from offhold.connectors.contract import Abilities
from offhold.connectors.fake import FakeConnector
from offhold.connectors.registry import networks
from offhold.intake import sources
from offhold.intake.consume import Hold
from offhold.intake.pulse import Pulse
from offhold.intake.sources import Watched
from offhold.intake.tests.asking.watch import as_worker, health, step, until, watch
from offhold.intake.tests.world import World
from offhold.intake.watching import Watching
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction_over


async def test_a_channel_that_falls_silent_says_so(
    world: World, watched: Watched, clock_offset: Callable[[float], None]
) -> None:
    """Its own rhythm is a post a minute; a look that brings nothing for an hour is no proof that all is well."""
    for minute in range(20):
        clock_offset(minute * 60)
        heard(world, Seen(events=1, looked=True))
    assert health(world) == ("ok", "")
    clock_offset(19 * 60 + 3600)
    await step(watched, sources.poll)
    assert health(world, watched)[0] == "silent"
    heard(world, Seen(events=1))
    assert health(world) == ("ok", "")


def heard(world: World, seen: Seen) -> None:
    def note() -> None:
        with transaction_over([world.workspace.id]) as tx:
            do_note_health(tx, world.workspace.id, world.channel.id, seen)

    as_worker(note)


async def test_silence_is_noticed_where_nobody_looks(
    world: World, hold: Hold, clock_offset: Callable[[float], None]
) -> None:
    """A network with webhooks only brings no occasion to judge it: time alone must be one."""
    for minute in range(20):
        clock_offset(minute * 60)
        heard(world, Seen(events=1))
    clock_offset(19 * 60 + 3600)
    with networks.lend(FakeConnector(world.network, abilities=Abilities(webhooks=True))):
        pulse = Pulse()
        watching = Watching(world.network.egress, lambda: hold, pulse, 0)
        task = asyncio.create_task(watching.run())
        await until(lambda: as_worker(pulse.flush) or health(world)[0] == "silent")
        watching.stop()
        await task


def test_complete_until_is_told(world: World, hold: Hold) -> None:
    watched = watch(world, hold)
    when = clock.now() - timedelta(minutes=3)
    watched.pulse.looked(world.workspace.id, world.channel.id, when)
    as_worker(watched.pulse.flush)
    ((until_,),) = world.rows("SELECT complete_until FROM channel_health WHERE channel_id = %s", world.channel.id)
    assert until_ == when
