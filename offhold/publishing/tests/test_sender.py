"""A reply that is meant is sent, once, in order, seen on the timeline, and answers the case."""

from __future__ import annotations

import msgspec
import pytest

from offhold.cases.recount import recount
from offhold.channels.actions import do_set_sending
from offhold.connectors.contract import PublicOut
from offhold.kernel.errors import Conflict, Forbidden
from offhold.publishing import actions, attempts, public, writers
from offhold.publishing.asked import Decision
from offhold.publishing.graph import NeverLeft
from offhold.publishing.replies import PublicReply
from offhold.publishing.sender import Sender
from offhold.publishing.tests.world import QUICK, Move, World, delivered, no_picture, wait_for


def test_a_public_reply_is_sent_to_everyone(world: World) -> None:
    reply = world.say(world.asked_in_public(), "It is in Lisbon.")
    with world.sending():
        world.until(reply, "sent")
    assert world.network.published("public") == ["It is in Lisbon."]
    assert world.network.published("private") == []


def test_a_direct_reply_is_sent_to_one_person(world: World) -> None:
    reply = world.whisper(world.asked_in_private(), "XK7QP2 is in Lisbon.")
    with world.sending():
        world.until(reply, "sent")
    assert world.network.published("private") == ["XK7QP2 is in Lisbon."]
    assert world.network.published("public") == []


def test_what_was_sent_stands_on_the_timeline_and_answers_the_case(world: World) -> None:
    case = world.asked_in_public()
    assert world.one("SELECT waiting_since IS NULL FROM cases WHERE id = %s", case) == (False,)
    reply = world.say(case, "It is in Lisbon.")
    with world.sending():
        world.until(reply, "sent")
    message = world.one(
        "SELECT network_id, audience, identity_id, text, case_id, owed FROM messages WHERE reply_id = %s", reply
    )
    assert message == (world.public_reply(reply).network_id, "public", None, "It is in Lisbon.", case, False)
    answered = world.one("SELECT waiting_since, last_out_at IS NULL, messages FROM cases WHERE id = %s", case)
    assert answered == (None, False, 2)


def test_screens_see_every_state_and_then_the_message(world: World) -> None:
    case = world.asked_in_public()
    reply = world.say(case, "It is in Lisbon.")
    with world.sending():
        world.until(reply, "sent")
    told = world.all(
        "SELECT kind, payload::text FROM facts WHERE case_id = %s AND kind IN ('reply.changed', 'message.posted')"
        " ORDER BY seq",
        case,
    )
    states = [msgspec.json.decode(p)["reply"]["state"] for kind, p in told if kind == "reply.changed"]
    assert states == ["intent", "sending", "sent"]
    said = msgspec.json.decode(told[-1][1])["message"]
    assert (told[-1][0], said["reply_id"], said["duty_name"], said["outside"]) == (
        "message.posted",
        str(reply),
        "Mia",
        False,
    )


def test_nothing_told_of_a_direct_reply_is_for_those_who_may_not_see_it(world: World) -> None:
    case = world.asked_in_private()
    reply = world.whisper(case, "XK7QP2 is in Lisbon.")
    with world.sending():
        world.until(reply, "sent")
    told = world.all("SELECT DISTINCT private FROM facts WHERE payload::text LIKE %s", "%is in Lisbon%")
    assert told == [(True,)]
    kinds = world.all("SELECT DISTINCT kind FROM facts WHERE payload::text LIKE %s ORDER BY 1", "%is in Lisbon%")
    assert kinds == [("message.posted",), ("reply.changed",)]


def test_each_attempt_is_written_down_with_its_fence(world: World, clock_offset: Move) -> None:
    world.network.fail("unreachable")
    reply = world.say(world.asked_in_public())
    with world.sending():
        world.to_the_end(reply, clock_offset)
    attempts = world.all(
        "SELECT n, fence > 0, outcome, ended_at IS NULL FROM public_attempts WHERE reply_id = %s", reply
    )
    assert attempts == [(1, True, "NeverLeft", False), (2, True, "Confirmed", False)]


