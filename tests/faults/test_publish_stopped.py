"""Publishing is stopped in full flight: two senders, a real server that counts what reaches it by its own clock."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from offhold.channels.credentials import do_store_secrets
from offhold.connectors.fake.egress import BASE
from offhold.kernel import clock
from offhold.people.actors import Actor
from offhold.publishing import stopped, stopping, stops, unsent
from offhold.publishing.stopped import Effect
from offhold.publishing.stops import By, StopAsk
from offhold.publishing.tests.world import World, wait_for
from tests.faults.publish_victim import FileNetwork, taken
from tests.faults.test_publish_killed import ROOT, sender
from tests.support import builders
from tests.support.parallel import given_back

EACH = 45  # replies meant on each of four channels
RATE = 110.0  # requests a second of each of two senders


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made


def beside(world: World, account: str) -> World:
    """Another channel of the same company, with customers of its own."""
    other = World()
    other.company = world.company
    made = builders.channel(world.company, network="fake", account_id=account, sending=True)
    with other.tx() as tx:
        do_store_secrets(tx, world.company.id, made.id, other.network.channel(made.id, world.company.id).secrets)
        tx.run("UPDATE channel_health SET state = 'ok' WHERE channel_id = %s", (made.id,))
    other.channel_id = made.id
    return other


class Server:
    """The networks of some worlds over HTTP. `opened`: when each socket was; `came`: when each request was here,
    and the key it bore."""

    def __init__(self, *worlds: World) -> None:
        self.networks = [world.network for world in worlds]
        self.came: list[tuple[datetime, str]] = []
        self.opened: list[datetime] = []
        self.place = ""
        self._ready = threading.Event()

    @contextmanager
    def serving(self) -> Iterator[Server]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._run, args=(loop,))
        thread.start()
        assert self._ready.wait(10)
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        listening = loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", 0))
        self.place = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        self._ready.set()
        loop.run_forever()
        listening.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened.append(clock.now())
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                at = clock.now()
                first, *lines = head.split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines if line)
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                if body:
                    self.came.append((at, msgspec.json.decode(body)["key"]))
                await asyncio.sleep(0.03)  # as long as a network takes
                status, content = await self._answer(first, lines, body)
                writer.write(f"HTTP/1.1 {status} OK\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # whoever called has gone
        finally:
            writer.close()

    async def _answer(self, first: str, lines: list[str], body: bytes) -> tuple[int, bytes]:
        method, path, _ = first.split(" ")
        parent = msgspec.json.decode(body).get("parent") if body else None
        network = next((one for one in self.networks if parent in one.items), self.networks[0])
        login = next(line.split(": ", 1)[1] for line in lines if line.lower().startswith("authorization"))
        answer = await network.egress.request(
            method, BASE + path, headers={"authorization": login}, content=body or None
        )
        return answer.status, answer.body


@contextmanager
def senders(database: str, place: str, tap: Path, count: int) -> Iterator[None]:
    env = {**os.environ, "DATABASE_URL": database, "OFFHOLD_DATABASE_ROLE": "pipeline", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.faults.stop_sender", place, str(tap), str(RATE)]
    running = [subprocess.Popen(command, cwd=ROOT, env=env) for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait(10)


def halt(world: World) -> Effect:
    ask = StopAsk(scope="workspace", reason="Wrong gate announced", lasts=timedelta(hours=1))
    return stopped.halt(world.company.id, By(1, "Carol"), ask)


def confirmed(world: World, done: Effect) -> Effect:
    """Once every sender said so. On a machine that is full this may be later than the second that `halt` waits, and the
    desk then says who has not; the figure is `offhold bench stop`'s."""
    wait_for(lambda: stopped_effect(world, done).confirmed, 30, lambda: stopped_effect(world, done).unconfirmed)
    return stopped_effect(world, done)


def states(world: World) -> dict[str, str]:
    """How each reply stands, by the key it bears on the network."""
    return dict(world.all("SELECT key, state FROM public_replies"))


def meant(world: World, worlds: list[World], mia: Actor) -> None:
    """Customers ask on every channel, and each is answered."""
    for number, one in enumerate(worlds):
        asked = [one.network.post("Where is my bag?", by=f"customer{number}-{n}") for n in range(EACH)]
        one.hear()
        found = dict(world.all("SELECT network_id, case_id FROM messages WHERE channel_id = %s", one.channel_id))
        for post in asked:
            one.say(found[post], by=mia)


