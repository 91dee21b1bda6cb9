"""The webhook route as a network sees it: never 200 for what is not stored, never stored for what is not theirs."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from offhold.connectors.contract import Answered, Channel, Verdict, WebhookRequest
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.connectors.registry import networks
from offhold.intake import group, hooks, webhooks
from offhold.intake.tests.world import World
from offhold.intake.webhooks import MOST_BYTES, Webhooks
from offhold.kernel.db import raw
from offhold.kernel.db.tx import transaction
from tests.support import builders
from tests.support.parallel import in_thread


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


def body(text: str = "Where is my bag?") -> bytes:
    """What the network would send for one post."""
    network = FakeNetwork()
    network.post(text)
    return network.deliveries()[0].body


async def deliver(http: httpx.AsyncClient, world: World, content: bytes, **changed: str) -> int:
    headers = {**dict(world.signed(content).headers), **changed}
    return (await http.post(world.path, content=content, headers=headers)).status_code


async def test_a_signed_delivery_is_in_the_log_as_it_came(world: World, http: httpx.AsyncClient) -> None:
    said = body()
    assert await deliver(http, world, said) == 200
    assert world.log() == [said]


async def test_a_second_copy_is_taken_and_has_no_effect(world: World, http: httpx.AsyncClient) -> None:
    said = body()
    assert [await deliver(http, world, said) for _ in range(3)] == [200, 200, 200]
    assert world.log() == [said]
    assert len(world.queue()) == 1


async def test_forged_deliveries_are_refused_and_leave_nothing(
    world: World, http: httpx.AsyncClient, app: Webhooks
) -> None:
    said = body()
    right = dict(world.signed(said).headers)["x-fake-signature"]
    wrong_secret = dict(FakeNetwork.sign(said, "another secret").headers)["x-fake-signature"]
    forged = [wrong_secret, "", "sha256=", right[:-1], right.upper(), right + "0", "é", f"{right}, {right}"]
    for signature in forged:
        answer = await http.post(world.path, content=said, headers={b"x-fake-signature": signature.encode()})
        assert answer.status_code == 401, signature
    assert (await http.post(world.path, content=said)).status_code == 401
    twice = [("x-fake-signature", right), ("x-fake-signature", right)]
    assert (await http.post(world.path, content=said, headers=twice)).status_code == 401
    assert (await deliver(http, world, said + b" ", **{"x-fake-signature": right})) == 401
    assert world.log() == []
    await in_thread(app.pulse.flush)
    assert await in_thread(_forged, world) == len(forged) + 3


def _forged(world: World) -> int:
    with transaction(world.workspace.id) as tx:
        return int(tx.rows("SELECT forged FROM channel_health")[0][0])


async def test_mutated_signatures_are_never_accepted(world: World, http: httpx.AsyncClient) -> None:
    said = body()
    right = bytearray(dict(world.signed(said).headers)["x-fake-signature"].encode())
    for place in range(len(right)):
        bent = bytearray(right)
        bent[place] ^= 1
        answer = await http.post(world.path, content=said, headers={b"x-fake-signature": bytes(bent)})
        assert answer.status_code == 401, place
    assert world.log() == []


async def test_a_signature_for_another_companys_channel_counts_for_nothing(
    world: World, http: httpx.AsyncClient, other: World
) -> None:
    theirs = FakeNetwork.sign(body(), "the other company's own")
    answer = await http.post(world.path, content=theirs.body, headers=dict(theirs.headers))
    assert (answer.status_code, world.log(), other.log()) == (401, [], [])


async def test_the_same_body_for_two_channels_is_two_arrivals(
    world: World, http: httpx.AsyncClient, other: World
) -> None:
    said = body()
    assert [await deliver(http, world, said), await deliver(http, other, said)] == [200, 200]
    assert (world.log(), other.log()) == ([said], [said])


@pytest.mark.parametrize("token", ["", "nobody", "../hooks", "%00", "é", "x" * 2000])
async def test_an_unknown_address_is_404(world: World, http: httpx.AsyncClient, token: str) -> None:
    assert (await http.post(f"/hooks/{token}", content=body())).status_code == 404


async def test_a_paused_channel_takes_nothing(world: World, http: httpx.AsyncClient, owner_sql: Any) -> None:
    owner_sql("UPDATE channels SET paused = true WHERE id = %s", (world.channel.id,))
    assert await deliver(http, world, body()) == 404
    assert world.log() == []


async def test_packed_and_too_large_bodies_are_refused(world: World, http: httpx.AsyncClient) -> None:
    said = body()
    assert await deliver(http, world, said, **{"content-encoding": "gzip"}) == 415
    assert await deliver(http, world, said, **{"content-encoding": "identity"}) == 200
    assert await deliver(http, world, b"x" * (MOST_BYTES + 1)) == 413
    assert await deliver(http, world, said, **{"content-length": str(MOST_BYTES + 1)}) == 413
    assert world.log() == [said]


async def test_a_body_without_a_length_is_cut_at_the_limit(world: World, http: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000_000

    answer = await http.post(world.path, content=endless(), headers={"x-fake-signature": "none"})
    assert answer.status_code == 413


async def test_a_body_that_trickles_is_given_up(world: World, app: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "READ_SECONDS", 0.05)
    sent = await by_hand(app, world, waits=True)
    assert sent[0]["status"] == 408
    assert world.log() == []


async def test_a_sender_that_hangs_up_leaves_nothing(world: World, app: Webhooks) -> None:
    sent = await by_hand(app, world, waits=False)
    assert sent[0]["status"] == 400
    assert world.log() == []


async def by_hand(app: Webhooks, world: World, *, waits: bool) -> list[dict[str, Any]]:
    """A request whose body never ends: the sender stays silent, or hangs up."""
    messages = [{"type": "http.request", "body": b"{", "more_body": True}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        if waits:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await app({"type": "http", "method": "POST", "path": world.path, "headers": [], "query_string": b""}, receive, send)
    return sent


class Challenging(FakeConnector):
    """A network that asks whether we are there before it delivers."""

    def verify(self, channel: Channel, request: WebhookRequest) -> Verdict:
        if request.method == "GET" and "challenge" in request.query:
            return Answered(request.query["challenge"].encode(), "text/plain")
        return super().verify(channel, request)


async def test_a_challenge_is_answered_and_nothing_is_stored(world: World, http: httpx.AsyncClient) -> None:
    with networks.lend(Challenging(world.network)):
        answer = await http.get(world.path, params={"challenge": "abc 123"})
        assert (answer.status_code, answer.text, world.log()) == (200, "abc 123", [])
        assert (await http.get(world.path)).status_code == 401


async def test_a_network_whose_folder_is_gone_is_asked_to_wait(
    world: World, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.delitem(networks._loaded, "fake")
        assert await deliver(http, world, body()) == 503
    assert await deliver(http, world, body()) == 200


# --- the database is away, full, slow


@contextmanager
def held(database: str, table: str) -> Iterator[psycopg.Connection[Any]]:
    """Nobody else gets at this table within the block, or until the connection rolls back."""
    with psycopg.connect(database) as conn:
        conn.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
        yield conn
        conn.rollback()


async def waits_for_the_lock(conn: psycopg.Connection[Any], others: int = 1) -> None:
    """Until so many sessions of this database wait for what `conn` holds."""
    query = b"SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    async with asyncio.timeout(10):
        while (found := conn.execute(query).fetchone()) is None or found[0] < others:  # noqa: ASYNC110 - the server's
            await asyncio.sleep(0.01)


KILL = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND query LIKE %s"
)


async def test_an_address_cannot_be_looked_up_without_a_database(
    world: World, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = raw.parameters
    monkeypatch.setattr(raw, "parameters", lambda role: {**right(role), "port": 1})
    assert await deliver(http, world, body()) == 503
    monkeypatch.setattr(raw, "parameters", right)
    assert await deliver(http, world, body()) == 200


async def test_an_address_that_is_looked_up_too_long_is_503(
    world: World, http: httpx.AsyncClient, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "STORE_SECONDS", 0.2)
    with held(database, "channels"):
        before = time.monotonic()
        assert await deliver(http, world, body()) == 503
        assert time.monotonic() - before < 5


async def test_what_cannot_be_stored_is_503_and_comes_again(
    world: World, http: httpx.AsyncClient, owner_sql: Any
) -> None:
    said = body()
    name = owner_sql("SELECT current_database()")[0][0]
    try:
        owner_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')  # as a full disk or a standby
        assert [await deliver(http, world, said) for _ in range(2)] == [503, 503]
    finally:
        owner_sql(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    assert world.log() == []
    assert await deliver(http, world, said) == 200
    assert world.log() == [said]


async def test_a_slow_commit_is_503_in_time_and_stored_once_at_most(
    world: World, http: httpx.AsyncClient, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await deliver(http, world, body("warm")) == 200
    monkeypatch.setattr(webhooks, "STORE_SECONDS", 0.2)
    said = body("slow")
    with held(database, "arrivals"):
        assert await deliver(http, world, said) == 503
    monkeypatch.setattr(webhooks, "STORE_SECONDS", 5.0)
    assert await deliver(http, world, said) == 200
    assert world.log().count(said) == 1


# --- group commit


async def test_what_comes_during_a_commit_shares_the_next(
    world: World, http: httpx.AsyncClient, database: str, owner_sql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "STORE_SECONDS", 10.0)
    said = [body(f"{n} {secrets.token_hex(4)}") for n in range(120)]
    assert await deliver(http, world, said[0]) == 200
    with held(database, "arrivals") as lock:
        ahead = asyncio.create_task(deliver(http, world, said[1]))
        await waits_for_the_lock(lock)
        rest = [asyncio.create_task(deliver(http, world, one)) for one in said[2:]]
        await asyncio.sleep(0.05)  # let them queue; fewer only make the count below larger
        assert not any(task.done() for task in (ahead, *rest)), "200 before the commit"
    assert await asyncio.gather(ahead, *rest) == [200] * 119
    assert sorted(world.log()) == sorted(said)
    ((commits,),) = owner_sql(
        "SELECT count(DISTINCT xmin::text) FROM arrivals WHERE channel_id = %s", (world.channel.id,)
    )
    assert commits <= 4


async def test_a_failing_commit_fails_its_own_alone(
    world: World, http: httpx.AsyncClient, database: str, owner_sql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "STORE_SECONDS", 10.0)
    said = [body(f"{n} {secrets.token_hex(4)}") for n in range(12)]
    assert await deliver(http, world, said[0]) == 200
    with held(database, "arrivals") as lock:
        doomed = [asyncio.create_task(deliver(http, world, said[1]))]
        await waits_for_the_lock(lock)
        spared = [asyncio.create_task(deliver(http, world, one)) for one in said[2:]]
        await asyncio.sleep(0.05)
        owner_sql(KILL, ("%INTO arrivals%",))
        assert await asyncio.gather(*doomed) == [503]
    assert await asyncio.gather(*spared) == [200] * 10
    assert sorted(world.log()) == sorted([said[0], *said[2:]])


async def test_stopping_commits_what_waits(world: World, http: httpx.AsyncClient, app: Webhooks, database: str) -> None:
    assert await deliver(http, world, body("warm")) == 200
    said = [body(f"{n}") for n in range(5)]
    with held(database, "arrivals") as lock:
        first = asyncio.create_task(deliver(http, world, said[0]))
        await waits_for_the_lock(lock)
        rest = [asyncio.create_task(deliver(http, world, one)) for one in said[1:]]
        await asyncio.sleep(0.05)
        stopping = asyncio.create_task(app.stop())
    assert await asyncio.gather(first, *rest) == [200] * 5
    await stopping
    assert len(world.log()) == 6
    assert await deliver(http, world, body("late")) == 503


async def test_a_database_that_says_nothing_is_given_up(
    world: World, http: httpx.AsyncClient, app: Webhooks, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits behind a commit that hangs is stored by a new connection, and 503 until then."""
    monkeypatch.setattr(group, "LOST_AFTER", 0.3)
    assert await deliver(http, world, body("warm")) == 200
    line = app._commit._line if app._commit else None
    with held(database, "arrivals"):
        assert await deliver(http, world, body("hangs")) == 503
        assert line is not None
        assert line.closed
    assert await deliver(http, world, body("after")) == 200


