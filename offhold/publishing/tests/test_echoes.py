"""The network's own copy of what we said: cheaper than asking, as good, and believed for what it states."""

from __future__ import annotations

import pytest

from offhold.connectors.contract import Channel, DirectOut, Egress, OutcomeUnknown, PublicOut, Receipt
from offhold.connectors.fake import FakeConnector
from offhold.publishing.tests.world import Move, World, wait_for

BOTH = pytest.mark.parametrize("kind", ["public", "direct"])


def answered(world: World, kind: str) -> tuple[int, int]:
    """Somebody asked us, and was told where it is. Returns the case and the reply."""
    if kind == "public":
        case = world.asked_in_public()
        return case, world.say(case, "It is in Lisbon.")
    case = world.asked_in_private()
    return case, world.whisper(case, "It is in Lisbon.")


def test_an_echo_after_the_answer_changes_nothing(world: World) -> None:
    case = world.asked_in_public()
    reply = world.say(case, "It is in Lisbon.")
    with world.sending():
        world.until(reply, "sent")
    world.hear()
    ours = world.all("SELECT reply_id, case_id, edited_at FROM messages WHERE identity_id IS NULL")
    assert ours == [(reply, case, None)]
    assert world.one("SELECT count(*) FROM cases") == (1,)


@BOTH
def test_an_echo_before_the_answer_is_claimed(world: World, clock_offset: Move, kind: str) -> None:
    world.network.fail("lose_answer")
    case, reply = answered(world, kind)
    with world.sending():
        world.until(reply, "unknown", "reconciling")
        world.hear(settle=False)
        assert world.one("SELECT reply_id FROM messages WHERE identity_id IS NULL") == (None,)
        world.to_the_end(reply, clock_offset)
    assert world.all("SELECT reply_id, case_id FROM messages WHERE identity_id IS NULL") == [(reply, case)]
    assert world.one("SELECT messages, waiting_since FROM cases WHERE id = %s", case) == (2, None)


@BOTH
def test_an_echo_without_our_key_is_known_by_its_words_and_place(world: World, clock_offset: Move, kind: str) -> None:
    world.network.fail("lose_answer")
    _, reply = answered(world, kind)
    with world.sending():
        world.until(reply, "unknown", "reconciling")
        world.hear(settle=False)
        with world.tx() as tx:
            tx.run("UPDATE messages SET client_key = NULL")
        reads = len(world.network.egress.requests)
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "sent"
    assert len(world.network.egress.requests) == reads


def test_an_echo_settles_what_already_waits_for_a_person(world: World, clock_offset: Move) -> None:
    case = world.asked_in_public()
    world.network.hide_new()
    world.network.fail("lose_answer")
    reply = world.say(case, "It is in Lisbon.")
    with world.sending():
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "needs_human"
    world.network.reveal()
    world.hear()
    assert world.state(reply) == "sent"
    assert world.all("SELECT reply_id FROM messages WHERE identity_id IS NULL") == [(reply,)]


def test_the_words_of_somebody_else_settle_nothing(world: World, clock_offset: Move) -> None:
    """A customer repeats our very words under our very post: that is no echo of ours."""
    world.network.fail("fail_before")
    reply = world.say(world.asked_in_public(), "It is in Lisbon.")
    with world.sending():
        world.until(reply, "unknown", "reconciling")
        world.network.post("It is in Lisbon.", parent=world.public_reply(reply).parent_id, by="erik")
        world.hear()
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "needs_human"


class Leaking(FakeConnector):
    """What must never be: it says to everyone what was meant for one, and nobody hears the answer."""

    async def deliver_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> Receipt:
        receipt = await self.deliver_public(
            egress, channel, PublicOut(out.key, out.text, "item-000001", None, "", None, 0)
        )
        raise OutcomeUnknown(f"the answer to {receipt.network_id} was lost")


@pytest.mark.parametrize("settle", [True, False])
def test_an_echo_to_the_wrong_people_is_withdrawn(world: World, clock_offset: Move, settle: bool) -> None:
    """No answer came, and what comes back by itself with our key was said to everyone."""
    world.connector = Leaking(world.network)
    reply = world.whisper(world.asked_in_private(), "XK7QP2 is in Lisbon.")
    with world.sending():
        world.until(reply, "unknown", "reconciling")
        world.hear(settle=settle)
        world.to_the_end(reply, clock_offset)
        wait_for(lambda: world.network.shown("public") == [])
    assert (world.state(reply), world.direct_reply(reply).standing.error_code) == ("needs_human", "wrong_audience")
    assert world.one("SELECT sending FROM channels WHERE id = %s", world.channel_id) == (False,)
