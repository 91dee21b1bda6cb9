"""The shortest way of a delivery: what needs nothing but storing, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from offhold.intake import webhooks
from offhold.intake.tests.delivering import body
from offhold.intake.tests.world import World
from offhold.intake.webhooks import Head, Webhooks
from tests.support import builders


@pytest.fixture
def world(workspace: builders.Workspace) -> Iterator[World]:
    with World(workspace).installed() as made:
        yield made


@pytest.fixture
async def app(world: World) -> AsyncIterator[Webhooks]:
    """One that knows the address already."""
    made = Webhooks()
    assert await made.hooks.find(world.path.removeprefix(webhooks.PREFIX)) is not None
    yield made
    await made.stop()
    if made.hooks._conn is not None:
        made.hooks._conn.close()


def head(world: World, content: bytes, **more: str) -> Head:
    signed = {**dict(world.signed(content).headers), **more}
    return [(name.encode(), value.encode()) for name, value in signed.items()]


async def test_a_signed_delivery_is_stored_once(world: World, app: Webhooks) -> None:
    said = body()
    for _ in range(2):
        storing = app.at_once(world.path, head(world, said), said)
        assert storing is not None
        await storing
        assert world.log() == [said]


async def test_all_that_needs_words_goes_the_usual_way(
    world: World, app: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, other = body(), body("Not what was signed")
    asked = [
        (world.path + "x", head(world, said), said),
        (world.path + "?a=b", head(world, said), said),
        (world.path, head(world, other), said),
        (world.path, head(world, said, **{"content-encoding": "gzip"}), said),
        (world.path, head(world, said, **{"content-length": "5000000"}), said),
    ]
    assert [app.at_once(*one) for one in asked] == [None] * len(asked)
    monkeypatch.setattr(webhooks, "MOST_BYTES", len(said) - 1)
    assert app.at_once(world.path, head(world, said), said) is None
    assert world.log() == []
    assert app.pulse._beats == {}  # counted where it is refused, and once


async def test_no_room_goes_the_usual_way(world: World, app: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offhold.intake.group.MOST_WAITING", 0)
    assert app.at_once(world.path, head(world, body()), body()) is None
    assert world.log() == []