def test_a_running_sender_hears_of_a_new_reply_at_once(world: World) -> None:
    case = world.asked_in_public()
    patient = msgspec.structs.replace(QUICK, longest_sleep=60.0)
    with world.sending(pace=patient):
        first = world.say(case, "One moment.")
        world.until(first, "sent")
        second = world.say(case, "It is in Lisbon.")
        world.until(second, "sent", seconds=5)
    assert world.network.published("public") == ["One moment.", "It is in Lisbon."]


def test_two_replies_of_one_case_arrive_in_the_order_they_were_written(world: World, clock_offset: Move) -> None:
    case, mia = world.asked_in_public(), world.person()
    first = world.say(case, "First, sorry.", by=mia)
    second = world.say(case, "Then, it is in Lisbon.", by=mia)
    world.network.fail("unreachable")
    with world.sending():
        wait_for(lambda: world.public_reply(first).standing.error_code == "not_reached")
        assert world.state(second) == "intent"
        world.to_the_end(first, clock_offset)
        world.until(second, "sent")
    assert world.network.published("public") == ["First, sorry.", "Then, it is in Lisbon."]


def test_one_customers_trouble_does_not_hold_up_another(world: World) -> None:
    one, two = world.asked_in_public(by="dora"), world.asked_in_public(by="erik")
    world.network.fail("unreachable")
    stuck = world.say(one, "For Dora.")
    with world.sending(pace=msgspec.structs.replace(QUICK, at_once=1)):
        wait_for(lambda: world.public_reply(stuck).standing.error_code == "not_reached")
        world.until(world.say(two, "For Erik."), "sent")
    assert world.network.published("public") == ["For Erik."]


# --- one writer ----------------------------------------------------------------------------------------------


def test_two_senders_never_both_write_to_a_channel(world: World) -> None:
    cases = [world.asked_in_public(by=f"customer{n}") for n in range(12)]
    with world.sending(), world.sending():
        replies = [world.say(case, f"Answer {n}.") for n, case in enumerate(cases)]
        for reply in replies:
            world.until(reply, "sent")
    assert sorted(world.network.published("public")) == sorted(f"Answer {n}." for n in range(12))
    assert world.one("SELECT count(*), max(n) FROM public_attempts") == (12, 1)


def test_a_channel_somebody_else_holds_is_left_alone(world: World) -> None:
    with world.tx() as tx:
        hold = writers.take(tx, world.company.id, world.channel_id, lease=60, holder="another process")
    assert hold is not None
    reply = world.say(world.asked_in_public())
    with world.sending():
        wait_for(lambda: world.one("SELECT next_at < now() FROM public_replies WHERE id = %s", reply) == (True,))
        assert world.network.egress.requests == []
        with world.tx() as tx:
            writers.release(tx, hold)
        world.until(reply, "sent")


def test_a_dead_writers_attempt_is_looked_up_by_the_next_and_not_repeated(world: World, clock_offset: Move) -> None:
    """SENDING, and the process is gone: it may be out there."""
    reply = world.say(world.asked_in_public())
    with world.tx() as tx:
        dead = writers.take(tx, world.company.id, world.channel_id, lease=60, holder="dead")
        assert dead is not None
        tx.run("UPDATE public_replies SET state = 'sending', attempts = 1, tries = 1, deadline = %s, next_at = %s"
               " WHERE id = %s", (tx.at, tx.at, reply))  # fmt: skip
        tx.run("INSERT INTO public_attempts (workspace_id, reply_id, n, fence, started_at, deadline)"
               " VALUES (%s, %s, 1, %s, %s, %s)", (world.company.id, reply, dead.fence, tx.at, tx.at))  # fmt: skip
        writers.release(tx, dead)
    with world.sending():
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "needs_human"
    assert world.network.egress.requests.count(("POST", "/posts")) == 0


def test_the_fence_is_asked_once_more_before_the_socket(world: World) -> None:
    """The lease ended between the commit of SENDING and the connection: nothing is opened."""
    reply = world.say(world.asked_in_public())
    sender = Sender(world.network.egress, no_picture, pace=QUICK)
    with world.tx() as tx:
        hold = writers.take(tx, world.company.id, world.channel_id, lease=60)
    assert hold is not None
    opened = attempts.begin(public.LINE, hold, reply, QUICK, no_picture)
    assert opened is not None
    with world.tx() as tx:
        writers.release(tx, hold)
    event, receipt = delivered(sender, public.LINE, hold, opened)
    assert (type(event), receipt) == (NeverLeft, None)
    assert world.network.egress.requests == []
    attempts.settle(public.LINE, opened, event, receipt)
    assert world.state(reply) == "intent"


