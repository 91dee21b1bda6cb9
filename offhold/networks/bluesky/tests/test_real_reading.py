"""Nothing is lost: what customers say on the real network, however quickly, is what the desk ends up with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import Channel, Media, Posted, Present, Reacted, Signal
from offhold.connectors.egress import GuardedEgress
from offhold.kernel import clock
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.people import Account
from offhold.networks.bluesky.tests.quick_threads import QuickThreads
from offhold.networks.bluesky.tests.real_network import RealNetwork
from offhold.networks.bluesky.tests.world import channel_of, typed_for


class Store:
    """What a desk would have stored: each message as last told, and none that the network says is gone when asked."""

    def __init__(self, network: RealNetwork, channel: Channel) -> None:
        self.network = network
        self.channel = channel
        self.egress = GuardedEgress(network.allow)
        self.connector = BlueskyConnector()
        self.cursor: Any = None
        self.messages: dict[str, Posted] = {}
        self.held: dict[str, Present] = {}
        self.polled: set[str] = set()

    async def read(self) -> None:
        """Until a round of poll and reread brings nothing new."""
        while True:
            before = set(self.messages)
            await self.poll()
            self.polled |= self.messages.keys() - before
            await self.reread()
            if before == self.messages.keys():
                return

    async def poll(self) -> None:
        more = True
        while more:
            batch = await self.connector.poll(self.egress, self.channel, self.cursor)
            self.cursor, more = msgspec.json.decode(msgspec.json.encode(batch.cursor)), batch.more
            self._take(batch.bodies)

    async def reread(self) -> None:
        conversations = tuple({message.conversation for message in self.messages.values()})
        self._take((await self.connector.reread(self.egress, self.channel, conversations)).bodies)
        missing = {id_ for id_ in self.messages if id_ not in self._ids_held() and self._completely_read(id_)}
        there = await self.connector.still_there(self.egress, self.channel, tuple(missing))
        for gone in missing - there:
            del self.messages[gone]

    def _take(self, bodies: tuple[bytes, ...]) -> None:
        signals: list[Signal] = [s for body in bodies for s in self.connector.parse(self.channel, body)]
        self.messages |= {s.id: s for s in signals if isinstance(s, Posted)}
        self.held |= {s.conversation: s for s in signals if isinstance(s, Present)}

    def _ids_held(self) -> set[str]:
        return {id_ for present in self.held.values() for id_ in present.ids}

    def _completely_read(self, network_id: str) -> bool:
        held = self.held.get(self.messages[network_id].conversation)
        return held is not None and held.complete


@pytest.fixture
async def brand(atproto: RealNetwork) -> Account:
    return atproto.account("brand", "Brand Care")


@pytest.fixture
async def store(atproto: RealNetwork, brand: Account) -> Store:
    connector = BlueskyConnector()
    connected = await connector.connect(GuardedEgress(atproto.allow), typed_for(atproto, brand, None, direct=False))
    return Store(atproto, channel_of(connected))


def check_same(store: Store, story: QuickThreads) -> None:
    """The desk holds every post as it is now, each in its thread, and none that is gone."""
    customers = {id_: m for id_, m in store.messages.items() if m.author.id != store.channel.account_id}
    assert customers.keys() == story.visible().keys()
    for uri, post in story.visible().items():
        message = customers[uri]
        assert (message.text, message.version) == (post.said.text, post.said.cid)
        assert message.author.id == post.author.did
        assert message.conversation == post.said.thread_root().uri
        assert message.parent == (post.said.parent.uri if post.said.parent else None)
        assert [type(medium) for medium in message.media] == [Media] * post.pictures


@pytest.mark.timeout(300)
async def test_every_message_of_many_quick_threads_arrives(atproto: RealNetwork, brand: Account, store: Store) -> None:
    customers = atproto.accounts(["ann", "bob", "chen", "dina", "emil", "fay"])
    story = QuickThreads(brand, customers).play(threads=16, posts=5, under_ours=4)
    atproto.settle()
    await store.read()
    check_same(store, story)
    assert len(story.posts) == 80
    assert store.polled != store.messages.keys(), "the notifications alone do not tell all: the threads must be read"

    story.edit_some(0.2)
    story.delete_some(0.2)
    atproto.settle()
    assert story.deleted
    await store.read()
    check_same(store, story)


async def test_the_inventory_lists_what_addressed_us(atproto: RealNetwork, brand: Account, store: Store) -> None:
    customers = atproto.accounts(["ann", "bob"])
    story = QuickThreads(brand, customers).play(threads=4, posts=3, under_ours=2)
    atproto.settle()
    await store.read()
    listed = await store.connector.inventory(store.egress, store.channel, clock.now() - timedelta(hours=1))
    addressed = {
        uri for uri, message in store.messages.items() if message.mentions_us and message.author.id != brand.did
    }
    assert addressed <= listed <= story.visible().keys()


async def test_a_thread_deeper_than_one_answer(atproto: RealNetwork, brand: Account, store: Store) -> None:
    ann = atproto.account("ann")
    said = [ann.say(f"@{brand.handle} a long story", mentioning=[brand])]
    for n in range(75):
        said.append(ann.say(f"and then {n}", answering=said[-1]))
    atproto.settle()
    await store.read()
    assert store.messages.keys() == {one.uri for one in said}
    assert store.held[said[0].uri].complete


async def test_a_customer_who_blocks_us_is_hidden_and_not_gone(
    atproto: RealNetwork, brand: Account, store: Store
) -> None:
    ann, bob = atproto.accounts(["ann", "bob"])
    root = ann.say(f"@{brand.handle} hello", mentioning=[brand])
    angry = bob.say("they never answer", answering=root)
    atproto.settle()
    await store.read()
    bob.block(brand)
    atproto.settle()
    await store.read()
    assert store.messages.keys() == {root.uri, angry.uri}


async def test_likes_and_reposts_are_counted_on_our_post(atproto: RealNetwork, brand: Account, store: Store) -> None:
    ours = brand.say("We are back")
    ann, bob = atproto.accounts(["ann", "bob"])
    await store.read()
    for fan in (ann, bob):
        fan.like(ours)
    ann.repost(ours)
    atproto.settle()
    batch = await store.connector.poll(store.egress, store.channel, store.cursor)
    [counted] = [s for body in batch.bodies for s in store.connector.parse(store.channel, body)]
    assert isinstance(counted, Reacted)
    assert (counted.id, counted.likes, counted.reposts) == (ours.uri, 2, 1)
