"""Sending: what was written for one person never reaches everyone, and nothing is published twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from offhold.connectors.conformance.world import Desk, World, keep_secrets
from offhold.connectors.contract import Absent, Found, Receipt, Refused


class SendingConformance:
    async def test_a_public_reply_appears_once_and_says_so(self, world: World) -> None:
        desk = Desk(world)
        post = await desk.asked_in_public()
        out = desk.public(post)
        receipt = await world.connector.deliver_public(world.egress, world.channel, out)
        keep_secrets(world, receipt)
        _check_receipt(receipt)
        assert receipt.audience in ("public", None)
        assert (await world.public_texts()).count(out.text) == 1
        assert out.text not in await world.private_texts()

    async def test_a_direct_message_is_private_and_stays_so(self, world: World) -> None:
        desk = Desk(world)
        message = await desk.asked_in_private()
        out = desk.direct(message)
        receipt = await world.connector.deliver_direct(world.egress, world.channel, out)
        keep_secrets(world, receipt)
        _check_receipt(receipt)
        assert receipt.audience in ("private", None)
        assert receipt.conversation in (message.conversation, None)
        assert (await world.private_texts()).count(out.text) == 1
        assert out.text not in await world.public_texts()

    async def test_the_same_key_twice_is_one_publication(self, world: World) -> None:
        if not world.connector.manifest.can.dedupes_by_key:
            pytest.skip("this network does not dedupe by our key; read-back decides")
        desk = Desk(world)
        out = desk.public(await desk.asked_in_public())
        first = await world.connector.deliver_public(world.egress, world.channel, out)
        keep_secrets(world, first)
        second = await world.connector.deliver_public(world.egress, world.channel, out)
        keep_secrets(world, second)
        assert first.network_id == second.network_id
        assert (await world.public_texts()).count(out.text) == 1

    async def test_reading_back_finds_what_was_sent(self, world: World) -> None:
        desk = Desk(world)
        out = desk.public(await desk.asked_in_public())
        receipt = await world.connector.deliver_public(world.egress, world.channel, out)
        keep_secrets(world, receipt)
        found = await world.connector.read_back_public(world.egress, world.channel, out)
        assert isinstance(found, Found)
        assert found.receipt.network_id == receipt.network_id
        assert found.receipt.audience in ("public", None)

    async def test_reading_back_a_direct_message_finds_it(self, world: World) -> None:
        desk = Desk(world)
        out = desk.direct(await desk.asked_in_private())
        receipt = await world.connector.deliver_direct(world.egress, world.channel, out)
        keep_secrets(world, receipt)
        found = await world.connector.read_back_direct(world.egress, world.channel, out)
        assert isinstance(found, Found)
        assert found.receipt.network_id == receipt.network_id

    async def test_what_was_never_sent_is_absent_once_something_later_is_seen(self, world: World) -> None:
        desk = Desk(world)
        post = await desk.asked_in_public()
        never, control = desk.public(post), desk.public(post)
        keep_secrets(world, await world.connector.deliver_public(world.egress, world.channel, control))
        assert await world.connector.read_back_public(world.egress, world.channel, never) == Absent()

    async def test_a_direct_message_never_sent_is_absent_once_something_later_is_seen(self, world: World) -> None:
        desk = Desk(world)
        message = await desk.asked_in_private()
        never, control = desk.direct(message), desk.direct(message)
        keep_secrets(world, await world.connector.deliver_direct(world.egress, world.channel, control))
        assert await world.connector.read_back_direct(world.egress, world.channel, never) == Absent()

    async def test_a_public_text_beyond_the_limit_is_refused(self, world: World) -> None:
        desk = Desk(world)
        text = "x" * (world.connector.manifest.public_text.limit + 1)
        out = desk.public(await desk.asked_in_public(), text)
        with pytest.raises(Refused):
            await world.connector.deliver_public(world.egress, world.channel, out)
        assert text not in await world.public_texts()

    async def test_a_private_text_beyond_the_limit_is_refused(self, world: World) -> None:
        desk = Desk(world)
        text = "x" * (world.connector.manifest.private_text.limit + 1)
        out = desk.direct(await desk.asked_in_private(), text)
        with pytest.raises(Refused):
            await world.connector.deliver_direct(world.egress, world.channel, out)
        assert text not in await world.private_texts()

    async def test_a_public_reply_can_be_withdrawn(self, world: World) -> None:
        desk = Desk(world)
        out = desk.public(await desk.asked_in_public())
        receipt = await world.connector.deliver_public(world.egress, world.channel, out)
        keep_secrets(world, receipt)
        await world.connector.withdraw_public(world.egress, world.channel, receipt.network_id)
        assert out.text not in await world.public_texts()


def _check_receipt(receipt: Receipt) -> None:
    assert isinstance(receipt.network_id, str)
    assert receipt.network_id
    assert receipt.at.utcoffset() == timedelta()
