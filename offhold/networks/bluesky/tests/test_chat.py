"""Reading direct messages of our own chat service, without the servers in between (those: test_real_chat)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from offhold.connectors.contract import (
    Answer,
    Deleted,
    Posted,
)
from offhold.kernel import clock
from offhold.networks.bluesky.tests.chatting import ACME, ANN, BOB, Desk
from offhold.networks.bluesky.tests.scripted import US, channel, no


async def test_the_first_poll_takes_what_was_said_in_the_last_days() -> None:
    desk = Desk()
    desk.chats.clock = lambda: clock.now() - timedelta(days=5)
    desk.convo("Long ago")
    desk.chats.clock = lambda: clock.now() - timedelta(days=1)
    desk.convo("Yesterday")
    desk.chats.write(ACME, ANN, "We look into it")
    desk.chats.clock = clock.now
    desk.chats.write(BOB, ACME, "Just now")
    assert sorted(await desk.texts()) == ["Just now", "We look into it", "Yesterday"]
    assert await desk.texts() == []


async def test_what_is_said_later_comes_from_the_log_in_order() -> None:
    desk = Desk()
    await desk.poll()
    for n in range(50):
        desk.convo(f"message {n}")
    assert await desk.texts() == [f"message {n}" for n in range(50)]
    assert await desk.texts() == []


async def test_who_wrote_to_whom() -> None:
    desk = Desk()
    await desk.poll()
    desk.convo("Hello")
    desk.chats.write(ACME, ANN, "Hi")
    theirs, ours = await desk.heard()
    assert isinstance(theirs, Posted)
    assert isinstance(ours, Posted)
    assert (theirs.author.handle, theirs.counterpart, theirs.mentions_us) == ("ann.example", None, True)
    assert (ours.author.id, ours.mentions_us) == (US, False)
    assert ours.counterpart is not None
    assert ours.counterpart.id == ANN.did


async def test_a_message_we_deleted_for_us_is_deleted() -> None:
    desk = Desk()
    await desk.poll()
    message = desk.chats.write(ANN, ACME, "4711 is my card number")
    await desk.poll()
    desk.chats.delete_for(ACME, message)
    [deleted] = await desk.heard()
    assert isinstance(deleted, Deleted)
    assert deleted.id == message


async def test_what_the_log_lost_is_found_within_the_hour() -> None:
    desk = Desk()
    await desk.poll()
    desk.convo("Lost on the way")
    desk.chats.forget_log(ACME)
    assert await desk.texts() == []
    desk.cursor["direct"]["swept"] = (clock.now() - timedelta(hours=1, minutes=1)).isoformat()
    assert await desk.texts() == ["Lost on the way"]


async def test_a_conversation_is_asked_for_once() -> None:
    desk = Desk()
    await desk.poll()
    for _ in range(3):
        desk.convo("Hello")
        await desk.poll()
    assert len(desk.script.asked("chat.bsky.convo.getConvo")) == 1


async def test_a_long_conversation_is_read_to_its_beginning() -> None:
    desk = Desk()
    for n in range(230):
        desk.convo(f"message {n}")
    assert await desk.texts() == [f"message {n}" for n in range(230)]


async def test_groups_are_not_read() -> None:
    desk = Desk()
    await desk.poll()
    group = desk.chats.make_group(ANN, ACME, BOB)
    desk.chats.say_in(group, BOB, "Hello all")
    assert await desk.texts() == []


@pytest.mark.parametrize("answer", [Answer(502, {}, b"", ""), Answer(429, {}, b"", ""), no("InvalidRequest")])
async def test_a_chat_service_in_trouble_does_not_stop_what_is_public(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk()
    await desk.poll()
    before = desk.cursor["direct"]
    desk.convo("Meanwhile")
    desk.script.says("chat.bsky.convo.getLog", answer)
    batch = await desk.poll()
    assert batch.complete_until is None, "not everything has been read"
    assert desk.cursor["direct"] == before
    assert "direct messages could not be read" in caplog.text
    desk.script.on("chat.bsky.convo.getLog", desk._asked)
    assert await desk.texts() == ["Meanwhile"]


async def test_an_app_password_without_direct_messages_reads_what_is_public() -> None:
    desk = Desk()
    desk.script.says("chat.bsky.convo.listConvos", no("InvalidToken", "Bad token method"))
    assert (await desk.poll()).complete_until is not None
    desk.channel = channel(direct="no")
    desk.script.calls.clear()
    assert (await desk.poll()).complete_until is not None
    assert all(not call.nsid.startswith("chat.") for call in desk.script.calls)


async def test_the_inventory_lists_what_customers_wrote() -> None:
    desk = Desk()
    desk.script.says("app.bsky.feed.getAuthorFeed", {"feed": []})
    theirs = desk.chats.write(ANN, ACME, "Hello")
    desk.chats.write(ACME, ANN, "Hi")
    listed = await desk.connector.inventory(desk.script, desk.channel, clock.now() - timedelta(hours=1))
    assert listed == {theirs}
