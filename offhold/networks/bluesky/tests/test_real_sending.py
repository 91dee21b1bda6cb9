"""What the public sees of our answers, in the customers' own clients; and how often we log in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import msgspec
import pytest

from offhold.connectors.conformance.world import Desk
from offhold.connectors.contract import Channel, Egress, LoginExpired, Picture, Refused
from offhold.connectors.egress import GuardedEgress
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.chat_stub import ChatService
from offhold.networks.bluesky.tests.people import Account, png
from offhold.networks.bluesky.tests.real_network import RealNetwork
from offhold.networks.bluesky.tests.world import CountingEgress, RealWorld, channel_of, typed_for


@pytest.fixture
async def world(atproto: RealNetwork, chats: ChatService) -> RealWorld:
    brand, customer = atproto.account("brand", "Brand Care"), atproto.account("dora", "Dora Customer")
    return await RealWorld(atproto, chats, brand, customer).open()


async def test_the_customer_sees_mention_link_hashtag_and_pictures(world: RealWorld) -> None:
    desk = Desk(world)
    asked = await desk.asked_in_public()
    text = f"Désolé 😔 @{world.customer.handle}, see https://example.com/help. #delay"
    pictures = (Picture(png(30, 20), "image/png", "The new departure board"), Picture(png(), "image/png", ""))
    out = msgspec.structs.replace(desk.public(asked, text), pictures=pictures)
    receipt = await world.connector.deliver_public(world.egress, world.channel, out)
    world.network.settle()
    [seen] = world.customer.answers_under(asked.id)
    assert (seen.uri, seen.cid, seen.record.text) == (receipt.network_id, receipt.native["cid"], text)
    assert seen.record.langs == ["en"]
    places = [(facet.index.byte_start, facet.index.byte_end, facet.features[0]) for facet in seen.record.facets]
    covered = {text.encode()[start:end].decode(): feature for start, end, feature in places}
    assert covered[f"@{world.customer.handle}"].did == world.customer.did
    assert covered["https://example.com/help"].uri == "https://example.com/help"
    assert covered["#delay"].tag == "delay"
    first, second = seen.embed.images
    assert (first.alt, first.aspect_ratio.width, first.aspect_ratio.height) == ("The new departure board", 30, 20)
    assert second.alt == ""


async def test_the_customer_is_notified_of_our_answer(world: RealWorld) -> None:
    desk = Desk(world)
    out = desk.public(await desk.asked_in_public())
    receipt = await world.connector.deliver_public(world.egress, world.channel, out)
    world.network.settle()
    told = world.customer.client.app.bsky.notification.list_notifications().notifications
    assert (receipt.network_id, "reply") in [(one.uri, one.reason) for one in told]


async def test_where_the_author_allows_no_replies_nothing_is_sent(world: RealWorld) -> None:
    desk = Desk(world)
    asked = await desk.asked_in_public()
    world.customer.close_replies(world.customer.find(asked.id))
    world.network.settle()
    with pytest.raises(Refused) as refused:
        await world.connector.deliver_public(world.egress, world.channel, desk.public(asked))
    assert refused.value.code == "replies_closed"
    assert await world.public_texts() == []


async def test_a_deleted_question_is_not_answered(world: RealWorld) -> None:
    desk = Desk(world)
    asked = await desk.asked_in_public()
    await world.delete(asked.id)
    world.network.settle()
    with pytest.raises(Refused) as refused:
        await world.connector.deliver_public(world.egress, world.channel, desk.public(asked))
    assert refused.value.code == "parent_gone"


async def test_the_longest_texts_are_taken_as_we_count_them(world: RealWorld) -> None:
    """Our count and the server's agree: what we let through it takes."""
    desk = Desk(world)
    asked = await desk.asked_in_public()
    for text in ("👩🏽‍🚒" * 170, "é" * 300, "क्षि" * 200, "🇪🇸" * 300):
        out = desk.public(asked, text)
        await world.connector.deliver_public(world.egress, world.channel, out)
    assert len(await world.public_texts()) == 4


