"""What a network shows no longer, and what it holds that we do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from offhold.app import pipeline
from offhold.connectors.contract import Abilities, Batch, Channel, DeliveryError, Egress
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.intake import reread, sources
from offhold.intake.consume import Hold, work
from offhold.intake.sources import Watched
from offhold.intake.tests.asking.watch import as_worker, step, watch
from offhold.intake.tests.world import World


class Lossy(FakeConnector):
    """A network that tells of no deletion; `hides` are not shown in threads although they are there."""

    def __init__(self, network: FakeNetwork) -> None:
        super().__init__(network, abilities=Abilities(reply_public=True, thread_reread=True))
        self.hides: set[str] = set()
        self.asked: list[tuple[str, ...]] = []
        self.unreachable = False

    async def reread(self, egress: Egress, channel: Channel, conversations: tuple[str, ...]) -> Batch:
        kept = dict(self._network.items)
        for name in self.hides:
            self._network.items.pop(name, None)
        try:
            return await super().reread(egress, channel, conversations)
        finally:
            self._network.items = kept

    async def still_there(self, egress: Egress, channel: Channel, ids: tuple[str, ...]) -> set[str]:
        self.asked.append(ids)
        if self.unreachable:
            raise DeliveryError("the look was incomplete")
        return await super().still_there(egress, channel, ids)

    @property
    def _network(self) -> FakeNetwork:
        return self._theirs

    def of(self, network: FakeNetwork) -> Lossy:
        self._theirs = network
        return self


@pytest.fixture
def thread(world: World, hold: Hold) -> tuple[Watched, Lossy, list[str]]:
    """A thread of three that the desk holds, on a network that says nothing when something goes."""
    connector = Lossy(world.network).of(world.network)
    root = world.network.post("Where is my bag?")
    replies = [world.network.post(f"Mine too? {n}", by=f"p{n}", parent=root) for n in range(2)]
    world.arrive(*[delivery.body for delivery in world.network.deliveries()])
    as_worker(work, hold, pipeline.handle)
    return watch(world, hold, connector), connector, [root, *replies]


def gone(world: World, hold: Hold) -> list[str]:
    as_worker(work, hold, pipeline.handle)
    found = world.rows(
        "SELECT network_id FROM messages WHERE channel_id = %s AND deleted_at IS NOT NULL", world.channel.id
    )
    return [name for (name,) in found]


async def test_what_a_thread_does_not_show_is_asked_for_before_it_is_gone(
    world: World, hold: Hold, thread: tuple[Watched, Lossy, list[str]]
) -> None:
    watched, connector, (_, hidden, deleted) = thread
    connector.hides = {hidden}
    del world.network.items[deleted]
    await step(watched, sources.read_again)
    assert connector.asked == [tuple(sorted([hidden, deleted]))]
    assert gone(world, hold) == [deleted]


async def test_nothing_is_gone_when_the_second_look_was_incomplete(
    world: World, hold: Hold, thread: tuple[Watched, Lossy, list[str]]
) -> None:
    watched, connector, (_, _, deleted) = thread
    del world.network.items[deleted]
    connector.unreachable = True
    with pytest.raises(DeliveryError):
        await step(watched, sources.read_again)
    assert gone(world, hold) == []
    connector.unreachable = False
    await step(watched, sources.read_again)
    assert gone(world, hold) == [deleted], "the thread is due again until it was read to the end"


async def test_a_network_cannot_say_of_itself_that_something_is_gone(world: World, hold: Hold) -> None:
    """The body of our own finding is read as that only where we wrote it."""
    world.network.post("Where is my bag?")
    world.arrive(*[d.body for d in world.network.deliveries()])
    (name,) = world.network.items
    world.arrive(reread.body_of((name,)), source="webhook")
    assert gone(world, hold) == []
    assert world.rows("SELECT reason FROM dead_letters WHERE channel_id = %s", world.channel.id) == [("malformed",)]


def missing(world: World) -> int | None:
    ((count,),) = world.rows("SELECT inbound_missing FROM channel_health WHERE channel_id = %s", world.channel.id)
    return None if count is None else int(count)


async def test_the_proof_counts_what_the_network_holds_and_we_do_not(
    world: World, hold: Hold, watched: Watched, clock_offset: Callable[[float], None]
) -> None:
    assert missing(world) is None
    for n in range(5):
        world.network.post(f"post {n}", by=f"p{n}")
    bodies = [delivery.body for delivery in world.network.deliveries()]
    world.arrive(*bodies[:3])
    as_worker(work, hold, pipeline.handle)
    await step(watched, sources.prove)
    assert missing(world) == 2
    world.arrive(*bodies)
    as_worker(work, hold, pipeline.handle)
    await step(watched, sources.prove)
    assert missing(world) == 0
    world.network.post("of long ago, not heard")
    clock_offset(49 * 3600)
    await step(watched, sources.prove)
    assert missing(world) == 0, "the proof looks back 48 hours"
