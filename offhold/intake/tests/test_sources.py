"""Asking a network for what is new: where we stand is kept with what we got, and one broken channel is alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from offhold.app import pipeline
from offhold.channels.actions import do_note_health
from offhold.channels.credentials import do_store_secrets
from offhold.channels.health import Seen
from offhold.connectors.contract import JSON, Abilities, Batch, Channel, DeliveryError, Egress, RateLimited
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.connectors.registry import networks
from offhold.intake import lanes, reread, sources
from offhold.intake.consume import Hold, work
from offhold.intake.pulse import Pulse
from offhold.intake.sources import Watched
from offhold.intake.tests.world import World
from offhold.intake.watching import Watching
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction_over
from tests.support import builders
from tests.support.database import acting
from tests.support.fixtures import OwnerSql


@pytest.fixture(autouse=True)
def nobody_holds_a_lane(owner_sql: OwnerSql) -> None:
    owner_sql("UPDATE lanes SET holder = '', until = '-infinity'")
    owner_sql("DELETE FROM arrival_queue")


@pytest.fixture
def world(workspace: builders.Workspace) -> Iterator[World]:
    with World(workspace).installed() as made:
        yield made


@pytest.fixture(autouse=True)
def threads_act_as_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `sources` does in threads, it does there on a connection of the pipeline."""

    async def to_thread(act: Callable[..., Any], *given: Any) -> Any:
        return await threaded(acted, act, *given)

    threaded = asyncio.to_thread
    monkeypatch.setattr(asyncio, "to_thread", to_thread)


def acted(act: Callable[..., Any], *given: Any) -> Any:
    with acting("pipeline"):
        return act(*given)


def as_worker(act: Callable[..., Any], *given: Any) -> Any:
    """Done in a thread, and waited for: Django wants no loop where it works."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(acted, act, *given).result()


def take(me: str) -> Hold:
    with transaction_over([]) as tx:
        return me, lanes.take(tx, me)


@pytest.fixture
def hold(database: str) -> Hold:
    held: Hold = as_worker(take, "a")
    return held


@pytest.fixture
def watched(world: World, hold: Hold) -> Watched:
    return watch(world, hold)


def watch(world: World, hold: Hold, connector: Any = None) -> Watched:
    channel = world.network.channel(world.channel.id, world.workspace.id)
    return Watched(channel, connector or world.connector, world.network.egress, lambda: hold, Pulse(), 0.01)


def cursor(world: World, stream: str = "poll") -> Any:
    rows = world.rows(
        "SELECT cursor::text FROM cursors WHERE channel_id = %s AND stream = %s", world.channel.id, stream
    )
    return msgspec.json.decode(rows[0][0]) if rows else None


def health(world: World, watched: Watched | None = None) -> tuple[str, str]:
    """State and words on the channel's card, after the worker's pulse."""
    if watched is not None:
        as_worker(watched.pulse.flush)
    ((state, words),) = world.rows("SELECT state, message FROM channel_health WHERE channel_id = %s", world.channel.id)
    return state, words


async def step(watched: Watched, look: Callable[[Watched, Channel], Awaitable[None]]) -> None:
    await look(watched, watched.channel)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - it becomes true in another process, the database
            await asyncio.sleep(0.02)


async def running(watched: Watched, true: Callable[[], object]) -> None:
    """Let the channel be watched until this holds."""
    task = asyncio.create_task(sources.watch(watched))
    try:
        await until(true)
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


# --- the cursor


async def test_the_place_is_kept_with_what_was_read(world: World, watched: Watched) -> None:
    for n in range(3):
        world.network.post(f"post {n}")
    await step(watched, sources.poll)
    assert (len(world.log()), cursor(world)) == (3, {"after": 3})
    world.network.post("one more")
    await step(watched, sources.poll)
    assert (len(world.log()), cursor(world)) == (4, {"after": 4}), "the overlap is read twice and kept once"


async def test_more_than_a_page_is_read_to_its_end(world: World, watched: Watched) -> None:
    for n in range(120):
        world.network.post(f"post {n}")
    await step(watched, sources.poll)
    assert (len(world.log()), cursor(world)) == (120, {"after": 120})


async def test_a_place_is_not_kept_without_what_was_read(
    world: World, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two are one transaction: what fails after the append takes the append with it, and the other way round."""
    world.network.post("post")
    for part in ("_keep", "append"):
        with monkeypatch.context() as patched:
            patched.setattr(sources, part, failing(getattr(sources, part)))
            with pytest.raises(ZeroDivisionError):
                await step(watched, sources.poll)
        assert (world.log(), cursor(world)) == ([], None)
    await step(watched, sources.poll)
    assert (len(world.log()), cursor(world)) == (1, {"after": 1})


