"""A reply that is held: taken back, let go, interrupted by what came between, planned for later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import msgspec
import pytest

from offhold.cases import acts, merging
from offhold.kernel import clock
from offhold.kernel.errors import Conflict, Forbidden, Invalid, Stale
from offhold.publishing import unsent
from offhold.publishing.asked import Before
from offhold.publishing.tests.world import Move, World
from tests.support import builders

ANYWAY = Before(written_as="public", anyway=True)


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    builders.holds(made.company, public=20, private=5)
    with made.installed():
        yield made


def root(world: World, case: int) -> str:
    """What the network calls the customer's newest public message of a case."""
    return str(world.one("SELECT network_id FROM messages WHERE id = %s", world.newest(case))[0])


def ends(world: World, reply: int, clock_offset: Move) -> str:
    """How the reply stands once its hold is over and nothing moves."""
    with world.sending():
        world.to_the_end(reply, clock_offset)
    return world.state(reply)


def test_a_held_reply_goes_when_its_time_has_come_and_not_before(world: World, clock_offset: Move) -> None:
    case = world.asked_in_public()
    reply = world.say(case)
    assert world.state(reply) == "held"
    with world.sending():
        clock_offset(19.0)
        other = world.say(world.asked_in_public(by="emil"))  # the sender looks at it, and so at everything due
        assert (world.state(reply), world.state(other)) == ("held", "held")
        assert world.network.published("public") == []
        clock_offset(20.1)
        assert world.until(reply, "sent")
    assert world.network.published("public") == ["On its way, Dora."]


def test_a_private_reply_has_its_own_hold(world: World) -> None:
    reply = world.direct_reply(world.whisper(world.asked_in_private()))
    assert reply.standing.next_at == reply.created_at + timedelta(seconds=5)


def test_its_author_takes_it_back(world: World, clock_offset: Move) -> None:
    mia = world.person()
    reply = world.say(world.asked_in_public(), by=mia)
    with world.tx() as tx:
        assert unsent.take_back_public(tx, mia, reply).state == "cancelled"
    assert ends(world, reply, clock_offset) == "cancelled"
    assert world.network.published("public") == []


def test_a_colleague_cannot_take_it_back_or_let_it_go_and_a_lead_can(world: World) -> None:
    reply = world.say(world.asked_in_public())
    for act in (unsent.take_back_public, partial(unsent.release_public, seen_version=99)):
        with pytest.raises(Forbidden), world.tx() as tx:
            act(tx, world.person("Bob"), reply)
    with world.tx() as tx:
        unsent.take_back_public(tx, world.person("Alice", "lead"), reply)
    assert world.state(reply) == "cancelled"


def test_an_author_who_only_observes_by_now_neither_takes_it_back_nor_lets_it_go(world: World) -> None:
    mia, public, private = world.person(), world.asked_in_public(), world.asked_in_private(by="erik")
    said, whispered = world.say(public, by=mia), world.whisper(private, by=mia)
    observer, seen = msgspec.structs.replace(mia, role="observer"), (world.version(public), world.version(private))
    for act in (
        lambda tx: unsent.take_back_public(tx, observer, said),
        lambda tx: unsent.take_back_direct(tx, observer, whispered),
        lambda tx: unsent.release_public(tx, observer, said, seen[0]),
        lambda tx: unsent.release_direct(tx, observer, whispered, seen[1]),
    ):
        with pytest.raises(Forbidden), world.tx() as tx:
            act(tx)
    assert (world.state(said), world.state(whispered)) == ("held", "held")


def test_what_is_on_its_way_cannot_be_taken_back(world: World) -> None:
    builders.holds(world.company)
    mia = world.person()
    reply = world.say(world.asked_in_public(), by=mia)
    with pytest.raises(Conflict) as caught, world.tx() as tx:
        unsent.take_back_public(tx, mia, reply)
    assert caught.value.code == "too_late"


def test_it_is_let_go_at_once(world: World) -> None:
    mia, case = world.person(), world.asked_in_public()
    reply = world.say(case, by=mia)
    with world.sending():
        seen = world.version(case)
        with world.tx() as tx:
            unsent.release_public(tx, mia, reply, seen)
        assert world.until(reply, "sent")


def test_a_word_of_the_customer_stops_it_and_one_key_sends_it_anyway(world: World, clock_offset: Move) -> None:
    mia, case = world.person(), world.asked_in_public()
    reply = world.say(case, by=mia)
    world.asked_in_public("Forget it, I found it!")
    assert ends(world, reply, clock_offset) == "review"
    assert world.public_reply(reply).standing.error_code == "customer_wrote"
    with world.sending():
        seen = world.version(case)
        with world.tx() as tx:
            unsent.release_public(tx, mia, reply, seen)
        assert world.until(reply, "sent")
    assert len(world.network.published("public")) == 1


