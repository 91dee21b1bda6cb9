"""What the network shows to the wrong people, or to it does not say whom; and what changed while a reply waited."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from offhold.connectors.contract import Channel, Egress, Found, PublicOut, ReadBack, Receipt
from offhold.connectors.fake import FakeConnector
from offhold.publishing.tests.world import Move, World, wait_for
from tests.faults.one_reply import PUBLIC, Case


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made


@pytest.fixture(params=["public", "private"])
def asked(world: World, request: pytest.FixtureRequest) -> Case:
    return Case(world, request.param)


# --- the wrong people ----------------------------------------------------------------------------------------


def test_a_stated_wrong_audience_is_withdrawn_and_the_channel_frozen(asked: Case, clock_offset: Move) -> None:
    world = asked.world
    world.network.fail("misstate_audience")
    reply = asked.answer()
    with world.sending():
        world.to_the_end(reply, clock_offset)
        wait_for(lambda: world.network.shown(asked.audience) == [])
    assert (world.state(reply), asked.error(reply)) == ("needs_human", "wrong_audience")
    assert world.one("SELECT sending FROM channels WHERE id = %s", world.channel_id) == (False,)
    message = world.one("SELECT frozen FROM channel_health WHERE channel_id = %s", world.channel_id)[0]
    assert "wrong people" in message


class Silent(FakeConnector):
    """A network that says nothing about who can read what it took; `after` looks it does."""

    looks = 0
    after = 99

    async def deliver_public(self, egress: Egress, channel: Channel, out: PublicOut) -> Receipt:
        return msgspec.structs.replace(await super().deliver_public(egress, channel, out), audience=None)

    async def read_back_public(self, egress: Egress, channel: Channel, out: PublicOut) -> ReadBack:
        found = await super().read_back_public(egress, channel, out)
        self.looks += 1
        if self.looks > self.after or not isinstance(found, Found):
            return found
        return msgspec.structs.replace(found, receipt=msgspec.structs.replace(found.receipt, audience=None))


@pytest.mark.parametrize(("after", "state"), [(0, "sent"), (2, "sent"), (99, "needs_human")])
def test_a_missing_audience_is_read_again_and_never_deleted(
    world: World, after: int, state: str, clock_offset: Move
) -> None:
    silent = Silent(world.network)
    silent.after = after
    world.connector = silent
    case = Case(world, "public")
    reply = case.answer()
    with world.sending():
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) == state
    assert world.network.shown("public") == [PUBLIC]
    assert world.network.published("public") == [PUBLIC]
    assert world.one("SELECT sending FROM channels WHERE id = %s", world.channel_id) == (True,)


# --- what changed while it waited ----------------------------------------------------------------------------

Change = Callable[[World], None]


def _set(column: str) -> Change:
    def change(world: World) -> None:
        with world.tx() as tx:
            tx.run(f"UPDATE channels SET {column} = NOT {column} WHERE id = %s", (world.channel_id,))

    return change


@pytest.mark.parametrize(
    ("change", "code"), [(_set("sending"), "channel_watch_only"), (_set("paused"), "channel_paused")]
)
def test_a_channel_that_may_no_longer_send_does_not(asked: Case, change: Change, code: str, clock_offset: Move) -> None:
    reply = asked.answer()
    change(asked.world)
    with asked.world.sending():
        asked.world.to_the_end(reply, clock_offset)
    assert (asked.world.state(reply), asked.error(reply)) == ("refused", code)
    assert asked.world.network.egress.requests == []


def test_what_could_not_be_sent_in_time_asks_a_person(asked: Case, clock_offset: Move) -> None:
    reply = asked.answer()
    clock_offset(901)
    with asked.world.sending():
        asked.world.until(reply, "needs_human")
    assert asked.error(reply) == "late"
    assert asked.published() == []
