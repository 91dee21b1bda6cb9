"""Direct messages through the real server's proxy, sessions and refusals; the chat service behind it is ours."""

from __future__ import annotations

import msgspec
import pytest

from offhold.connectors.conformance.world import Desk
from offhold.connectors.contract import Absent, DirectOut, Found, OutcomeUnknown, Posted, Refused
from offhold.connectors.egress import GuardedEgress
from offhold.kernel import clock
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.chat_stub import ChatService, Fault
from offhold.networks.bluesky.tests.real_network import RealNetwork
from offhold.networks.bluesky.tests.world import RealWorld, channel_of, typed_for


@pytest.fixture
async def world(atproto: RealNetwork, chats: ChatService) -> RealWorld:
    brand, customer = atproto.account("brand"), atproto.account("dora")
    return await RealWorld(atproto, chats, brand, customer).open()


async def test_the_server_vouches_for_us_to_the_chat_service(world: RealWorld) -> None:
    desk = Desk(world)
    await world.connector.deliver_direct(world.egress, world.channel, desk.direct(await desk.asked_in_private()))
    callers = {who for who, method in world.chats.calls if method == "sendMessage"}
    assert world.brand.did in callers


async def test_an_app_password_without_access_connects_reads_and_says_what_to_do(
    atproto: RealNetwork, chats: ChatService
) -> None:
    brand, dora = atproto.account("brand"), atproto.account("dora")
    egress, connector = GuardedEgress(atproto.allow), BlueskyConnector()
    channel = channel_of(await connector.connect(egress, typed_for(atproto, brand, chats, direct=False)))
    asked = dora.say(f"@{brand.handle} hello", mentioning=[brand])
    atproto.settle()
    batch = await connector.poll(egress, channel, None)
    told = [signal for body in batch.bodies for signal in connector.parse(channel, body)]
    assert [signal.id for signal in told if isinstance(signal, Posted)] == [asked.uri]


async def test_the_real_servers_refusal_is_understood_too(atproto: RealNetwork, chats: ChatService) -> None:
    """As when tokens tell nothing of what they may do: the server's own answer leads to the same words."""
    brand, dora = atproto.account("brand"), atproto.account("dora")
    egress, connector = GuardedEgress(atproto.allow), BlueskyConnector()
    connected = await connector.connect(egress, typed_for(atproto, brand, chats, direct=False))
    assert connected.config["direct"] == "no"
    hopeful = msgspec.structs.replace(channel_of(connected), config={**connected.config, "direct": "yes"})
    assert (await connector.poll(egress, hopeful, None)).complete_until is not None
    prepared = connector.prepare_direct(hopeful, "key", clock.now())
    out = DirectOut(key="key", text="Hello", recipient_id=dora.did, conversation=None, prepared=prepared)
    with pytest.raises(Refused, match="Allow access to your direct messages"):
        await connector.deliver_direct(egress, hopeful, out)


@pytest.mark.parametrize("fault", ["lost_answer", "error_after_effect"])
async def test_an_answer_lost_behind_the_server_is_found_and_not_sent_twice(world: RealWorld, fault: Fault) -> None:
    desk = Desk(world)
    out = desk.direct(await desk.asked_in_private())
    world.chats.faults.append(fault)
    with pytest.raises(OutcomeUnknown):
        await world.connector.deliver_direct(world.egress, world.channel, out)
    assert isinstance(await world.connector.read_back_direct(world.egress, world.channel, out), Found)
    assert (await world.private_texts()).count(out.text) == 1


async def test_what_never_reached_the_service_is_absent(world: RealWorld) -> None:
    desk = Desk(world)
    out = desk.direct(await desk.asked_in_private())
    world.chats.faults.append("error_before_effect")
    with pytest.raises(OutcomeUnknown):
        await world.connector.deliver_direct(world.egress, world.channel, out)
    assert await world.connector.read_back_direct(world.egress, world.channel, out) == Absent()
    await world.connector.deliver_direct(world.egress, world.channel, out)
    assert (await world.private_texts()).count(out.text) == 1


async def test_a_customer_who_takes_no_messages_is_not_written_to(world: RealWorld) -> None:
    world.chats.allow[world.customer.did] = "none"
    prepared = world.connector.prepare_direct(world.channel, "key", clock.now())
    out = DirectOut(key="key", text="Hello", recipient_id=world.customer.did, conversation=None, prepared=prepared)
    with pytest.raises(Refused, match="must write first"):
        await world.connector.deliver_direct(world.egress, world.channel, out)
