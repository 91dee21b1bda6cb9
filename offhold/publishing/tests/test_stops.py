"""Publishing is stopped: what waits, what is on its way, who may, for how long, and what happens afterwards."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from offhold.app.cli import stop_publishing
from offhold.app.cli.main import parser
from offhold.connectors import passage
from offhold.connectors.contract import Answer
from offhold.connectors.fake import FakeNetwork
from offhold.kernel.errors import Conflict
from offhold.people.actors import Actor
from offhold.publishing import actions, approvals, attempts, public, stopped, stops, unsent, writers
from offhold.publishing.asked import Before
from offhold.publishing.graph import Interrupted
from offhold.publishing.sender import Sender
from offhold.publishing.stopped import Effect
from offhold.publishing.stops import By, Scope, Stop, StopAsk
from offhold.publishing.tests.world import QUICK, Move, World, delivered, no_picture, wait_for
from tests.support import builders

HOUR = timedelta(hours=1)


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made
        with made.tx() as tx:
            tx.run("UPDATE publishing_stops SET swept_at = coalesce(swept_at, at)")


def halt(world: World, scope: Scope = "workspace", **more: Any) -> Effect:
    """A lead stops publishing."""
    carol = world.person("Carol", "lead")
    ask = StopAsk(scope=scope, reason="Wrong gate announced", **({"lasts": HOUR} | more))
    with world.tx() as tx:
        wanted = stops.check_stop(tx, carol, ask)
    return stopped.halt(world.company.id, By(carol.membership_id, carol.duty_name), wanted)


def lift(world: World, stop: Stop) -> None:
    with world.tx() as tx:
        stops.do_lift(tx, world.company.id, By(1, "Carol"), int(stop.id))


def effect(world: World, stop: Stop) -> Effect:
    with world.tx() as tx:
        return stopped.effect(tx, world.company.id, int(stop.id))


def release(world: World, case: int, reply: int, by: Actor) -> None:
    seen = world.version(case)
    with world.tx() as tx:
        unsent.release_public(tx, by, reply, seen)


def reason(world: World, reply: int) -> str | None:
    return world.public_reply(reply).standing.error_code


# --- what waits ----------------------------------------------------------------------------------------------


def test_what_is_meant_meanwhile_waits_for_a_person_who_cannot_let_it_go(world: World) -> None:
    mia, case = world.person(), world.asked_in_public()
    stop = halt(world).stop
    reply = world.say(case, by=mia)
    assert (world.state(reply), reason(world, reply)) == ("review", "stopped")
    with pytest.raises(Conflict) as caught:
        release(world, case, reply, mia)
    assert caught.value.code == "stopped"
    assert {name: caught.value.params[name] for name in ("stop_id", "by")} == {"stop_id": stop.id, "by": "Carol"}
    lift(world, stop)
    assert world.state(reply) == "review"  # nothing goes by itself
    with world.sending():
        release(world, case, reply, mia)
        world.until(reply, "sent")
    assert len(world.network.published("public")) == 1


def test_what_is_held_or_about_to_go_is_looked_at_again(world: World) -> None:
    builders.holds(world.company, public=20, private=0)
    held = world.say(world.asked_in_public())
    whisper = world.whisper(world.asked_in_private(by="erik"))
    assert (world.state(held), world.state(whisper)) == ("held", "intent")
    done = halt(world)
    assert (world.state(held), world.state(whisper), done.held) == ("review", "review", 2)
    assert (done.confirmed, done.escaped, done.unconfirmed) == (True, [], [])


def test_what_somebody_must_agree_to_waits_and_nobody_can_agree(world: World) -> None:
    case = world.asked_in_public()
    asked = Before(written_as="public", second_person=True)
    before = world.mean_publicly(world.public_ask(case, before=asked)).id
    halt(world)
    after = world.mean_publicly(world.public_ask(world.asked_in_public(by="erik"), before=asked)).id
    assert (world.state(before), world.state(after)) == ("approval", "approval")
    seen = world.version(case)
    with pytest.raises(Conflict) as caught, world.tx() as tx:
        approvals.approve_public(tx, world.person("Carol", "lead"), before, seen)
    assert caught.value.code == "stopped"


def test_a_person_cannot_send_again_meanwhile(world: World, owner_sql: Any) -> None:
    reply = world.say(world.asked_in_public())
    owner_sql("UPDATE public_replies SET state = 'needs_human', next_at = NULL WHERE id = %s", (reply,))
    halt(world)
    with pytest.raises(Conflict) as caught, world.tx() as tx:
        actions.decide_public_reply(tx, world.person(), reply, "send_again")
    assert caught.value.code == "stopped"


def test_after_the_end_new_replies_go_and_held_back_ones_stay(world: World, clock_offset: Move) -> None:
    halt(world, lasts=timedelta(minutes=5))
    old = world.say(world.asked_in_public())
    with world.sending():
        clock_offset(301)
        new = world.say(world.asked_in_public(by="erik"))
        world.until(new, "sent")
        assert world.state(old) == "review"


def test_two_stops_overlap_and_one_stays_when_the_other_is_lifted(world: World) -> None:
    whole = halt(world).stop
    channel = halt(world, "channel", channel_id=world.channel_id).stop
    lift(world, whole)
    reply = world.say(world.asked_in_public())
    assert world.state(reply) == "review"
    lift(world, channel)
    assert world.state(world.say(world.asked_in_public(by="erik"))) == "intent"


# --- what it covers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "more", "state"),
    [
        ("workspace", {}, "review"),
        ("workspace", {"allow": "ours"}, "intent"),
        ("network", {"network": "fake"}, "review"),
        ("network", {"network": "fake", "allow": "ours"}, "intent"),
        ("network", {"network": "sandbox"}, "intent"),
        ("channel", {"channel_id": "ours"}, "review"),
        ("channel", {"channel_id": "another"}, "intent"),
    ],
)
def test_the_scope_and_the_channels_that_go_on(world: World, scope: Scope, more: dict[str, Any], state: str) -> None:
    another = builders.channel(world.company, network="sandbox").id
    named = {"ours": world.channel_id, "another": another}
    if "allow" in more:
        more = more | {"allow": (world.channel_id,)}
    if "channel_id" in more:
        more = more | {"channel_id": named[more["channel_id"]]}
    case, held = world.asked_in_public(), world.say(world.asked_in_public(by="erik"))
    halt(world, scope, **more)
    assert (world.state(world.say(case)), world.state(held)) == (state, state)


def test_another_company_goes_on(world: World) -> None:
    halt(world)
    theirs = World()
    with theirs.installed():
        reply = theirs.say(theirs.asked_in_public())
        with theirs.sending():
            theirs.until(reply, "sent")


def test_every_screen_is_told(world: World) -> None:
    stop = halt(world).stop
    lift(world, stop)
    told = world.all("SELECT payload -> 'stop' ->> 'lifted_by' FROM facts WHERE kind = 'stop.changed' ORDER BY seq")
    assert told == [(None,), ("Carol",)]


# --- what is said elsewhere ----------------------------------------------------------------------------------


def test_own_words_from_elsewhere_page_a_lead(world: World) -> None:
    case = world.asked_in_public()
    stop = halt(world).stop
    thread = str(world.one("SELECT network_id FROM messages WHERE id = %s", world.newest(case))[0])
    world.network.add("public", world.network.us, "All flights are cancelled.", parent=thread)
    world.hear()
    assert [one.case_id for one in effect(world, stop).outside] == [str(case)]
    assert world.all("SELECT kind, case_id FROM pages") == [("outside_while_stopped", case)]


def test_own_words_of_ours_page_nobody(world: World) -> None:
    """What had escaped comes back as an echo, and what was said before the stop is heard after it."""
    case = world.asked_in_public()
    thread = str(world.one("SELECT network_id FROM messages WHERE id = %s", world.newest(case))[0])
    world.network.add("public", world.network.us, "We look into it.", parent=thread)
    slow, reply = Slow(world.network, "after"), world.say(case)
    with world.sending(egress=slow):  # type: ignore[arg-type]  # only `request` is asked of it
        assert slow.here.wait(10)
        stop = halt(world).stop
        world.hear()
        slow.go.set()
        world.until(reply, "sent")
    assert (effect(world, stop).outside, world.all("SELECT kind FROM pages")) == ([], [])


# --- what is on its way --------------------------------------------------------------------------------------


class Slow:
    """The way to the network, on which each request waits: `before` anything of it left, or `after` it was taken."""

    def __init__(self, network: FakeNetwork, where: str) -> None:
        self.inner, self.where = network.egress, where
        self.here, self.go = threading.Event(), threading.Event()

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None, **_: Any
    ) -> Answer:
        if self.where == "twice":
            passage.leave()  # something harmless went first, as where a picture is uploaded
        if self.where != "after":
            await self._wait()
        answer = await self.inner.request(method, url, headers=headers, content=content)
        if self.where == "after":
            await self._wait()
        return answer

    async def _wait(self) -> None:
        self.here.set()
        while not self.go.is_set():  # noqa: ASYNC110 - it is set by another thread
            await asyncio.sleep(0.005)


def test_what_had_not_left_is_stopped_at_the_door(world: World) -> None:
    slow, reply = Slow(world.network, "before"), world.say(world.asked_in_public())
    with world.sending(egress=slow):  # type: ignore[arg-type]  # only `request` is asked of it
        assert slow.here.wait(10)
        assert world.state(reply) == "sending"
        done = halt(world)
        slow.go.set()
        assert (done.confirmed, done.escaped) == (True, [])
        world.until(reply, "review")
    assert world.network.egress.requests == []
    assert effect(world, done.stop).held == 1


def test_what_had_left_is_named_and_ends_as_it_ends(world: World) -> None:
    slow, reply = Slow(world.network, "after"), world.say(world.asked_in_public())
    with world.sending(egress=slow):  # type: ignore[arg-type]  # only `request` is asked of it
        assert slow.here.wait(10)
        done = halt(world)
        assert done.confirmed
        assert [(one.reply.id, one.reply.state) for one in done.escaped] == [(str(reply), "sending")]
        slow.go.set()
        world.until(reply, "sent")
    assert [(one.reply.id, one.reply.state) for one in effect(world, done.stop).escaped] == [(str(reply), "sent")]


def test_a_second_request_of_an_attempt_does_not_leave_either(world: World) -> None:
    slow, reply = Slow(world.network, "twice"), world.say(world.asked_in_public())
    with world.sending(egress=slow):  # type: ignore[arg-type]  # only `request` is asked of it
        assert slow.here.wait(10)
        done = halt(world)
        assert [one.reply.id for one in done.escaped] == [str(reply)]  # something of it had left
        slow.go.set()
        world.until(reply, "review")
    assert world.network.egress.requests == []
    assert effect(world, done.stop).escaped == []  # and nothing came of that


def test_a_sender_that_hears_nothing_asks_before_the_socket(world: World) -> None:
    reply = world.say(world.asked_in_public())
    sender = Sender(world.network.egress, no_picture, pace=QUICK)
    with world.tx() as tx:
        hold = writers.take(tx, world.company.id, world.channel_id, lease=60, holder=sender.name)
    assert hold is not None
    opened = attempts.begin(public.LINE, hold, reply, QUICK, no_picture)
    assert opened is not None
    done = halt(world)
    assert not done.confirmed
    assert [one.holder for one in done.unconfirmed] == [sender.name]
    event, receipt = delivered(sender, public.LINE, hold, opened)
    assert isinstance(event, Interrupted)
    attempts.settle(public.LINE, opened, event, receipt)
    assert (world.state(reply), world.network.egress.requests) == ("review", [])
    assert effect(world, done.stop).escaped == []


def test_who_does_not_answer_is_waited_for_as_long_as_their_lease_runs(world: World, owner_sql: Any) -> None:
    with world.tx() as tx:
        writers.take(tx, world.company.id, world.channel_id, lease=60, holder="gone")
    done = halt(world)
    assert (done.confirmed, [one.holder for one in done.unconfirmed], done.stop.confirmed_at) == (False, ["gone"], None)
    owner_sql("UPDATE stop_confirmations SET until = clock_timestamp() WHERE holder = 'gone'")
    later = effect(world, done.stop)
    assert later.confirmed
    assert later.stop.confirmed_at is not None


def test_a_sender_without_a_channel_confirms_too(world: World, owner_sql: Any) -> None:
    with world.sending() as sender:
        wait_for(lambda: owner_sql("SELECT 1 FROM senders WHERE holder = %s", (sender.name,)))
        done = halt(world)
        assert done.confirmed
    assert owner_sql("SELECT count(*) FROM stop_confirmations WHERE holder = %s", (sender.name,)) == [(1,)]
    assert owner_sql("SELECT 1 FROM senders WHERE holder = %s", (sender.name,)) == []  # it said goodbye


def test_a_lost_connection_is_made_anew_and_the_stop_found(world: World, owner_sql: Any) -> None:
    slow, reply = Slow(world.network, "before"), world.say(world.asked_in_public())
    patient = msgspec.structs.replace(QUICK, request_seconds=20.0, lease_seconds=30.0)
    with world.sending(pace=patient, egress=slow):  # type: ignore[arg-type]  # only `request` is asked of it
        assert slow.here.wait(10)
        owner_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN offhold_stops%'")
        done = halt(world)
        wait_for(lambda: effect(world, done.stop).confirmed, 10)
        slow.go.set()
        world.until(reply, "review")
    assert world.network.egress.requests == []


def test_a_stop_set_while_nobody_sends_holds_for_who_comes(world: World) -> None:
    builders.holds(world.company, public=0, private=0)
    reply = world.say(world.asked_in_public())
    with world.tx() as tx:  # whoever set it died before putting what waits before a person
        ask = stops.checked(tx, world.company.id, StopAsk(scope="workspace", reason="Look"))
        stops.do_stop(tx, world.company.id, By(0, "Carol"), ask)
    with world.sending():
        world.until(reply, "review")
    assert world.network.egress.requests == []


def test_what_a_sender_knew_of_when_it_began_is_no_reason_to_stop(world: World) -> None:
    """A stop came and was lifted: what is meant afterwards passes the door that remembers it."""
    with world.sending():
        lift(world, halt(world).stop)
        world.until(world.say(world.asked_in_public()), "sent")


# --- from the command line -----------------------------------------------------------------------------------


def test_it_is_stopped_and_lifted_from_the_command_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    held = world.say(world.asked_in_public())
    given = ["stop-publishing", "--channel", str(world.channel_id), "--reason", "Look at this", "--minutes", "30"]
    assert stop_publishing.act(parser().parse_args(given), world.company.id) == 0
    (stop,) = world.one("SELECT id FROM publishing_stops")
    assert f"stop {stop}. Held back: 1." in capsys.readouterr().out
    assert world.state(held) == "review"
    stop_publishing.act(parser().parse_args(["stop-publishing", "--lift", str(stop)]), world.company.id)
    assert world.state(world.say(world.asked_in_public(by="erik"))) == "intent"
