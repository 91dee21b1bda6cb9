"""The worker dies as `kill -9` does it, sessions are cut, the web process falls: nothing is lost, nothing is double.

The network is also asked what there is, so a webhook that was lost after its 200 would come in all the same. The tests
at the end therefore look at webhooks alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx
import psycopg
import pytest

from offhold.app.embedded.process import Process
from offhold.networks.sandbox.signature import sign
from tests.journeys.town import Town, town, until
from tests.support.database import Server

pytestmark = pytest.mark.slow

CUSTOMERS = [f"rider{n}" for n in range(25)]
SESSIONS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Desk:
    """The desk's tables, as their owner sees them."""

    def __init__(self, conn: psycopg.Connection[Any], url: str) -> None:
        self._conn = conn
        self.url = url  # what the connection says of itself leaves out the password
        self.said: list[str] = []  # ids of all that customers ever said

    def one(self, query: str, *params: Any) -> Any:
        row = self._conn.execute(query.encode(), params).fetchone()
        return row[0] if row else None

    def held(self) -> list[str]:
        """Network ids of all customers' messages, as often as they are there."""
        rows = self._conn.execute("SELECT network_id FROM messages WHERE identity_id IS NOT NULL")
        return sorted(name for (name,) in rows)

    def waiting(self) -> int:
        return int(self.one("SELECT count(*) FROM arrival_queue"))


@pytest.fixture(scope="module")
def stage(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Desk]]:
    url = database_server.copy()
    with town(url, tmp_path_factory.mktemp("town")) as made, psycopg.connect(url, autocommit=True) as conn:
        for handle in CUSTOMERS:
            made.joins(handle)
        yield made, Desk(conn, url)


def a_wave(stage: Town, size: int, rng: random.Random) -> list[str]:
    """Customers say this much at once, in public and in private; the ids on the network."""
    acts = []
    for n in range(size):
        who, text = rng.choice(CUSTOMERS), f"Where is my bag? {n} {rng.random()}"
        public = {"who": who, "do": "post", "text": f"@northair {text}"}
        acts.append(public if rng.random() < 0.6 else {"who": who, "do": "direct", "text": text, "to": "northair"})
    return [done["id"] for done in stage.network.control.act(*acts)]


def nothing_lost_nothing_double(desk: Desk) -> None:
    said = desk.said
    until(lambda: len(desk.held()) >= len(said) and not desk.waiting(), 120, what="everything in the desk")
    assert desk.held() == sorted(said)
    posted = desk.one("SELECT count(*) FROM facts WHERE kind = 'message.posted'")
    assert posted == len(said), "each was told to screens once"
    assert desk.one("SELECT count(*) FROM cases") == desk.one("SELECT count(DISTINCT identity_id) FROM messages")
    assert desk.one("SELECT sum(messages) FROM cases") == len(said)
    assert desk.one("SELECT count(*) FROM dead_letters") == 0
    counted = "SELECT sum(open) = (SELECT count(*) FROM cases WHERE state = 'open') FROM queue_counters"
    assert desk.one(counted) is True


def kill(process: Process) -> None:
    """As the kernel does it when memory is short; then a new one starts."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    until(process.ended, 10, 0.01, "its end")


def _more_than(desk: Desk, before: int) -> bool:
    return len(desk.held()) > before


def test_a_worker_killed_in_the_middle_of_its_work(stage: tuple[Town, Desk]) -> None:
    town_, desk = stage
    rng = random.Random(482)
    for _ in range(3):
        before = len(desk.held())
        desk.said += a_wave(town_, 120, rng)
        until(partial(_more_than, desk, before), 60, 0.005, "the worker at work")
        kill(town_.desk.worker)
        town_.desk.start_one(town_.desk.worker)
    nothing_lost_nothing_double(desk)


def test_a_web_process_killed_while_the_network_delivers(stage: tuple[Town, Desk]) -> None:
    town_, desk = stage
    rng = random.Random(484)
    for _ in range(3):
        desk.said += a_wave(town_, 60, rng)
        kill(town_.desk.web)
        town_.desk.start_one(town_.desk.web)
    nothing_lost_nothing_double(desk)


def test_every_session_cut_while_the_network_delivers(stage: tuple[Town, Desk]) -> None:
    """Also the worker's LISTEN: it listens again, and finds what came while it was deaf."""
    town_, desk = stage
    rng = random.Random(486)
    cut = 0
    for _ in range(4):
        desk.said += a_wave(town_, 40, rng)
        cut += desk.one(SESSIONS)
        desk.said += a_wave(town_, 5, rng)
    nothing_lost_nothing_double(desk)
    assert cut >= 3
    assert town_.desk.worker.ended() is None


