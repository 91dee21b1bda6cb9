"""Direct messages go where they are meant to, or the reason why not is told in words."""

from __future__ import annotations

from typing import Any

import pytest

from offhold.connectors.contract import (
    Answer,
    NotSent,
    OutcomeUnknown,
)
from offhold.networks.bluesky.tests.chatting import ACME, ANN, BOB, Desk
from offhold.networks.bluesky.tests.scripted import US, channel, no


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