async def test_the_same_reply_from_two_senders_at_once_is_one_post(world: RealWorld) -> None:
    desk = Desk(world)
    out = desk.public(await desk.asked_in_public())
    sent = [world.connector.deliver_public(world.egress, world.channel, out) for _ in range(5)]
    await asyncio.gather(*sent, return_exceptions=True)
    assert (await world.public_texts()).count(out.text) == 1


async def connected(network: RealNetwork, brand: Account, egress: Egress) -> Channel:
    return channel_of(await BlueskyConnector().connect(egress, typed_for(network, brand, None, direct=False)))


def with_secrets(channel: Channel, **secrets: str) -> Channel:
    changed: Mapping[str, str] = {**channel.secrets, **secrets}
    return msgspec.structs.replace(channel, secrets=changed)


async def test_one_login_is_enough_for_everything(atproto: RealNetwork) -> None:
    egress = CountingEgress(GuardedEgress(atproto.allow))
    channel = await connected(atproto, atproto.account("brand"), egress)
    connector = BlueskyConnector()
    cursor = None
    for _ in range(40):
        cursor = (await connector.poll(egress, channel, cursor)).cursor
    assert egress.calls["createSession"] == 1
    assert egress.calls["refreshSession"] == 0


async def test_a_dead_access_token_is_renewed_and_the_new_pair_works_for_a_new_process(atproto: RealNetwork) -> None:
    egress = CountingEgress(GuardedEgress(atproto.allow))
    channel = await connected(atproto, atproto.account("brand"), egress)
    dead = with_secrets(channel, access_jwt="dead")
    batch = await BlueskyConnector().poll(egress, dead, None)
    assert batch.secrets is not None
    assert batch.secrets["refresh_jwt"] != channel.secrets["refresh_jwt"], "both are rotated"
    assert egress.calls["createSession"] == 1, "connecting was the only login"
    renewed = with_secrets(channel, **batch.secrets)
    again = await BlueskyConnector().poll(egress, renewed, batch.cursor)
    assert again.secrets is None
    assert egress.calls["refreshSession"] == 1


async def test_two_processes_may_renew_with_the_same_token(atproto: RealNetwork) -> None:
    """The server takes the old refresh token for a while yet: neither is left with a dead one, or must log in."""
    egress = CountingEgress(GuardedEgress(atproto.allow))
    dead = with_secrets(await connected(atproto, atproto.account("brand"), egress), access_jwt="dead")
    one = (await BlueskyConnector().poll(egress, dead, None)).secrets
    other = (await BlueskyConnector().poll(egress, dead, None)).secrets
    for secrets in (one, other):
        assert secrets is not None
        renewed = with_secrets(dead, **{**secrets, "access_jwt": "dead"})
        assert (await BlueskyConnector().poll(egress, renewed, None)).secrets is not None
    assert egress.calls["createSession"] == 1


async def test_a_dead_session_logs_in_once_more_with_the_app_password(atproto: RealNetwork) -> None:
    egress = CountingEgress(GuardedEgress(atproto.allow))
    channel = await connected(atproto, atproto.account("brand"), egress)
    dead = with_secrets(channel, access_jwt="dead", refresh_jwt="dead too")
    batch = await BlueskyConnector().poll(egress, dead, None)
    assert batch.secrets is not None
    assert egress.calls["createSession"] == 2


async def test_a_revoked_app_password_is_said_in_words(atproto: RealNetwork) -> None:
    egress, brand = GuardedEgress(atproto.allow), atproto.account("brand")
    channel = await connected(atproto, brand, egress)
    brand.revoke_app_password()
    with pytest.raises(LoginExpired, match="no longer works"):
        await BlueskyConnector().poll(egress, with_secrets(channel, access_jwt="dead"), None)
