"""Plays a scene on the real network and records what our reading makes of it: `python -m ...bluesky.tests.record`.

Run it when the reading changes or the network's answers do; the recordings are what the pure tests read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec

from offhold.connectors.contract import Channel
from offhold.connectors.egress import GuardedEgress
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.chat_stub import ChatService, chat_service
from offhold.networks.bluesky.tests.people import Account, Said, png
from offhold.networks.bluesky.tests.real_network import RealNetwork, running
from offhold.networks.bluesky.tests.recorded import FIXTURES
from offhold.networks.bluesky.tests.world import channel_of, typed_for


class Scene:
    def __init__(self, network: RealNetwork, chats: ChatService) -> None:
        self.network = network
        self.chats = chats
        self.brand = network.account("brand", "Brand Care")
        self.ann = network.account("ann", "Ann 👋 Ångström")
        self.bob = network.account("bob", "بوب")
        self.connector = BlueskyConnector()
        self.egress = GuardedEgress(network.allow)
        self.channel: Channel
        self.cursor: object = None

    async def open(self) -> None:
        typed = typed_for(self.network, self.brand, self.chats)
        self.channel = channel_of(await self.connector.connect(self.egress, typed))
        await self.heard()

    async def heard(self) -> tuple[bytes, ...]:
        self.network.settle()
        batch = await self.connector.poll(self.egress, self.channel, self.cursor)
        self.cursor = batch.cursor
        return batch.bodies

    async def reread(self, said: Said) -> tuple[bytes, ...]:
        self.network.settle()
        return (await self.connector.reread(self.egress, self.channel, (said.uri,))).bodies[:1]


async def play(scene: Scene) -> None:
    await scene.open()
    brand, ann, bob = scene.brand, scene.ann, scene.bob
    keep(["cast"], [msgspec.json.encode({"brand": brand.did, "ann": ann.did, "bob": bob.did})])
    ours = brand.say("Our new timetable is out")
    keep(["mention-with-picture"], await _said(scene, lost_parcel(ann, brand)))
    keep(["reply-to-us"], await _said(scene, bob.say("いつ届きますか？", answering=ours)))
    picture = [(png(30, 20, "teal"), "A crowded platform")]
    keep(["quote-with-picture"], await _said(scene, ann.say("Look at this 🙄", quoting=ours, pictures=picture)))
    keep(["links-and-card"], await _said(scene, ann.say_with_links(brand)))
    bob.like(ours)
    bob.repost(ours)
    keep(["counts"], await scene.heard())
    await record_thread(scene)
    await record_chat(scene)


def lost_parcel(ann: Account, brand: Account) -> Said:
    text = f"Grüße 👋 @{brand.handle} where is my parcel?"
    return ann.say(text, mentioning=[brand], pictures=[(png(), "An empty box"), (png(12, 34, "navy"), "")])


async def record_thread(scene: Scene) -> None:
    brand, ann, bob = scene.brand, scene.ann, scene.bob
    root = ann.say(f"@{brand.handle} my train is cancelled", mentioning=[brand])
    mine = bob.say("Mine too", answering=root)
    under = ann.say("What did you do?", answering=mine)
    brand.say("We are sorry. A bus leaves at 9.", answering=root)
    bob.say("And my dog?", answering=under)
    keep(["thread"], await scene.reread(root))
    bob.delete(mine)
    ann.edit(under, "What will you do?")
    keep(["thread-after-edit-and-deletion"], await scene.reread(root))
    bob.block(brand)
    keep(["thread-with-somebody-who-blocked-us"], await scene.reread(root))
    await scene.heard()


async def record_chat(scene: Scene) -> None:
    brand, ann, bob, chats = scene.brand, scene.ann, scene.bob, scene.chats
    first = chats.write(ann, brand, "My booking is 4711")
    keep(["direct-message"], await scene.heard())
    chats.write(brand, ann, "Thank you, found it")
    keep(["direct-message-of-ours"], await scene.heard())
    chats.delete_for(brand, first)
    keep(["direct-message-deleted"], await scene.heard())
    chats.say_in(chats.make_group(ann, bob, brand), bob, "Hello all")
    keep(["direct-message-to-a-group"], await scene.heard())


async def _said(scene: Scene, said: Said) -> tuple[bytes, ...]:
    heard = await scene.heard()
    assert said.uri.encode() in b"".join(heard)
    return heard


def keep(names: Iterable[str], bodies: Iterable[bytes]) -> None:
    for name, body in zip(names, bodies, strict=True):
        (FIXTURES / f"{name}.json").write_bytes(msgspec.json.format(body, indent=1) + b"\n")


def main() -> None:
    with running() as network, chat_service(network) as chats:
        asyncio.run(play(Scene(network, chats)))


if __name__ == "__main__":
    main()