class Sender:
    """Deliveries that say nothing, signed as the network's, on connections of their own."""

    def __init__(self, stage: Town) -> None:
        self._secret, self._account = stage.company.typed["webhook_secret"], stage.company.account_id
        address = stage.cast["alice"].sees(f"/channels/{stage.channel}/hook")["url"]
        self._url = stage.desk.url + address[address.index("/hooks/") :]
        self._pool = ThreadPoolExecutor(16)
        self._number = 0
        self._lock = threading.Lock()

    def deliver(self) -> Future[bytes | None]:
        """Comes to the body's hash if it was acknowledged, None if not."""
        with self._lock:
            self._number += 1
        whole = {"account": self._account, "cursor": "0", "events": [], "context": f"{self._number} {random.random()}"}
        return self._pool.submit(self._acked, json.dumps(whole).encode())

    def _acked(self, body: bytes) -> bytes | None:
        headers = {"content-type": "application/json", "x-sandbox-signature": sign(body, self._secret).decode()}
        try:
            answer = httpx.post(self._url, content=body, headers=headers, timeout=30)
        except httpx.TransportError:
            return None
        assert answer.status_code in (200, 503), answer.status_code
        return hashlib.sha256(body).digest() if answer.status_code == 200 else None


def in_the_log(desk: Desk, keys: set[bytes]) -> set[bytes]:
    rows = desk._conn.execute("SELECT sha256(body) FROM arrivals WHERE sha256(body) = ANY(%s)", (list(keys),))
    return {bytes(key) for (key,) in rows}


def test_nothing_is_acknowledged_before_its_commit(stage: tuple[Town, Desk]) -> None:
    """The commit hangs, then the database's session and the web die before it: no delivery may have heard 200."""
    town_, desk = stage
    sender = Sender(town_)
    assert sender.deliver().result(30)
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid)) AND query LIKE '%%arrivals%%'"
    )
    with psycopg.connect(desk.url) as holder:
        holder.execute("LOCK TABLE arrivals IN ACCESS EXCLUSIVE MODE")
        deliveries = [sender.deliver() for _ in range(12)]
        until(lambda: desk.one(waiting, holder.info.backend_pid), 20, 0.01, "a commit that waits")
        time.sleep(0.5)  # an acknowledgement that comes too early comes now
        assert not any(delivery.done() for delivery in deliveries), "answered before the commit"
        kill(town_.desk.web)
        blocked = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        desk.one(blocked, holder.info.backend_pid)
        holder.rollback()
    town_.desk.start_one(town_.desk.web)
    acked = {key for delivery in deliveries if (key := delivery.result(60))}
    assert in_the_log(desk, acked) == acked  # the new process took what still waited at the door


def answered_by(deliveries: list[Future[bytes | None]], enough: int) -> None:
    until(lambda: sum(one.done() for one in deliveries) >= enough, 30, 0.001, "some answers")


def test_every_acknowledged_delivery_survives_the_web_process(stage: tuple[Town, Desk]) -> None:
    """Killed at any moment of a stream of deliveries, three times."""
    town_, desk = stage
    sender, rng = Sender(town_), random.Random(488)
    acked: set[bytes] = set()
    for _ in range(3):
        deliveries = [sender.deliver() for _ in range(60)]
        answered_by(deliveries, rng.randrange(5, 40))
        kill(town_.desk.web)
        town_.desk.start_one(town_.desk.web)
        acked |= {key for delivery in deliveries if (key := delivery.result(60))}
    assert len(acked) > 30
    assert in_the_log(desk, acked) == acked
