"""What the suite needs of a network to test a connector against it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Literal, Protocol

import msgspec
import pytest

from offhold.connectors.contract import (
    Batch,
    Channel,
    Connector,
    DirectOut,
    Egress,
    Posted,
    PublicOut,
    Receipt,
    Signal,
    WebhookRequest,
)
from offhold.connectors.faults import any_write
from offhold.kernel import clock

Trouble = Literal["refused", "rate_limited", "login_expired", "misstated_audience"]


class Specimen(msgspec.Struct, frozen=True):
    """The pure part: a connector, a channel as stored, and genuine raw bodies: recorded, or as it makes them."""

    connector: Connector
    channel: Channel
    bodies: tuple[bytes, ...]


class World(Protocol):
    """A running network (or a faithful fake), our account on it, and one customer we play. Subclass it by name.

    The first group must be provided. `patience`: seconds the network may take until what was said can be read.
    """

    connector: Connector
    channel: Channel  # replaced whenever the connector hands out rotated secrets
    egress: Egress
    patience: float = 10.0
    pause: float = 0.05

    async def customer_posts(self, text: str) -> str:
        """In public, addressed to us. Returns the network id."""
        ...

    async def customer_replies(self, parent_id: str, text: str) -> str:
        """In public, to that post (the customer's or ours). Returns the network id."""
        ...

    async def public_texts(self) -> list[str]:
        """Every text of our account that anybody can see now, asked of the network itself, not of the connector."""
        ...

    # Needed where the manifest promises it.

    async def customer_dms(self, text: str) -> str:  # noqa: ARG002 - a world overrides it
        pytest.skip("this world has no direct messages from customers")

    async def private_texts(self) -> list[str]:
        """Every direct message of ours the customer can see now."""
        return []

    async def edit(self, network_id: str, text: str) -> None:  # noqa: ARG002
        pytest.skip("this world's customers do not edit")

    async def delete(self, network_id: str) -> None:  # noqa: ARG002
        pytest.skip("this world's customers do not delete")

    async def inject(self, trouble: Trouble) -> None:
        """Make the network answer the next write like this."""
        pytest.skip(f"this world cannot make the network answer: {trouble}")

    def is_write(self, method: str, url: str) -> bool:
        """Is this the request that publishes? (Not a log-in, not an upload.)"""
        return any_write(method, url)

    def typed(self) -> Mapping[str, str]:
        """What an admin types to connect this account, all of it right."""
        pytest.skip("this world does not say what an admin types")

    def typed_wrong(self) -> Mapping[str, str]:
        """The same with a wrong password or token."""
        pytest.skip("this world does not say what an admin mistypes")

    def sign(self, channel: Channel, body: bytes) -> WebhookRequest:  # noqa: ARG002
        """A delivery of this body as the network would make it for a channel with these secrets."""
        pytest.skip("this world sends no webhooks")

    async def deliveries(self) -> list[WebhookRequest]:
        """All webhooks the network has sent for this channel so far."""
        return []


def unique(words: str) -> str:
    """A text nobody has said before, so that an oracle's count means something."""
    return f"{words} {uuid.uuid4().hex[:12]}"


async def settled(world: World, look: Callable[[], Awaitable[bool]], what: str) -> None:
    """Looks again until it is so; fails when it is not after the world's patience."""
    try:
        async with asyncio.timeout(world.patience):
            while True:
                if await look():
                    return
                await asyncio.sleep(world.pause)
    except TimeoutError:
        pytest.fail(f"{what}: not within {world.patience} s")


def parse_all(world: World, bodies: Iterable[bytes]) -> list[Signal]:
    return [signal for body in bodies for signal in world.connector.parse(world.channel, body)]


def keep_secrets(world: World, told: Batch | Receipt) -> None:
    """Rotated tokens go into the channel, as the stages that store them do."""
    if told.secrets is not None:
        world.channel = msgspec.structs.replace(world.channel, secrets={**world.channel.secrets, **told.secrets})


class Reader:
    """Reads a world as intake does: polls from a stored cursor, or webhooks; rereads threads where that is needed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.cursor: Any = None
        self.complete_until: list[Any] = []
        self.posted: dict[str, Posted] = {}
        self.signals: list[Signal] = []
        self._taken = 0

    async def until(self, *wanted: str) -> list[Posted]:
        """Reads until these messages have come. Fails when they have not after the world's patience."""
        await self.until_true(lambda: set(wanted) <= self.posted.keys(), f"messages {wanted}")
        return [self.posted[each] for each in wanted]

    async def until_true(self, happened: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(self._world.patience):
                await self.once()
                while not happened():
                    await asyncio.sleep(self._world.pause)
                    await self.once()
        except TimeoutError:
            pytest.fail(f"{what} did not arrive within {self._world.patience} s; came: {sorted(self.posted)}")

    async def once(self) -> None:
        """One look: every page of a poll, all new webhooks, and the threads known so far."""
        can = self._world.connector.manifest.can
        if can.polls:
            await self._poll()
        else:
            deliveries = await self._world.deliveries()
            self._take(delivery.body for delivery in deliveries[self._taken :])
            self._taken = len(deliveries)
        threads = tuple({post.conversation for post in self.posted.values() if post.audience == "public"})
        if can.thread_reread and threads:
            await self._batch(await self._world.connector.reread(self._world.egress, self._world.channel, threads))

    async def _poll(self) -> None:
        more = True
        while more:
            batch = await self._world.connector.poll(self._world.egress, self._world.channel, self.cursor)
            await self._batch(batch)
            # As it comes back from the database: a cursor that is not plain JSON would not survive that.
            self.cursor = msgspec.json.decode(msgspec.json.encode(batch.cursor))
            if batch.complete_until is not None:
                self.complete_until.append(batch.complete_until)
            more = batch.more

    async def _batch(self, batch: Batch) -> None:
        keep_secrets(self._world, batch)
        self._take(batch.bodies)

    def _take(self, bodies: Iterable[bytes]) -> None:
        signals = parse_all(self._world, bodies)
        self.signals += signals
        self.posted |= {signal.id: signal for signal in signals if isinstance(signal, Posted)}


class Desk:
    """Writes to a world as publishing does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.reader = Reader(world)

    async def asked_in_public(self, words: str = "Where is my parcel?") -> Posted:
        await self.reader.once()  # a first look, so that what follows lies after the cursor
        [post] = await self.reader.until(await self._world.customer_posts(unique(words)))
        return post

    async def asked_in_private(self, words: str = "My booking is wrong") -> Posted:
        if not self._world.connector.manifest.can.reply_private:
            pytest.skip("this network has no private replies")
        await self.reader.once()
        [message] = await self.reader.until(await self._world.customer_dms(unique(words)))
        return message

    def public(self, post: Posted, text: str | None = None) -> PublicOut:
        if not self._world.connector.manifest.can.reply_public:
            pytest.skip("this network has no public replies")
        key = str(uuid.uuid4())
        root = self.reader.posted.get(post.conversation, post)
        return PublicOut(
            key=key,
            text=unique("On its way.") if text is None else text,
            parent_id=post.id,
            parent_native=_stored(post.native),
            root_id=post.conversation,
            root_native=_stored(root.native),
            prepared=_stored(self._world.connector.prepare_public(self._world.channel, key, clock.now())),
        )

    def direct(self, message: Posted, text: str | None = None) -> DirectOut:
        key = str(uuid.uuid4())
        return DirectOut(
            key=key,
            text=unique("We changed it for you.") if text is None else text,
            recipient_id=message.author.id,
            conversation=message.conversation,
            prepared=_stored(self._world.connector.prepare_direct(self._world.channel, key, clock.now())),
        )


def _stored(value: Any) -> Any:
    """What the database gives back for it."""
    return msgspec.json.decode(msgspec.json.encode(value))
