"""A channel whose credentials cannot be read says so, and the others are watched."""

from __future__ import annotations

import asyncio

from offhold.channels.credentials import do_store_secrets
from offhold.connectors.contract import Abilities
from offhold.connectors.fake import FakeConnector
from offhold.connectors.registry import networks
from offhold.intake.consume import Hold
from offhold.intake.pulse import Pulse
from offhold.intake.tests.asking.watch import as_worker, until
from offhold.intake.tests.world import World
from offhold.intake.watching import UNREADABLE, Watching
from offhold.kernel.db.tx import transaction_over
from tests.support import builders
from tests.support.fixtures import OwnerSql


async def test_one_channel_that_cannot_be_opened_stops_no_other(world: World, hold: Hold, owner_sql: OwnerSql) -> None:
    spoiled = as_worker(_spoiled, world, owner_sql)
    with networks.lend(FakeConnector(world.network, abilities=Abilities(polls=True))):
        pulse = Pulse()
        watching = Watching(world.network.egress, lambda: hold, pulse, 0.01)
        task = asyncio.create_task(watching.run())
        wanted = {(spoiled, "login_expired", UNREADABLE), (world.channel.id, "ok", "")}
        await until(lambda: as_worker(pulse.flush) or wanted <= set(_states(world)))
        watching.stop()
        await task


def _spoiled(world: World, owner_sql: OwnerSql) -> int:
    channel = builders.channel(world.workspace)
    with transaction_over([world.workspace.id]) as tx:
        do_store_secrets(tx, world.workspace.id, channel.id, {"token": "open sesame", "refresh": "later"})
    owner_sql(
        "UPDATE channel_secrets s SET sealed = (SELECT sealed FROM channel_secrets o WHERE o.channel_id = s.channel_id"
        " AND o.name = 'token') WHERE channel_id = %s AND name = 'refresh'", (channel.id,),
    )  # fmt: skip
    return channel.id


def _states(world: World) -> list[tuple[int, str, str]]:
    found = world.rows(
        "SELECT channel_id, state, message FROM channel_health WHERE workspace_id = %s", world.workspace.id
    )
    return [(row[0], row[1], row[2]) for row in found]
