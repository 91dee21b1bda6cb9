"""The fake passes what every network must pass, with and without deduplication by key; and it keeps the truth."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from offhold.connectors.conformance import ConnectorConformance, Specimen, Trouble, World
from offhold.connectors.conformance.world import Desk
from offhold.connectors.contract import Channel, NotSent, OutcomeUnknown, WebhookRequest
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.connectors.fake.wire import envelope


class FakeWorld(World):
    pause = 0.001

    def __init__(self, network: FakeNetwork) -> None:
        self.network = network
        self.connector = FakeConnector(network)
        self.channel = network.channel(1, workspace_id=1)
        self.egress = network.egress

    async def customer_posts(self, text: str) -> str:
        return self.network.post(text)

    async def customer_replies(self, parent_id: str, text: str) -> str:
        return self.network.post(text, parent=parent_id)

    async def customer_dms(self, text: str) -> str:
        return self.network.message(text)

    async def public_texts(self) -> list[str]:
        return self.network.shown("public")

    async def private_texts(self) -> list[str]:
        return self.network.shown("private")

    async def edit(self, network_id: str, text: str) -> None:
        self.network.edit(network_id, text)

    async def delete(self, network_id: str) -> None:
        self.network.delete(network_id)

    async def inject(self, trouble: Trouble) -> None:
        match trouble:
            case "refused":
                self.network.fail("refuse")
            case "rate_limited":
                self.network.fail("rate_limit")
            case "login_expired":
                self.network.expire_login()
            case "misstated_audience":
                self.network.fail("misstate_audience")

    def typed(self) -> Mapping[str, str]:
        return {"token": self.network.token}

    def typed_wrong(self) -> Mapping[str, str]:
        return {"token": "mistyped-token"}

    def sign(self, channel: Channel, body: bytes) -> WebhookRequest:
        return self.network.sign(body, channel.secrets["webhook_secret"])

    async def deliveries(self) -> list[WebhookRequest]:
        return self.network.deliveries()


def lively() -> FakeNetwork:
    """Everything that can happen, once."""
    network = FakeNetwork()
    asked = network.post("Where is my parcel?")
    network.post("Same here!", by="emil", parent=asked, addressed=False)
    network.message("My booking is 4711")
    network.add("private", network.us, "We are on it", to=network.customer())
    network.edit(asked, "Where is my suitcase?")
    network.count(asked, likes=3, reposts=1)
    network.delete(asked)
    return network


class TestFake(ConnectorConformance):
    @pytest.fixture(params=[True, False], ids=["dedupes", "does not dedupe"])
    def world(self, request: pytest.FixtureRequest) -> FakeWorld:
        return FakeWorld(FakeNetwork(dedupes=request.param))

    @pytest.fixture
    def specimen(self) -> Specimen:
        network = lively()
        bodies = (*(envelope(event) for event in network.events), envelope(*network.events))
        return Specimen(FakeConnector(network), network.channel(1, workspace_id=1), bodies)


async def test_the_network_keeps_what_was_published_even_when_it_is_gone() -> None:
    world = FakeWorld(FakeNetwork())
    desk = Desk(world)
    out = desk.public(await desk.asked_in_public())
    receipt = await world.connector.deliver_public(world.egress, world.channel, out)
    await world.connector.withdraw_public(world.egress, world.channel, receipt.network_id)
    assert world.network.shown("public") == []
    assert world.network.published("public") == [out.text]
    assert world.network.publications[0].key == out.key


async def test_without_deduplication_the_same_key_publishes_twice() -> None:
    """So that a stage which sends again without asking is caught by the truth."""
    world = FakeWorld(FakeNetwork(dedupes=False))
    desk = Desk(world)
    out = desk.public(await desk.asked_in_public())
    for _ in range(2):
        await world.connector.deliver_public(world.egress, world.channel, out)
    assert world.network.published("public") == [out.text] * 2


async def test_what_is_late_cannot_be_told_until_it_shows() -> None:
    world = FakeWorld(FakeNetwork())
    desk = Desk(world)
    out = desk.public(await desk.asked_in_public())
    world.network.hide_new()
    world.network.fail("lose_answer")
    with pytest.raises(OutcomeUnknown):
        await world.connector.deliver_public(world.egress, world.channel, out)
    look = await world.connector.read_back_public(world.egress, world.channel, out)
    assert type(look).__name__ == "CannotTell"
    world.network.reveal()
    assert type(await world.connector.read_back_public(world.egress, world.channel, out)).__name__ == "Found"


async def test_failures_befall_writes_in_order_and_no_reads() -> None:
    world = FakeWorld(FakeNetwork())
    desk = Desk(world)
    post = await desk.asked_in_public()
    world.network.fail("unreachable", "fail_before", "fail_after", "garble")
    outs = [desk.public(post) for _ in range(5)]
    await desk.reader.once()
    for out, error in zip(outs, [NotSent, OutcomeUnknown, OutcomeUnknown, OutcomeUnknown], strict=False):
        with pytest.raises(error):
            await world.connector.deliver_public(world.egress, world.channel, out)
    await world.connector.deliver_public(world.egress, world.channel, outs[4])
    assert world.network.published("public") == [out.text for out in outs[2:]]
