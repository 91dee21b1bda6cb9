"""A reply that is meant is sent, once, seen on the timeline, and answers the case."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from offhold.publishing.tests.world import World

Move = Callable[[float], None]


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made


def test_a_public_reply_is_sent(world: World) -> None:
    case = world.asked_in_public()
    reply = world.say(case, "It is in Lisbon.")
    with world.sending():
        world.until(reply, "sent")
    assert world.network.published("public") == ["It is in Lisbon."]
    assert world.network.published("private") == []


def test_a_direct_reply_is_sent(world: World) -> None:
    case = world.asked_in_private()
    reply = world.whisper(case, "XK7QP2 is in Lisbon.")
    with world.sending():
        world.until(reply, "sent")
    assert world.network.published("private") == ["XK7QP2 is in Lisbon."]
    assert world.network.published("public") == []