async def test_large_bodies_go_in_groups_of_their_own(
    world: World, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a socket takes at once, and more than a group holds."""
    monkeypatch.setattr(group, "MOST_BYTES_AT_ONCE", 5_000_000)
    monkeypatch.setattr(webhooks, "STORE_SECONDS", 20.0)
    said = [body("large").replace(b"large", secrets.token_hex(1_900_000).encode()) for _ in range(3)]
    assert await asyncio.gather(*(deliver(http, world, one) for one in said)) == [200] * 3
    assert sorted(world.log()) == sorted(said)


async def test_no_room_is_503_at_once(world: World, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "MOST_WAITING", 0)
    assert await deliver(http, world, body()) == 503
    assert world.log() == []


async def test_an_address_in_use_is_looked_up_beside_the_deliveries(
    world: World, http: httpx.AsyncClient, database: str, owner_sql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No delivery waits for the renewal, and a pause is noticed by it."""
    monkeypatch.setattr(hooks, "RENEW_SECONDS", 0.0)
    assert await deliver(http, world, body("first")) == 200
    with held(database, "channels"):
        async with asyncio.timeout(2):
            assert [await deliver(http, world, body(str(n))) for n in range(3)] == [200] * 3
    owner_sql("UPDATE channels SET paused = true WHERE id = %s", (world.channel.id,))
    async with asyncio.timeout(hooks.KEPT_SECONDS):
        while await deliver(http, world, body("on")) != 404:  # noqa: ASYNC110 - the renewal's
            await asyncio.sleep(0.01)


async def test_many_deliveries_share_the_first_look_up(
    world: World, http: httpx.AsyncClient, app: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    look_up = app.hooks._look_up

    def counted(token: str) -> Channel | None:
        asked.append(token)
        return look_up(token)

    monkeypatch.setattr(app.hooks, "_look_up", counted)
    assert await asyncio.gather(*(deliver(http, world, body(str(n))) for n in range(20))) == [200] * 20
    assert len(asked) == 1
