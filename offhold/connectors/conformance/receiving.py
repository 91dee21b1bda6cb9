"""Receiving: what customers say arrives, all of it, whatever the cursor; and the desk can prove it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest

from offhold.connectors.conformance.parsing import check_sound
from offhold.connectors.conformance.world import Desk, Reader, World, keep_secrets, parse_all, settled, unique
from offhold.connectors.contract import Deleted, Edited, Posted, Refused
from offhold.kernel import clock


class ReceivingConformance:
    async def test_connecting_finds_our_account(self, world: World) -> None:
        connected = await world.connector.connect(world.egress, world.typed())
        assert connected.account_id == world.channel.account_id
        assert connected.handle
        secret_fields = {field.name for field in world.connector.manifest.connect if field.secret}
        assert not secret_fields & connected.config.keys(), "a secret would be stored in the open"

    async def test_a_mistyped_login_is_refused_without_quoting_it(self, world: World) -> None:
        typed = world.typed_wrong()
        with pytest.raises(Refused) as refused:
            await world.connector.connect(world.egress, typed)
        secret_fields = [field.name for field in world.connector.manifest.connect if field.secret]
        assert not any(typed[name] in str(refused.value) for name in secret_fields if typed.get(name))
        assert str(refused.value)

    async def test_everything_said_arrives_as_it_was_said(self, world: World) -> None:
        reader = Reader(world)
        await reader.once()
        texts = [unique("Where is my parcel?"), unique("Hallo?"), unique("¿Hay alguien? 🙋🏽‍♀️ مرحبا")]
        first = await world.customer_posts(texts[0])
        second = await world.customer_replies(first, texts[1])
        third = await world.customer_replies(second, texts[2])
        posts = await reader.until(first, second, third)
        for post, text in zip(posts, texts, strict=True):
            assert text in post.text
            assert post.audience == "public"
            assert post.author.id != world.channel.account_id
            assert post.conversation == posts[0].conversation, "one thread is one conversation"
        assert [post.parent for post in posts] == [None, first, second]
        for signal in reader.signals:
            check_sound(signal)

    async def test_direct_messages_arrive_as_private(self, world: World) -> None:
        desk = Desk(world)
        first = await desk.asked_in_private()
        [second] = await desk.reader.until(await world.customer_dms(unique("Hello?")))
        for message in (first, second):
            assert message.audience == "private"
            assert message.author.id != world.channel.account_id
        assert first.conversation == second.conversation

    async def test_a_stored_cursor_loses_nothing(self, world: World) -> None:
        """What is said while nobody reads is found by whoever continues from the cursor."""
        if not world.connector.manifest.can.polls:
            pytest.skip("this network is not polled")
        before = Reader(world)
        await before.until(await world.customer_posts(unique("First")))
        missed = [await world.customer_posts(unique("While you were away")) for _ in range(3)]
        after = Reader(world)
        after.cursor = before.cursor
        await after.until(*missed)
        assert all(moment.utcoffset() == timedelta() for moment in after.complete_until)

    async def test_reading_twice_tells_the_same(self, world: World) -> None:
        if not world.connector.manifest.can.polls:
            pytest.skip("this network is not polled")
        [first] = await Reader(world).until(id_ := await world.customer_posts(unique("Again?")))
        [second] = await Reader(world).until(id_)
        assert (first.id, first.text, first.at, first.version) == (second.id, second.text, second.at, second.version)

    async def test_a_stream_brings_what_is_said(self, world: World) -> None:
        if not world.connector.manifest.can.streams:
            pytest.skip("this network has no stream")
        reader = Reader(world)
        if world.connector.manifest.can.polls:
            await reader.once()
        said = await world.customer_posts(unique("Live?"))
        batches = world.connector.listen(world.egress, world.channel, reader.cursor)
        async with asyncio.timeout(world.patience):
            async for batch in batches:
                keep_secrets(world, batch)
                msgspec.json.encode(batch.cursor)
                if any(isinstance(s, Posted) and s.id == said for s in parse_all(world, batch.bodies)):
                    return
        pytest.fail("the stream ended without it")

    async def test_an_edit_arrives(self, world: World) -> None:
        if not (world.connector.manifest.can.edit_signal or world.connector.manifest.can.thread_reread):
            pytest.skip("this network does not tell of edits")
        desk = Desk(world)
        post = await desk.asked_in_public()
        text = unique("I meant my suitcase")
        await world.edit(post.id, text)

        def told() -> bool:
            return any(
                isinstance(s, Edited | Posted) and s.id == post.id and text in s.text and s.version != post.version
                for s in desk.reader.signals
            )

        await desk.reader.until_true(told, "the edit")

    async def test_a_deletion_arrives(self, world: World) -> None:
        if not world.connector.manifest.can.delete_signal:
            pytest.skip("this network does not tell of deletions")
        desk = Desk(world)
        post = await desk.asked_in_public()
        await world.delete(post.id)

        def told() -> bool:
            return any(isinstance(s, Deleted) and s.id == post.id for s in desk.reader.signals)

        await desk.reader.until_true(told, "the deletion")

    async def test_what_is_still_there_can_be_asked(self, world: World) -> None:
        desk = Desk(world)
        kept, gone = await desk.asked_in_public("Keep"), await desk.asked_in_public("Drop")
        ids = (kept.id, gone.id)
        assert await world.connector.still_there(world.egress, world.channel, ids) == set(ids)
        if not (world.connector.manifest.can.delete_signal or world.connector.manifest.can.thread_reread):
            return  # such a network cannot tell, and says that all is there
        await world.delete(gone.id)

        async def only_one_left() -> bool:
            return await world.connector.still_there(world.egress, world.channel, ids) == {kept.id}

        await settled(world, only_one_left, "the deleted message is no longer there")

    async def test_the_inventory_lists_what_customers_sent(self, world: World) -> None:
        desk = Desk(world)
        since = clock.now() - timedelta(minutes=5)
        ids = {(await desk.asked_in_public()).id}
        if world.connector.manifest.can.reply_private:
            ids.add((await desk.asked_in_private()).id)

        async def all_listed() -> bool:
            return ids <= await world.connector.inventory(world.egress, world.channel, since)

        await settled(world, all_listed, "the inventory lists all")
        later = clock.now() + timedelta(hours=1)
        assert not ids & await world.connector.inventory(world.egress, world.channel, later)

    async def test_our_own_words_are_recognised(self, world: World) -> None:
        """An echo must never look like a customer."""
        desk = Desk(world)
        out = desk.public(await desk.asked_in_public())
        receipt = await world.connector.deliver_public(world.egress, world.channel, out)
        keep_secrets(world, receipt)
        follow_up = await world.customer_replies(receipt.network_id, unique("Thanks!"))
        [thanks] = await desk.reader.until(follow_up)
        assert thanks.parent == receipt.network_id
        assert thanks.author.id != world.channel.account_id
        echo = desk.reader.posted.get(receipt.network_id)
        if echo is not None:
            assert echo.author.id == world.channel.account_id
            assert echo.client_key in (None, out.key)
