"""A company whose network delivers to the desk's own address, in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from offhold.intake.tests.world import World
from offhold.intake.webhooks import Webhooks
from tests.support import builders


@pytest.fixture
def world(workspace: builders.Workspace) -> Iterator[World]:
    with World(workspace).installed() as made:
        yield made


@pytest.fixture
def other(other_workspace: builders.Workspace) -> World:
    return World(other_workspace)


@pytest.fixture
async def app() -> AsyncIterator[Webhooks]:
    made = Webhooks()
    yield made
    await made.stop()
    if made.hooks._conn is not None:
        made.hooks._conn.close()


@pytest.fixture
async def http(app: Webhooks) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client:
        yield client
