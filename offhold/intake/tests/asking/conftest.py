"""What stories of asking networks begin with: a channel, and a worker that holds its lane."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from offhold.intake.consume import Hold
from offhold.intake.sources import Watched
from offhold.intake.tests.asking.watch import acted, as_worker, take, watch
from offhold.intake.tests.world import World
from tests.support import builders
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


@pytest.fixture
def hold(database: str) -> Hold:
    held: Hold = as_worker(take, "a")
    return held


@pytest.fixture
def watched(world: World, hold: Hold) -> Watched:
    return watch(world, hold)
