"""What is counted of a channel: what is in the database, once."""

from __future__ import annotations

from contextlib import suppress

import pytest

from offhold.channels.queries import load_channels
from offhold.connectors.contract import Channel
from offhold.intake.consume import Again, Parsed
from offhold.intake.pulse import Pulse
from offhold.intake.tests.world import World
from offhold.kernel import clock, ids
from offhold.kernel.db.tx import transaction_over
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")


@pytest.fixture
def world(workspace: builders.Workspace) -> World:
    return World(workspace)


def channel_of(world: World) -> Channel:
    with transaction_over([world.workspace.id]) as tx:
        return load_channels(tx, [world.channel.id])[world.channel.id]


def test_a_batch_that_is_decided_again_counts_once(world: World) -> None:
    pulse = Pulse()
    batch = [Parsed(ids.new(), world.workspace.id, channel_of(world), 1, clock.now(), False, [])]
    with suppress(Again), transaction_over([world.workspace.id]):
        pulse.worked(batch)
        raise Again
    with transaction_over([world.workspace.id]):
        pulse.worked(batch)
    assert [beat.events for beat in pulse._beats.values()] == [1]