def test_what_a_stalled_writer_learns_of_its_own_attempt_says_nothing_about_the_next(world: World) -> None:
    """It never connected; meanwhile a successor's attempt is open, and that one may be out there."""
    reply = world.say(world.asked_in_public())
    at = (world.company.id, world.channel_id)

    def begun(lease_ended: bool = False) -> attempts.Opened[PublicReply, PublicOut]:
        with world.tx() as tx:
            if lease_ended:
                tx.run("UPDATE channel_writers SET until = '-infinity'")
            hold = writers.take(tx, *at, lease=60)
        assert hold is not None
        if lease_ended:
            attempts.give_up_attempt(public.LINE, hold, reply, QUICK)
            with world.tx() as tx:  # as two empty looks would
                tx.run("UPDATE public_replies SET state = 'intent', next_at = %s WHERE id = %s", (tx.at, reply))
        opened = attempts.begin(public.LINE, hold, reply, QUICK, no_picture)
        assert opened is not None
        return opened

    stalled = begun()
    begun(lease_ended=True)
    attempts.settle(public.LINE, stalled, NeverLeft("Another writer took over this channel."), None)
    assert world.state(reply) == "sending"
    assert world.public_reply(reply).attempts == 2


# --- what a person decides -----------------------------------------------------------------------------------


@pytest.fixture
def undecided(world: World, clock_offset: Move) -> int:
    """A public reply of which no machine can tell whether it is out. It is not."""
    world.network.fail("fail_before")
    reply = world.say(world.asked_in_public(), "It is in Lisbon.")
    with world.sending():
        world.to_the_end(reply, clock_offset)
    assert world.state(reply) == "needs_human"
    return reply


def decide(world: World, reply: int, decision: Decision, role: str = "agent") -> str:
    with world.tx() as tx:
        return actions.decide_public_reply(tx, world.person(role=role), reply, decision).state


def test_a_person_sends_it_again(world: World, undecided: int) -> None:
    assert decide(world, undecided, "send_again") == "intent"
    with world.sending():
        world.until(undecided, "sent")
    assert world.network.published("public") == ["It is in Lisbon."]


def test_a_person_gives_it_up(world: World, undecided: int) -> None:
    assert decide(world, undecided, "give_up") == "cancelled"
    with pytest.raises(Conflict, match="does not wait"):
        decide(world, undecided, "send_again")
    by = world.one("SELECT evidence -> -1 ->> 'by' FROM public_replies WHERE id = %s", undecided)
    assert by == ("Mia",)


def test_a_person_saw_it(world: World, undecided: int) -> None:
    assert decide(world, undecided, "it_was_sent") == "sent"
    assert world.one("SELECT waiting_since FROM cases") == (None,)
    (case,) = world.one("SELECT id FROM cases")
    with world.tx() as tx:
        recount(tx, [(world.company.id, case)])  # whatever derives the case again must not forget what was vouched for
    assert world.one("SELECT waiting_since FROM cases") == (None,)


def test_its_echo_beats_the_persons_guess(world: World, undecided: int) -> None:
    """They would send it again; it came meanwhile."""
    parent = world.public_reply(undecided).parent_id
    world.network.add("public", world.network.us, "It is in Lisbon.", parent=parent)
    world.hear()
    assert decide(world, undecided, "send_again") == "sent"
    assert world.network.published("public") == ["It is in Lisbon."]


def test_an_observer_decides_nothing(world: World, undecided: int) -> None:
    with pytest.raises(Forbidden):
        decide(world, undecided, "give_up", role="observer")


def test_nothing_is_sent_again_on_a_frozen_channel(world: World, undecided: int) -> None:
    with world.tx() as tx:
        do_set_sending(tx, world.company.id, world.channel_id, on=False)
    with pytest.raises(Conflict, match="only reads"):
        decide(world, undecided, "send_again")