def failing(act: Callable[..., Any]) -> Callable[..., Any]:
    def then_fail(*given: Any) -> None:
        act(*given)
        raise ZeroDivisionError

    return then_fail


async def test_a_worker_that_lost_the_lane_writes_nothing(world: World, watched: Watched, owner_sql: OwnerSql) -> None:
    world.network.post("post")
    owner_sql("UPDATE lanes SET until = now() - interval '1 second'")
    other = as_worker(take, "b")
    with pytest.raises(lanes.LostLane):
        await step(watched, sources.poll)
    assert (world.log(), cursor(world)) == ([], None)
    await step(watch(world, other), sources.poll)
    assert len(world.log()) == 1


class Rotating(FakeConnector):
    """A network that hands out a new token with every look."""

    async def poll(self, egress: Egress, channel: Channel, cursor: JSON) -> Batch:
        found = await super().poll(egress, channel, cursor)
        return msgspec.structs.replace(found, secrets={"token": channel.secrets["token"], "refresh": "second"})


async def test_a_rotated_token_is_kept_with_what_it_brought(
    world: World, hold: Hold, owner_sql: OwnerSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = watch(world, hold, Rotating(world.network))
    assert as_worker(watched.fresh).secrets.get("refresh") is None
    with monkeypatch.context() as patched:
        patched.setattr("offhold.intake.sources.do_store_secrets", failing(do_store_secrets))
        with pytest.raises(ZeroDivisionError):
            await step(watched, sources.poll)
    assert as_worker(watched.fresh).secrets.get("refresh") is None
    await step(watched, sources.poll)
    assert as_worker(watched.fresh).secrets["refresh"] == "second"


async def test_a_stream_goes_on_where_it_stood(world: World, watched: Watched) -> None:
    world.network.post("one")
    await listening(watched, lambda: cursor(world, "stream") == {"after": 1})
    world.network.post("two")
    await listening(watched, lambda: cursor(world, "stream") == {"after": 2})
    assert len(world.log()) == 2
    asked = [path for _, path in world.network.egress.requests]
    assert asked == []  # by the stream alone


async def listening(watched: Watched, true: Callable[[], object]) -> None:
    task = asyncio.create_task(sources.listen(watched, watched.channel))
    await until(true)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


# --- trouble


async def test_an_expired_login_shows_on_the_channel_and_heals_with_it(world: World, watched: Watched) -> None:
    world.network.expire_login()
    await running(watched, lambda: health(world, watched)[0] == "login_expired")
    assert "Connect the account again" in health(world)[1]
    world.network.restore_login()
    await running(watched, lambda: health(world, watched) == ("ok", ""))


class Limiting(FakeConnector):
    """Asks for patience: every look is one too many."""

    looks = 0

    async def poll(self, egress: Egress, channel: Channel, cursor: JSON) -> Batch:
        self.looks += 1
        raise RateLimited("slow down", 120.0)


async def test_a_network_that_asks_for_patience_gets_it(
    world: World, hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    wait = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if asyncio.current_task() is not task:  # a server of other tests sleeps too, in a thread of its own
            return await wait(seconds)
        slept.append(seconds)
        return await wait(0 if len(slept) < 20 else 3600)

    connector = Limiting(world.network)
    watched = watch(world, hold, connector)
    task = asyncio.create_task(sources._often(watched, 1.0, sources.poll))
    monkeypatch.setattr(asyncio, "sleep", sleep)
    async with asyncio.timeout(20):
        while connector.looks < 3:
            await wait(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert slept[1:3] == [120.0, 120.0]
    assert health(world, watched)[0] == "starting", "being asked to wait is no failure"


class Rude(FakeConnector):
    """Fails in a way nobody thought of."""

    async def poll(self, egress: Egress, channel: Channel, cursor: JSON) -> Batch:
        raise KeyError("surprise")


async def test_one_broken_channel_stops_no_other(world: World, other_workspace: builders.Workspace, hold: Hold) -> None:
    broken: World = as_worker(World, other_workspace)
    connector = Rude(broken.network)
    one, other = watch(world, hold), watch(broken, hold, connector)
    world.network.post("post")
    both = [asyncio.create_task(sources.watch(w)) for w in (one, other)]
    await until(lambda: health(broken, other)[0] == "unreachable" and world.log())
    world.network.post("another")
    await until(lambda: len(world.log()) == 2)
    assert not any(task.done() for task in both)
    for task in both:
        task.cancel()
    await asyncio.gather(*both, return_exceptions=True)
    assert health(world, one)[0] == "ok"


async def test_channels_are_noticed_and_left_as_they_come_and_go(world: World, hold: Hold, owner_sql: OwnerSql) -> None:
    # channels that earlier tests left in the same lane would be watched too, and none of their networks is here
    owner_sql("UPDATE channels SET paused = true WHERE id <> %s", (world.channel.id,))
    pulse = Pulse()
    watching = Watching(world.network.egress, lambda: hold, pulse, 0.01)
    task = asyncio.create_task(watching.run())
    world.network.post("post")
    await until(world.log)
    owner_sql("UPDATE channels SET paused = true WHERE id = %s", (world.channel.id,))
    await until(lambda: world.channel.id not in watching._tasks)
    world.network.post("while paused")
    owner_sql("UPDATE channels SET paused = false WHERE id = %s", (world.channel.id,))
    await until(lambda: len(world.log()) == 2)
    watching.stop()
    await task
    assert watching._tasks == {}


# --- what is gone, what is missing


class Lossy(FakeConnector):
    """A network that tells of no deletion; `hides` are not shown in threads although they are there."""

    def __init__(self, network: FakeNetwork) -> None:
        super().__init__(network, abilities=Abilities(reply_public=True, thread_reread=True))
        self.hides: set[str] = set()
        self.asked: list[tuple[str, ...]] = []
        self.unreachable = False

    async def reread(self, egress: Egress, channel: Channel, conversations: tuple[str, ...]) -> Batch:
        kept = dict(self._network.items)
        for name in self.hides:
            self._network.items.pop(name, None)
        try:
            return await super().reread(egress, channel, conversations)
        finally:
            self._network.items = kept

    async def still_there(self, egress: Egress, channel: Channel, ids: tuple[str, ...]) -> set[str]:
        self.asked.append(ids)
        if self.unreachable:
            raise DeliveryError("the look was incomplete")
        return await super().still_there(egress, channel, ids)

    @property
    def _network(self) -> FakeNetwork:
        return self._theirs

    def of(self, network: FakeNetwork) -> Lossy:
        self._theirs = network
        return self


@pytest.fixture
def thread(world: World, hold: Hold) -> tuple[Watched, Lossy, list[str]]:
    """A thread of three that the desk holds, on a network that says nothing when something goes."""
    connector = Lossy(world.network).of(world.network)
    root = world.network.post("Where is my bag?")
    replies = [world.network.post(f"Mine too? {n}", by=f"p{n}", parent=root) for n in range(2)]
    world.arrive(*[delivery.body for delivery in world.network.deliveries()])
    as_worker(work, hold, pipeline.handle)
    return watch(world, hold, connector), connector, [root, *replies]


def gone(world: World, hold: Hold) -> list[str]:
    as_worker(work, hold, pipeline.handle)
    found = world.rows(
        "SELECT network_id FROM messages WHERE channel_id = %s AND deleted_at IS NOT NULL", world.channel.id
    )
    return [name for (name,) in found]


async def test_what_a_thread_does_not_show_is_asked_for_before_it_is_gone(
    world: World, hold: Hold, thread: tuple[Watched, Lossy, list[str]]
) -> None:
    watched, connector, (_, hidden, deleted) = thread
    connector.hides = {hidden}
    del world.network.items[deleted]
    await step(watched, sources.read_again)
    assert connector.asked == [tuple(sorted([hidden, deleted]))]
    assert gone(world, hold) == [deleted]


async def test_nothing_is_gone_when_the_second_look_was_incomplete(
    world: World, hold: Hold, thread: tuple[Watched, Lossy, list[str]]
) -> None:
    watched, connector, (_, _, deleted) = thread
    del world.network.items[deleted]
    connector.unreachable = True
    with pytest.raises(DeliveryError):
        await step(watched, sources.read_again)
    assert gone(world, hold) == []
    connector.unreachable = False
    await step(watched, sources.read_again)
    assert gone(world, hold) == [deleted], "the thread is due again until it was read to the end"


async def test_a_network_cannot_say_of_itself_that_something_is_gone(world: World, hold: Hold) -> None:
    """The body of our own finding is read as that only where we wrote it."""
    world.network.post("Where is my bag?")
    world.arrive(*[d.body for d in world.network.deliveries()])
    (name,) = world.network.items
    world.arrive(reread.body_of((name,)), source="webhook")
    assert gone(world, hold) == []
    assert world.rows("SELECT reason FROM dead_letters WHERE channel_id = %s", world.channel.id) == [("malformed",)]


def missing(world: World) -> int | None:
    ((count,),) = world.rows("SELECT inbound_missing FROM channel_health WHERE channel_id = %s", world.channel.id)
    return None if count is None else int(count)


async def test_the_proof_counts_what_the_network_holds_and_we_do_not(
    world: World, hold: Hold, watched: Watched, clock_offset: Callable[[float], None]
) -> None:
    assert missing(world) is None
    for n in range(5):
        world.network.post(f"post {n}", by=f"p{n}")
    bodies = [delivery.body for delivery in world.network.deliveries()]
    world.arrive(*bodies[:3])
    as_worker(work, hold, pipeline.handle)
    await step(watched, sources.prove)
    assert missing(world) == 2
    world.arrive(*bodies)
    as_worker(work, hold, pipeline.handle)
    await step(watched, sources.prove)
    assert missing(world) == 0
    world.network.post("of long ago, not heard")
    clock_offset(49 * 3600)
    await step(watched, sources.prove)
    assert missing(world) == 0, "the proof looks back 48 hours"


# --- silence


async def test_a_channel_that_falls_silent_says_so(
    world: World, watched: Watched, clock_offset: Callable[[float], None]
) -> None:
    """Its own rhythm is a post a minute; a look that brings nothing for an hour is no proof that all is well."""
    for minute in range(20):
        clock_offset(minute * 60)
        heard(world, Seen(events=1, looked=True))
    assert health(world) == ("ok", "")
    clock_offset(19 * 60 + 3600)
    await step(watched, sources.poll)
    assert health(world, watched)[0] == "silent"
    heard(world, Seen(events=1))
    assert health(world) == ("ok", "")


def heard(world: World, seen: Seen) -> None:
    def note() -> None:
        with transaction_over([world.workspace.id]) as tx:
            do_note_health(tx, world.workspace.id, world.channel.id, seen)

    as_worker(note)


async def test_silence_is_noticed_where_nobody_looks(
    world: World, hold: Hold, clock_offset: Callable[[float], None]
) -> None:
    """A network with webhooks only brings no occasion to judge it: time alone must be one."""
    for minute in range(20):
        clock_offset(minute * 60)
        heard(world, Seen(events=1))
    clock_offset(19 * 60 + 3600)
    with networks.lend(FakeConnector(world.network, abilities=Abilities(webhooks=True))):
        pulse = Pulse()
        watching = Watching(world.network.egress, lambda: hold, pulse, 0)
        task = asyncio.create_task(watching.run())
        await until(lambda: as_worker(pulse.flush) or health(world)[0] == "silent")
        watching.stop()
        await task


def test_complete_until_is_told(world: World, hold: Hold) -> None:
    watched = watch(world, hold)
    when = clock.now() - timedelta(minutes=3)
    watched.pulse.looked(world.workspace.id, world.channel.id, when)
    as_worker(watched.pulse.flush)
    ((until_,),) = world.rows("SELECT complete_until FROM channel_health WHERE channel_id = %s", world.channel.id)
    assert until_ == when
