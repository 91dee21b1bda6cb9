"""A stretch of the log once more through the pipeline: what was missed appears, what is right stays as it is."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhold.app import pipeline
from offhold.cases.tests.stories import shown
from offhold.connectors.contract import Posted
from offhold.intake import lanes, replay
from offhold.intake.consume import Hold, Parsed, work
from offhold.intake.replay import Stretch
from offhold.intake.tests.world import World
from offhold.kernel import clock
from offhold.kernel.db.tx import Tx, transaction_over
from tests.support import builders
from tests.support.fixtures import OwnerSql

pytestmark = pytest.mark.usefixtures("as_pipeline")


@pytest.fixture
def world(workspace: builders.Workspace) -> Iterator[World]:
    with World(workspace).installed() as made:
        yield made


@pytest.fixture(autouse=True)
def nobody_holds_a_lane(owner_sql: OwnerSql) -> None:
    owner_sql("UPDATE lanes SET holder = '', until = '-infinity'")
    owner_sql("DELETE FROM arrival_queue")


def take() -> Hold:
    with transaction_over([]) as tx:
        return "a", lanes.take(tx, "a")


def worked(handle: Callable[[Tx, list[Parsed]], None] = pipeline.handle) -> None:
    hold = take()
    while work(hold, handle):
        pass


def plenty(_waiting: Callable[[], int]) -> None:
    """There is always room."""


def again(world: World, **stretch: Any) -> int:
    return sum(replay.do_replay(Stretch(workspace=world.workspace.id, **stretch), plenty))


def lives(network: Any, rng: random.Random, acts: int) -> None:
    """Customers write, change their minds, take words back; we answer."""
    for n in range(acts):
        theirs = [name for name, item in network.items.items() if item.author != network.us]
        act = rng.choice(("post", "post", "message", "edit", "delete", "ours"))
        if act == "post" or not theirs:
            network.post(f"Where is my bag? {n}", by=rng.choice(("ann", "bob", "cem")))
        elif act == "message":
            network.message(f"My booking is {n}", by=rng.choice(("ann", "bob", "cem")))
        elif act == "edit":
            network.edit(rng.choice(theirs), f"edited {n}")
        elif act == "delete":
            network.delete(rng.choice(theirs))
        else:
            network.add("public", network.us, f"We are on it. {n}", parent=rng.choice(theirs))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), acts=st.integers(1, 25))
def test_running_everything_again_changes_nothing(database: str, seed: int, acts: int) -> None:
    rng = random.Random(seed)
    with World(builders.workspace()).installed() as world:
        lives(world.network, rng, acts)
        bodies = [delivery.body for delivery in world.network.deliveries()]
        rng.shuffle(bodies)
        world.arrive(*bodies)
        worked()
        before, log = shown(world.workspace), world.log()
        assert again(world) == len(log)
        worked()
        assert shown(world.workspace) == before
        assert (world.log(), world.queue()) == (log, [])
        assert world.rows("SELECT count(*) FROM facts f WHERE kind = 'message.posted'") == world.rows(
            "SELECT count(DISTINCT payload -> 'message' ->> 'id') FROM facts WHERE kind = 'message.posted'"
        )


def deaf_to(word: str) -> Callable[[Tx, list[Parsed]], None]:
    """The pipeline with a bug that swallows what holds a word, without failing."""

    def handle(tx: Tx, batch: list[Parsed]) -> None:
        heard = [p for p in batch if not any(isinstance(s, Posted) and word in s.text for s in p.signals)]
        pipeline.handle(tx, heard)

    return handle


def texts(world: World) -> list[str]:
    return [
        text for (text,) in world.rows("SELECT text FROM messages WHERE channel_id = %s ORDER BY at", world.channel.id)
    ]


def said(world: World, *words: str) -> None:
    before = len(world.network.events)
    for number, word in enumerate(words):
        world.network.post(word, by=f"p{before + number}")
    world.arrive(*[delivery.body for delivery in world.network.deliveries(before)])


def test_what_a_bug_swallowed_appears_after_the_fix(world: World) -> None:
    said(world, "one?", "bug?", "two?")
    worked(deaf_to("bug"))
    assert texts(world) == ["one?", "two?"]
    assert again(world) == 3
    worked()
    assert texts(world) == ["one?", "bug?", "two?"]


def test_only_the_stretch_that_was_asked_for(
    world: World, other_workspace: builders.Workspace, clock_offset: Callable[[float], None]
) -> None:
    other = World(other_workspace)
    said(other, "elsewhere?")
    for hour in range(3):
        clock_offset(hour * 3600)
        said(world, f"hour {hour}?")
    worked(deaf_to("?"))
    start = clock.now() - timedelta(hours=2, minutes=30)
    stretch: dict[str, Any] = {"since": start + timedelta(hours=1), "until": start + timedelta(hours=2)}
    assert replay.count(Stretch(workspace=world.workspace.id, **stretch)) == 1
    assert world.queue() == [], "counting queues nothing"
    assert again(world, **stretch) == 1
    worked()
    assert (texts(world), texts(other)) == (["hour 1?"], [])
    assert sum(replay.do_replay(Stretch(channel=other.channel.id), plenty)) == 1
    worked()
    assert (texts(world), texts(other)) == (["hour 1?"], ["elsewhere?"])


def test_only_what_was_put_aside(world: World) -> None:
    said(world, "one?")
    world.arrive(b"not json")
    worked()
    assert replay.count(Stretch(workspace=world.workspace.id, dead_only=True)) == 1
    assert again(world, dead_only=True) == 1
    assert len(world.queue()) == 1
    worked()
    assert replay.count(Stretch(workspace=world.workspace.id, dead_only=True)) == 1, "it is as broken as before"


def test_it_waits_for_the_workers_piece_by_piece(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "AT_ONCE", 2)
    said(world, *[f"{n}?" for n in range(5)])
    worked(deaf_to("?"))
    seen: list[int] = []

    def room(waiting: Callable[[], int]) -> None:
        seen.append(waiting())
        worked()

    assert list(replay.do_replay(Stretch(workspace=world.workspace.id), room)) == [2, 2, 1]
    assert seen == [0, 2, 2, 1]
    assert len(texts(world)) == 5


def test_the_command_counts_and_queues(world: World, database: str) -> None:
    said(world, "one?", "two?")
    worked(deaf_to("?"))
    assert command(database, "--dry-run", "--channel", str(world.channel.id)) == "2 arrivals would run again.\n"
    assert world.queue() == []
    assert command(database, "--since", "2020-01-01", "--channel", str(world.channel.id)) == "2 arrivals run again.\n"
    worked()
    assert texts(world) == ["one?", "two?"]


def command(database: str, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "offhold.app.cli", "replay", *arguments], env={**os.environ, "DATABASE_URL": database},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