def test_nothing_leaves_after_the_acknowledgement(world: World, database: str, tmp_path: Path) -> None:
    """Two senders have many attempts in hand and open 200 sockets a second when the stop comes."""
    worlds = [world, *(beside(world, f"us-{n}") for n in range(3))]
    mia, tap = world.person(), tmp_path / "tap"
    meant(world, worlds, mia)
    with Server(*worlds).serving() as server, senders(database, server.place, tap, 2):
        begun = "SELECT count(*) FROM public_replies WHERE state = 'sending'"
        wait_for(lambda: world.one(begun) == (len(worlds) * EACH,), 120, lambda: world.one(begun))
        tap.touch()
        wait_for(lambda: len(server.came) >= len(worlds) * EACH // 2, 60, lambda: len(server.came))
        done = confirmed(world, halt(world))
        assert done.stop.confirmed_at is not None
        moving = {"intent", "held", "sending", "unknown", "reconciling"}
        wait_for(lambda: not moving & {*states(world).values()}, 120, lambda: Counter(states(world).values()))
        took = (done.stop.confirmed_at - done.stop.at).total_seconds()
        rate = sum(done.stop.at - timedelta(seconds=1) < at < done.stop.at for at in server.opened)
        escaped = [one.reply for one in stopped_effect(world, done).escaped]
        by_state = {state: {key for key, one in states(world).items() if one == state} for state in ("sent", "review")}
        print(
            f"{rate} sockets in the second before; confirmed after {took:.3f} s; {len(escaped)} escaped,"
            f" {len(by_state['review'])} held back"
        )
        assert [at for at in server.opened if at > done.stop.confirmed_at] == []
        # what had left a sender may still lie in the kernel's buffers: that is what escaped means
        named = {world.one("SELECT key FROM public_replies WHERE id = %s", int(one.id))[0] for one in escaped}
        assert [key for at, key in server.came if at > done.stop.confirmed_at and key not in named] == []
        bore = [key for _, key in server.came]
        assert len(bore) == len(set(bore))  # nothing twice
        assert by_state["sent"] == set(bore)  # whatever was there is known, and nothing else is said to be
        assert len(by_state["sent"]) + len(by_state["review"]) == len(worlds) * EACH  # nothing lost
        assert by_state["review"], "the stop came too late to hold anything back"
        assert {one.state for one in escaped} <= {"sent"}
        _go_on(world, server, done, mia)


def _go_on(world: World, server: Server, done: Effect, mia: Actor) -> None:
    """Lifted: nothing goes by itself; what somebody lets go, goes."""
    with world.tx() as tx:
        stops.do_lift(tx, world.company.id, By(1, "Carol"), int(done.stop.id))
    reply, case = world.one("SELECT id, case_id FROM public_replies WHERE state = 'review' ORDER BY id LIMIT 1")
    before, seen = len(server.came), world.version(case)
    with world.tx() as tx:
        unsent.release_public(tx, mia, reply, seen)
    world.until(reply, "sent", seconds=30)
    assert len(server.came) == before + 1


def test_a_stop_waits_for_no_sweep(world: World, database: str) -> None:
    """A sender that puts one company's replies before a person, and has to wait for a row, confirms another's stop."""
    builders.holds(world.company, public=120)
    case, other = world.asked_in_public(), World()
    reply = world.say(case)
    with psycopg.connect(database) as other_desk, _looking(database) as conn, world.sending() as sender:
        other_desk.execute("SELECT 1 FROM cases WHERE id = %s FOR UPDATE", (case,))
        with world.tx() as tx:
            wanted = StopAsk(scope="workspace", reason="Wrong gate announced", lasts=timedelta(hours=1))
            stops.do_stop(tx, world.company.id, By(1, "Carol"), wanted)
        wait_for(lambda: _waits_for_a_row(conn))
        done = halt(other)
        assert sender.name not in {one.holder for one in done.unconfirmed}
        assert _waits_for_a_row(conn)
        other_desk.rollback()
        world.until(reply, "review")


def test_a_confirmation_waits_for_nobody_who_tells_screens(world: World, database: str) -> None:
    """Every reply that ends holds the workspace's clock for a moment; a sender that has shut its door says so all the
    same."""
    stopping.beat("a sender")
    with world.tx() as tx:
        wanted = StopAsk(scope="workspace", reason="Wrong gate announced", lasts=timedelta(hours=1))
        stop = stops.do_stop(tx, world.company.id, By(1, "Carol"), wanted)
    (to_confirm,) = [one for one in stopping.beat("a sender") if one.workspace_id == world.company.id]
    confirmed = "SELECT confirmed_at FROM stop_confirmations WHERE stop_id = %s AND holder = 'a sender'"
    with ThreadPoolExecutor(1) as thread, psycopg.connect(database) as conn:
        conn.execute("SELECT 1 FROM workspace_clock WHERE workspace_id = %s FOR UPDATE", (world.company.id,))
        confirming = thread.submit(given_back, stopping.confirm, "a sender", to_confirm, [])
        wait_for(lambda: world.one(confirmed, int(stop.id)) != (None,), 8)
        conn.rollback()
        confirming.result(10)
    stopping.leave("a sender")


def _looking(database: str) -> psycopg.Connection[Any]:
    """Sees what the server does now: inside a transaction it would see one moment alone."""
    return psycopg.connect(database, autocommit=True)


def _waits_for_a_row(conn: psycopg.Connection[Any]) -> bool:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return conn.execute(waiting).fetchone() is not None


def stopped_effect(world: World, done: Effect) -> Effect:
    with world.tx() as tx:
        return stopped.effect(tx, world.company.id, int(done.stop.id))


def test_a_sender_killed_before_the_socket_is_named_and_nothing_is_lost(
    world: World, database: str, tmp_path: Path
) -> None:
    network = tmp_path / "network.jsonl"
    world.connector = FileNetwork(network)
    reply = world.say(world.asked_in_public())
    with sender(database, network, "before"):
        wait_for(network.with_suffix(".reached").exists, 30)
    done = halt(world)
    (holder,) = world.one("SELECT holder FROM channel_writers")
    assert not done.confirmed
    assert holder in {one.holder for one in done.unconfirmed}
    assert [one.reply.id for one in done.escaped] == [str(reply)]  # nobody can say yet
    with sender(database, network):
        world.until(reply, "needs_human", seconds=60)
    assert taken(network) == []
