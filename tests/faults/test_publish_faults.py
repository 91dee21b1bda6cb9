"""Everything that may go wrong while a reply leaves: it is out once, to the right people, or a person sees it.

Each fault meets both kinds of reply. Business time is moved from one due moment to the next, so the waits are the real
ones. `network.published` is the truth: every text the network ever took from us, also what was deleted since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import msgspec
import pytest

from offhold.channels.actions import do_note_health
from offhold.channels.health import Seen
from offhold.connectors.contract import Answer, Audience, Channel, Egress, OutcomeUnknown, PublicOut, Receipt
from offhold.connectors.fake import FakeConnector
from offhold.connectors.fake.network import Failure
from offhold.connectors.faults import FaultyEgress
from offhold.publishing.tests.world import QUICK, Move, World, wait_for
from tests.faults.one_reply import PUBLIC, Case

FIVE_MINUTES = 300
STAYS_AWAY: list[Failure] = ["unreachable"] * 9


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made


@pytest.fixture(params=["public", "private"])
def asked(world: World, request: pytest.FixtureRequest) -> Case:
    return Case(world, request.param)


# --- what certainly did not happen ---------------------------------------------------------------------------


def test_no_connection_is_tried_again(asked: Case, clock_offset: Move) -> None:
    asked.world.network.fail("unreachable", "unreachable")
    reply = asked.answer()
    with asked.world.sending():
        asked.world.to_the_end(reply, clock_offset)
    assert asked.world.state(reply) == "sent"
    assert asked.published() == [asked.text]


def test_a_network_that_stays_away_puts_it_before_a_person(asked: Case, clock_offset: Move) -> None:
    asked.world.network.fail(*STAYS_AWAY)
    reply = asked.answer()
    with asked.world.sending():
        asked.world.to_the_end(reply, clock_offset)
    assert (asked.world.state(reply), asked.error(reply)) == ("needs_human", "not_reached")
    assert asked.published() == []


def test_429_waits_as_long_as_the_network_says(asked: Case, clock_offset: Move) -> None:
    asked.world.network.fail("rate_limit")  # Retry-After: 7
    reply = asked.answer()
    with asked.world.sending():
        took = asked.world.to_the_end(reply, clock_offset)
    assert asked.world.state(reply) == "sent"
    assert asked.published() == [asked.text]
    assert took >= 7


def test_429_without_a_time_waits_too(asked: Case, clock_offset: Move) -> None:
    egress = FaultyEgress(asked.world.network.egress)
    egress.spoil(Answer(429, {}, b"", "https://fake.test"))
    reply = asked.answer()
    with asked.world.sending(egress=egress):
        took = asked.world.to_the_end(reply, clock_offset)
    assert asked.world.state(reply) == "sent"
    assert asked.published() == [asked.text]
    assert took >= 60


def test_429_quiets_the_whole_channel(world: World, clock_offset: Move) -> None:
    slowed, other = Case(world, "public").answer(), Case(world, "private").answer()
    world.network.fail("rate_limit")
    with world.sending(pace=msgspec.structs.replace(QUICK, at_once=1)):
        wait_for(lambda: world.public_reply(slowed).standing.error_code == "rate_limited")
        moved = world.one("SELECT next_at >= created_at + interval '6 s' FROM direct_replies WHERE id = %s", other)
        assert moved == (True,)
        assert len(world.network.egress.requests) == 1
        clock_offset(8)
        assert (world.until(slowed, "sent"), world.until(other, "sent")) == ("sent", "sent")


def test_a_definite_no_is_told_and_not_repeated(asked: Case, clock_offset: Move) -> None:
    asked.world.network.fail("refuse")
    reply = asked.answer()
    with asked.world.sending():
        asked.world.to_the_end(reply, clock_offset)
    assert (asked.world.state(reply), asked.error(reply)) == ("refused", "blocked")
    assert asked.published() == []


def test_401_mid_send_waits_for_the_login_and_says_so(asked: Case, clock_offset: Move) -> None:
    world = asked.world
    world.network.expire_login()
    reply = asked.answer()
    with world.sending():
        wait_for(lambda: asked.error(reply) == "login_expired")
        assert world.state(reply) == "intent"
        assert world.one("SELECT state FROM channel_health WHERE channel_id = %s", world.channel_id) == (
            "login_expired",
        )
        clock_offset(61)  # it is looked at again, and not tried while the login is dead
        wait_for(lambda: world.one(*_next_look(asked, reply)) == (True,))
        attempts = len(world.network.egress.requests)
        world.network.restore_login()
        with world.tx() as tx:
            do_note_health(tx, world.company.id, world.channel_id, Seen(looked=True))
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "sent"
    assert asked.published() == [asked.text]
    assert attempts == 1


def _next_look(asked: Case, reply: int) -> tuple[str, int]:
    table = "public_replies" if asked.audience == "public" else "direct_replies"
    return f"SELECT next_at > created_at + interval '100 s' FROM {table} WHERE id = %s", reply


def test_a_dead_login_for_a_quarter_of_an_hour_asks_a_person(asked: Case, clock_offset: Move) -> None:
    asked.world.network.expire_login()
    reply = asked.answer()
    with asked.world.sending():
        asked.world.to_the_end(reply, clock_offset)
    assert (asked.world.state(reply), asked.error(reply)) == ("needs_human", "login_expired")
    assert asked.published() == []


# --- what may have happened, and did -------------------------------------------------------------------------


@pytest.mark.parametrize("failure", ["fail_after", "lose_answer", "garble"])
def test_what_arrived_is_found_and_not_sent_twice(asked: Case, failure: str, clock_offset: Move) -> None:
    asked.world.network.fail(failure)  # type: ignore[arg-type]  # parameters are plain strings
    reply = asked.answer()
    with asked.world.sending():
        took = asked.world.to_the_end(reply, clock_offset)
    assert asked.world.state(reply) == "sent"
    assert asked.published() == [asked.text]
    assert took <= FIVE_MINUTES


@pytest.mark.parametrize("fault", ["lost_answer", "error_after_effect", "garbled_answer"])
def test_what_the_wire_lost_is_found_and_not_sent_twice(asked: Case, fault: str, clock_offset: Move) -> None:
    egress = FaultyEgress(asked.world.network.egress)
    egress.spoil(fault)  # type: ignore[arg-type]  # likewise
    reply = asked.answer()
    with asked.world.sending(egress=egress):
        took = asked.world.to_the_end(reply, clock_offset)
    assert asked.world.state(reply) == "sent"
    assert asked.published() == [asked.text]
    assert took <= FIVE_MINUTES


class Slow:
    """An egress whose answers to writes take longer than anybody waits."""

    def __init__(self, inner: Egress) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def request(self, method: str, url: str, **how: object) -> Answer:
        answer: Answer = await self._inner.request(method, url, **how)  # type: ignore[arg-type]  # passed on as it came
        if method != "GET":
            await asyncio.sleep(60)
        return answer


def test_a_body_that_never_ends_is_cut_off_and_looked_up(asked: Case, clock_offset: Move) -> None:
    pace = msgspec.structs.replace(QUICK, request_seconds=0.3)
    reply = asked.answer()
    with asked.world.sending(pace=pace, egress=Slow(asked.world.network.egress)):  # type: ignore[arg-type]  # only `request` counts
        asked.world.until(reply, "unknown", "reconciling", "sent")
        asked.world.to_the_end(reply, clock_offset)
    assert asked.world.state(reply) == "sent"
    assert asked.published() == [asked.text]


def test_an_index_two_minutes_late_still_settles_it(asked: Case, clock_offset: Move) -> None:
    world = asked.world
    world.network.hide_new()
    world.network.fail("lose_answer")
    reply = asked.answer()
    with world.sending():
        world.to_the_end(reply, clock_offset, within=120)
        assert world.state(reply) == "reconciling"
        world.network.reveal()
        took = world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "sent"
    assert asked.published() == [asked.text]
    assert took <= FIVE_MINUTES


def test_its_echo_settles_it_without_asking(asked: Case, clock_offset: Move) -> None:
    world = asked.world
    world.network.fail("lose_answer")
    reply = asked.answer()
    with world.sending():
        world.until(reply, "unknown", "reconciling")
        world.hear(settle=False)
        reads = sum(method == "GET" for method, _ in world.network.egress.requests)
        world.to_the_end(reply, clock_offset)
        assert sum(method == "GET" for method, _ in world.network.egress.requests) == reads
    assert world.state(reply) == "sent"
    assert asked.published() == [asked.text]


def test_a_duplicate_refusal_is_looked_up(world: World, clock_offset: Move) -> None:
    case = Case(world, "public")
    world.network.add("public", world.network.us, PUBLIC)  # what it would call a duplicate of
    world.hear()

    class Refusing(FakeConnector):
        async def deliver_public(self, egress: Egress, channel: Channel, out: PublicOut) -> Receipt:
            raise OutcomeUnknown("403: you already said that")

    world.connector = Refusing(world.network)
    reply = case.answer()
    with world.sending():
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) in ("needs_human", "sent")
    assert len(world.network.published("public")) == 1


# --- what may have happened, and did not ---------------------------------------------------------------------


def _nothing_happened(egress: FaultyEgress, what: str) -> None:
    answers: Mapping[str, tuple[int, bytes]] = {
        "500": (500, b"Internal Server Error"),
        "200 with an error inside": (200, b'{"error": "internal"}'),
        "200 with HTML": (200, b"<html>It works!"),
        "truncated JSON": (201, b'{"id": "item-0'),
    }
    status, body = answers[what]
    egress.spoil(Answer(status, {}, body, "https://fake.test"))


WITHOUT_EFFECT = ["500", "200 with an error inside", "200 with HTML", "truncated JSON"]


@pytest.mark.parametrize("what", WITHOUT_EFFECT)
def test_two_complete_looks_allow_a_second_try(asked: Case, what: str, clock_offset: Move) -> None:
    egress = FaultyEgress(asked.world.network.egress)
    _nothing_happened(egress, what)
    reply = asked.answer()
    with asked.world.sending(egress=egress):
        asked.world.until(reply, "unknown", "reconciling")
        clock_offset(2)  # the network can no longer be working on it
        asked.later_post_of_ours()
        took = asked.world.to_the_end(reply, clock_offset)
    assert asked.world.state(reply) == "sent"
    assert asked.published() == [asked.text]
    assert 60 <= took <= FIVE_MINUTES
    assert egress.writes == 2


@pytest.mark.parametrize("what", WITHOUT_EFFECT)
def test_without_a_positive_control_a_person_sees_it_in_time(asked: Case, what: str, clock_offset: Move) -> None:
    egress = FaultyEgress(asked.world.network.egress)
    _nothing_happened(egress, what)
    reply = asked.answer()
    with asked.world.sending(egress=egress):
        took = asked.world.to_the_end(reply, clock_offset)
    assert (asked.world.state(reply), asked.error(reply)) == ("needs_human", "outcome_unknown")
    assert asked.published() == []
    assert egress.writes == 1
    assert took <= FIVE_MINUTES


@pytest.mark.parametrize("audience", ["public", "private"])
def test_a_network_that_knows_our_key_is_simply_asked_again(
    database: str, audience: Audience, clock_offset: Move
) -> None:
    world = World(dedupes=True)
    world.network.hide_new()  # no look can tell
    world.network.fail("lose_answer", "lose_answer")
    with world.installed():
        asked = Case(world, audience)
        reply = asked.answer()
        with world.sending():
            world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "sent"
    assert asked.published() == [asked.text]
