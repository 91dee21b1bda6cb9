"""Direct messages against our own chat service, without the servers in between (those: test_real_chat)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import (
    Absent,
    Answer,
    Batch,
    CannotTell,
    Deleted,
    DirectOut,
    Found,
    NotSent,
    OutcomeUnknown,
    Posted,
    Refused,
    Signal,
)
from offhold.kernel import clock
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.chat_stub import ChatService, No
from offhold.networks.bluesky.tests.scripted import US, Call, Script, channel, no, ok


@dataclass(frozen=True)
class Person:
    did: str
    handle: str


ACME = Person(US, "acme.example")
ANN = Person("did:plc:ann", "ann.example")
BOB = Person("did:plc:bob", "bob.example")

_METHODS = (
    *("getLog", "listConvos", "getConvo", "getMessages", "sendMessage"),
    *("getConvoAvailability", "getConvoForMembers", "acceptConvo"),
)


class Desk:
    def __init__(self) -> None:
        self.chats = ChatService()
        self.chats.handles = {one.did: one.handle for one in (ACME, ANN, BOB)}
        self.script = Script().says("app.bsky.notification.listNotifications", {"notifications": []})
        for method in _METHODS:
            self.script.on(f"chat.bsky.convo.{method}", self._asked)
        self.connector = BlueskyConnector()
        self.channel = channel()
        self.cursor: Any = None

    def _asked(self, call: Call) -> object:
        assert call.headers["atproto-proxy"] == "did:web:chat.example#bsky_chat"
        try:
            answer = self.chats.answer(US, call.nsid.rpartition(".")[2], dict(call.params), call.body or {})
        except No as refusal:
            return no(refusal.error, refusal.error, status=refusal.status)
        return ok(answer, date=self.chats.clock().strftime("%a, %d %b %Y %H:%M:%S GMT"))

    async def poll(self) -> Batch:
        batch = await self.connector.poll(self.script, self.channel, self.cursor)
        self.cursor = msgspec.json.decode(msgspec.json.encode(batch.cursor))
        return batch

    async def heard(self) -> list[Signal]:
        return [signal for body in (await self.poll()).bodies for signal in self.connector.parse(self.channel, body)]

    async def texts(self) -> list[str]:
        return [signal.text for signal in await self.heard() if isinstance(signal, Posted)]

    def message(self, text: str = "We found it", convo: str | None = None, at: datetime | None = None) -> DirectOut:
        prepared = self.connector.prepare_direct(self.channel, "key", at or clock.now())
        return DirectOut(key="key", text=text, recipient_id=ANN.did, conversation=convo, prepared=prepared)

    async def send(self, out: DirectOut) -> Any:
        return await self.connector.deliver_direct(self.script, self.channel, out)

    async def look_back(self, out: DirectOut) -> Any:
        return await self.connector.read_back_direct(self.script, self.channel, out)

    async def refused(self, out: DirectOut) -> Refused:
        with pytest.raises(Refused) as error:
            await self.send(out)
        assert not self.script.asked("chat.bsky.convo.sendMessage")
        return error.value

    def convo(self, text: str = "Hello?") -> str:
        """Ann writes; returns the conversation."""
        return self.chats.write(ANN, ACME, text).partition("/")[0]


# --- reading


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


# --- sending


async def test_an_answer_goes_into_the_conversation() -> None:
    desk = Desk()
    convo = desk.convo()
    receipt = await desk.send(desk.message("Found, see https://acme.example/4711", convo))
    assert desk.chats.texts(ANN, ACME) == ["Hello?", "Found, see https://acme.example/4711"]
    assert (receipt.audience, receipt.conversation) == ("private", convo)
    assert receipt.network_id.startswith(f"{convo}/")
    [call] = desk.script.asked("chat.bsky.convo.sendMessage")
    assert call.body["message"]["facets"][0]["features"][0]["uri"] == "https://acme.example/4711"


async def test_a_request_is_accepted_by_answering_it() -> None:
    desk = Desk()
    convo = desk.convo()
    await desk.send(desk.message(convo=convo))
    await desk.send(desk.message(convo=convo))
    assert len(desk.script.asked("chat.bsky.convo.acceptConvo")) == 1


async def test_a_first_contact_opens_a_conversation() -> None:
    desk = Desk()
    await desk.send(desk.message("May we help?"))
    assert desk.chats.texts(ACME, ANN) == ["May we help?"]


async def test_a_first_contact_uses_the_conversation_there_is() -> None:
    desk = Desk()
    convo = desk.convo()
    assert (await desk.send(desk.message())).conversation == convo


@pytest.mark.parametrize("allow", ["none", "following"])
async def test_a_first_contact_a_customer_does_not_allow_is_refused_in_words(allow: Any) -> None:
    desk = Desk()
    desk.chats.allow[ANN.did] = allow
    refused = await desk.refused(desk.message())
    assert refused.code == "recipient_closed"
    assert "must write first" in str(refused)


async def test_a_customer_who_follows_us_may_be_written_to() -> None:
    desk = Desk()
    desk.chats.allow[ANN.did] = "following"
    desk.chats.follows.add((ANN.did, US))
    assert (await desk.send(desk.message())).audience == "private"


async def test_nothing_goes_into_a_group() -> None:
    desk = Desk()
    group = desk.chats.make_group(ANN, ACME, BOB)
    assert (await desk.refused(desk.message(convo=group))).code == "not_private"


async def test_nothing_goes_into_a_group_of_two() -> None:
    desk = Desk()
    group = desk.chats.make_group(ANN, ACME)
    assert (await desk.refused(desk.message(convo=group))).code == "not_private"


async def test_nothing_goes_to_another_customer_than_meant() -> None:
    desk = Desk()
    with_bob = desk.chats.write(BOB, ACME, "Hello").partition("/")[0]
    assert (await desk.refused(desk.message(convo=with_bob))).code == "not_private"
    assert desk.chats.texts(BOB, ACME) == ["Hello"]


@pytest.mark.parametrize(("text", "code"), [("x" * 1001, "too_long"), ("👨‍👩‍👧‍👦" * 500, "too_long"), (" ", "empty")])
async def test_a_text_bluesky_would_not_take(text: str, code: str) -> None:
    desk = Desk()
    assert (await desk.refused(desk.message(text, desk.convo()))).code == code


async def test_a_direct_message_may_be_longer_than_a_post() -> None:
    desk = Desk()
    await desk.send(desk.message("x" * 1000, desk.convo()))
    assert desk.chats.texts(ANN, ACME)[-1] == "x" * 1000


async def test_a_conversation_that_is_gone_is_said_in_words() -> None:
    desk = Desk()
    refused = await desk.refused(desk.message(convo="convo-of-old"))
    assert (refused.code, str(refused)) == ("InvalidConvo", "This conversation no longer exists")


async def test_without_access_to_direct_messages_the_admin_is_told_what_to_do() -> None:
    desk = Desk()
    convo = desk.convo()
    desk.script.says("chat.bsky.convo.getConvo", no("InvalidToken", "Bad token method"))
    refused = await desk.refused(desk.message(convo=convo))
    assert refused.code == "direct_not_allowed"
    assert "Allow access to your direct messages" in str(refused)
    desk.channel = channel(direct="no")
    assert (await desk.refused(desk.message(convo=convo))).code == "direct_not_allowed"


@pytest.mark.parametrize("method", ["getConvo", "acceptConvo"])
async def test_whatever_fails_before_it_is_sent_is_not_sent(method: str) -> None:
    desk = Desk()
    convo = desk.convo()
    desk.script.says(f"chat.bsky.convo.{method}", Answer(502, {}, b"", ""))
    with pytest.raises(NotSent):
        await desk.send(desk.message(convo=convo))


@pytest.mark.parametrize(
    "answer", [Answer(502, {}, b"", ""), Answer(200, {}, b"<html>", ""), Answer(200, {}, b"{}", "")]
)
async def test_an_answer_that_tells_nothing_is_an_unknown_outcome(answer: Answer) -> None:
    desk = Desk()
    convo = desk.convo()
    desk.script.says("chat.bsky.convo.sendMessage", answer)
    with pytest.raises(OutcomeUnknown):
        await desk.send(desk.message(convo=convo))
    assert len(desk.script.asked("chat.bsky.convo.sendMessage")) == 1


# --- reading back


async def test_what_was_sent_is_found() -> None:
    desk = Desk()
    out = desk.message(convo=desk.convo())
    assert await desk.look_back(out) == Absent()
    receipt = await desk.send(out)
    for n in range(120):  # more than a page has been said since
        desk.chats.write(ANN, ACME, f"thanks {n}")
    assert await desk.look_back(out) == Found(receipt)


async def test_what_went_into_a_conversation_is_looked_for_in_that_one() -> None:
    """Which other one there may be with this customer by now says nothing of it."""
    desk = Desk()
    out = desk.message(convo=desk.convo())
    await desk.look_back(out)
    assert not desk.script.asked("chat.bsky.convo.getConvoAvailability")


async def test_what_is_not_there_counts_only_after_the_attempt_had_ended() -> None:
    desk = Desk()
    out = desk.message(convo=desk.convo())
    early = msgspec.structs.replace(out, tried_until=clock.now() + timedelta(seconds=30))
    assert isinstance(await desk.look_back(early), CannotTell)
    nowhere = msgspec.structs.replace(early, conversation=None, recipient_id="did:plc:nobody")
    assert isinstance(await desk.look_back(nowhere), CannotTell)
    late = msgspec.structs.replace(out, tried_until=clock.now() - timedelta(seconds=30))
    assert await desk.look_back(late) == Absent()
    receipt = await desk.send(out)
    assert await desk.look_back(early) == Found(receipt), "what is there is there"


async def test_the_same_words_said_before_are_not_these() -> None:
    desk = Desk()
    desk.chats.clock = lambda: clock.now() - timedelta(minutes=1)
    convo = desk.convo()
    desk.chats.write(ACME, ANN, "We found it")
    desk.chats.clock = clock.now
    assert await desk.look_back(desk.message(convo=convo)) == Absent()


async def test_the_same_words_of_the_customer_are_not_ours() -> None:
    desk = Desk()
    out = desk.message("Hello?", convo=desk.convo("Hello?"))
    assert await desk.look_back(out) == Absent()


@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_server_whose_clock_is_hours_off_is_read_by_its_own_clock(hours: int) -> None:
    desk = Desk()
    desk.chats.clock = lambda: clock.now() + timedelta(hours=hours, minutes=-1)
    convo = desk.convo()
    desk.chats.write(ACME, ANN, "We found it")
    desk.chats.clock = lambda: clock.now() + timedelta(hours=hours)
    out = desk.message(convo=convo)
    assert await desk.look_back(out) == Absent()
    receipt = await desk.send(out)
    assert await desk.look_back(out) == Found(receipt)


async def test_without_a_conversation_nothing_was_said() -> None:
    desk = Desk()
    assert await desk.look_back(desk.message()) == Absent()


async def test_an_empty_conversation_is_believed_only_if_it_says_so_itself() -> None:
    desk = Desk()
    out = desk.message()
    desk.script.says("chat.bsky.convo.sendMessage", Answer(502, {}, b"", ""))
    with pytest.raises(OutcomeUnknown):
        await desk.send(out)
    assert await desk.look_back(out) == Absent()
    desk.chats.write(ANN, ACME, "Who are you?")
    desk.script.says("chat.bsky.convo.getMessages", {"messages": []})
    assert isinstance(await desk.look_back(out), CannotTell)


@pytest.mark.parametrize("answer", [Answer(502, {}, b"", ""), no("InvalidConvo"), Answer(429, {}, b"", "")])
async def test_a_look_that_failed_says_nothing(answer: Answer) -> None:
    desk = Desk()
    out = desk.message(convo=desk.convo())
    desk.script.says("chat.bsky.convo.getMessages", answer)
    assert isinstance(await desk.look_back(out), CannotTell)


# --- the proof


async def test_the_inventory_lists_what_customers_wrote() -> None:
    desk = Desk()
    desk.script.says("app.bsky.feed.getAuthorFeed", {"feed": []})
    theirs = desk.chats.write(ANN, ACME, "Hello")
    desk.chats.write(ACME, ANN, "Hi")
    listed = await desk.connector.inventory(desk.script, desk.channel, clock.now() - timedelta(hours=1))
    assert listed == {theirs}