def test_a_customer_who_writes_every_five_seconds_is_answered_within_two_tries(
    world: World, clock_offset: Move
) -> None:
    case = world.asked_in_public()
    seen = world.version(case)
    world.asked_in_public("Hello?")
    with pytest.raises(Stale) as caught:
        world.mean_publicly(world.public_ask(case, seen_version=seen))
    seen = caught.value.params["case_version"]
    world.asked_in_public("Hello??")  # while Mia reads the first
    reply = world.mean_publicly(world.public_ask(case, seen_version=seen, before=ANYWAY)).id
    with world.sending():
        for second in (5.0, 10.0, 15.0):
            clock_offset(second)
            world.asked_in_public(f"Anybody there? {second}")
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "sent"


def test_somebody_elses_answer_stops_even_what_goes_anyway(world: World, clock_offset: Move) -> None:
    case = world.asked_in_public()
    reply = world.mean_publicly(world.public_ask(case, before=ANYWAY)).id
    world.network.add("public", world.network.us, "Sorry about that, we found it!", parent=root(world, case))
    world.hear()
    assert ends(world, reply, clock_offset) == "review"
    assert world.public_reply(reply).standing.error_code == "answered"


def test_a_deletion_cancels_it_and_says_so(world: World, clock_offset: Move) -> None:
    case = world.asked_in_public()
    reply = world.say(case)
    world.network.delete(root(world, case))
    world.hear()
    assert ends(world, reply, clock_offset) == "cancelled"
    assert world.public_reply(reply).standing.error_code == "message_deleted"


@pytest.mark.parametrize(("own", "state"), [(False, "cancelled"), (True, "sent")])
def test_anothers_resolution_cancels_it_and_send_and_resolve_does_not(
    world: World, clock_offset: Move, *, own: bool, state: str
) -> None:
    mia, namesake = world.person("Mia"), world.person("Mia")
    case = world.asked_in_public()
    reply = world.say(case, by=mia)
    who = mia if own else namesake
    with world.tx() as tx:
        acts.do_resolve(tx, acts.lock(tx, world.company.id, case), who.duty_name, who.membership_id)
    assert ends(world, reply, clock_offset) == state


def test_what_waits_on_a_deleted_message_says_so_at_once(world: World) -> None:
    case = world.asked_in_public()
    reply, other = world.say(case), world.say(world.asked_in_public(by="emil"))
    world.network.delete(root(world, case))
    world.hear()
    with world.tx() as tx:
        unsent.lapse_of_case(tx, world.company.id, case)
    assert (world.state(reply), world.state(other)) == ("cancelled", "held")


def test_it_can_be_planned_for_later(world: World, clock_offset: Move) -> None:
    later = clock.now() + timedelta(hours=3)
    how = Before(written_as="public", go_at=later, time_zone="Europe/Madrid")
    case = world.asked_in_public()
    reply = world.mean_publicly(world.public_ask(case, before=how))
    assert (reply.standing.next_at, reply.scheduled_for, reply.time_zone) == (later, later, "Europe/Madrid")
    with world.sending():
        took = world.to_the_end(reply.id, clock_offset, within=4 * 3600)
    assert world.state(reply.id) == "sent"
    assert took >= 3 * 3600 - 60


@pytest.mark.parametrize(
    ("ahead", "zone", "code"),
    [(-1, "Europe/Madrid", "bad_time"), (400 * 86400, "UTC", "bad_time"), (60, "Mars/Olympus", "bad_time_zone"),
     (60, "../../etc/passwd", "bad_time_zone"), (60, "", "bad_time_zone")],
)  # fmt: skip
def test_a_moment_that_cannot_be_is_refused(world: World, ahead: int, zone: str, code: str) -> None:
    how = Before(written_as="public", go_at=clock.now() + timedelta(seconds=ahead), time_zone=zone)
    with pytest.raises(Invalid) as caught:
        world.mean_publicly(world.public_ask(world.asked_in_public(), before=how))
    assert caught.value.code == code


def test_a_merge_is_noticed_whatever_the_versions_of_the_two_cases(world: World, clock_offset: Move) -> None:
    dora, emil = world.asked_in_public(), world.asked_in_public("And my bag?", by="emil")
    with world.tx() as tx:  # much happened in the one
        tx.run("UPDATE cases SET version = 40 WHERE id = %s", (emil,))
    reply = world.say(emil)
    with world.tx() as tx:
        merging.do_merge(tx, *merging.lock_two(tx, world.company.id, emil, dora), by="Kofi", by_id=None)
    assert ends(world, reply, clock_offset) == "review"
    assert world.public_reply(reply).standing.error_code == "regrouped"
