"""Was a direct message sent: found, not there, or not to be told."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from offhold.connectors.contract import (
    Absent,
    Answer,
    CannotTell,
    Found,
    OutcomeUnknown,
)
from offhold.kernel import clock
from offhold.networks.bluesky.tests.chatting import ACME, ANN, Desk
from offhold.networks.bluesky.tests.scripted import no


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
