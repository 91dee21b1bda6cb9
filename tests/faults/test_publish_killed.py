"""The sender is killed, as `kill -9` does it, at the two moments that matter: the message is out once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from offhold.publishing.tests.test_threads import POSTS, long_answer, states
from offhold.publishing.tests.world import World, wait_for
from tests.faults.publish_victim import FileNetwork, taken

ROOT = Path(__file__).parents[2]


@contextmanager
def sender(database: str, network: Path, stop: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A sender in a process of its own. It is killed when the block ends."""
    command = [sys.executable, "-m", "tests.faults.publish_victim", str(network), *([stop] if stop else [])]
    env = {**os.environ, "DATABASE_URL": database, "OFFHOLD_DATABASE_ROLE": "pipeline", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made


def meant(world: World, audience: str) -> int:
    return world.say(world.asked_in_public()) if audience == "public" else world.whisper(world.asked_in_private())


@pytest.mark.parametrize("audience", ["public", "private"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_around_the_socket(
    world: World, database: str, tmp_path: Path, moment: str, audience: str, owner_sql: Any
) -> None:
    network = tmp_path / "network.jsonl"
    world.connector = FileNetwork(network)
    reply = meant(world, audience)
    with sender(database, network, moment):
        wait_for(network.with_suffix(".reached").exists, 30)
        assert world.state(reply) == "sending"  # committed before the network was spoken to
    assert len(taken(network)) == (1 if moment == "after" else 0)
    with sender(database, network):
        world.until(reply, "sent", seconds=30)
    assert [(said["audience"], said["key"]) for said in taken(network)] == [(audience, key_of(world, reply, audience))]
    table = "public_attempts" if audience == "public" else "direct_attempts"
    outcomes = owner_sql(f"SELECT outcome FROM {table} WHERE reply_id = %s ORDER BY n", (reply,))
    assert outcomes == ([("Crashed",)] if moment == "after" else [("Crashed",), ("Confirmed",)])


def test_killed_at_every_part_of_a_long_answer(world: World, database: str, tmp_path: Path) -> None:
    """Each time the network has just taken a part: it is found, and the next one goes."""
    network = tmp_path / "network.jsonl"
    world.connector = FileNetwork(network)
    head = long_answer(world)
    for part in (1, 2, 3):
        with sender(database, network, "after"):
            wait_for(network.with_suffix(".reached").exists, 30)
            assert len(taken(network)) == part
        network.with_suffix(".reached").unlink()
    with sender(database, network):
        wait_for(lambda: states(world, head) == ["sent"] * 3, 30)
    assert [said["text"] for said in taken(network)] == POSTS


def key_of(world: World, reply: int, audience: str) -> str:
    return (world.public_reply(reply) if audience == "public" else world.direct_reply(reply)).key


def test_the_next_sender_waits_for_the_dead_ones_lease(world: World, database: str, tmp_path: Path) -> None:
    """A dead writer's lease is honoured: until it ends nobody else speaks for the channel."""
    network = tmp_path / "network.jsonl"
    world.connector = FileNetwork(network)
    first = meant(world, "public")
    with sender(database, network, "before"):
        wait_for(network.with_suffix(".reached").exists, 30)
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("UPDATE channel_writers SET until = clock_timestamp() + interval '1 hour'")
        second = meant(world, "private")
        with sender(database, network) as process:
            wait_for(lambda: _listens(conn), 30)
            wait_for(lambda: _due(world, second), 10)
            assert (world.state(first), world.state(second)) == ("sending", "intent")
            assert process.poll() is None
            conn.execute("UPDATE channel_writers SET until = '-infinity'")
            conn.execute("NOTIFY offhold_replies")
            world.until(second, "sent", seconds=30)
            world.until(first, "sent", seconds=30)
    assert sorted(said["audience"] for said in taken(network)) == ["private", "public"]


def _listens(conn: psycopg.Connection[Any]) -> bool:
    found = conn.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN offhold_replies%'").fetchone()
    return found is not None and found[0] > 0


def _due(world: World, reply: int) -> bool:
    return world.one("SELECT next_at < now() FROM direct_replies WHERE id = %s", reply) == (True,)
