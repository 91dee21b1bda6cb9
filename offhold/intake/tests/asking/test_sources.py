"""Asking a network for what is new: where we stand is kept with what we got, and one broken channel is alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from offhold.channels.credentials import do_store_secrets
from offhold.connectors.contract import JSON, Batch, Channel, Egress, RateLimited
from offhold.connectors.fake import FakeConnector
from offhold.intake import lanes, sources
from offhold.intake.consume import Hold
from offhold.intake.pulse import Pulse
from offhold.intake.sources import Watched
from offhold.intake.tests.asking.watch import as_worker, cursor, health, running, step, take, until, watch
from offhold.intake.tests.world import World
from offhold.intake.watching import Watching
from tests.support import builders
from tests.support.fixtures import OwnerSql


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
