"""What comes during a commit shares the next; a database that is away, full or slow costs no delivery."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from offhold.connectors.contract import Channel
from offhold.intake import group, hooks, webhooks
from offhold.intake.tests.delivering import body, deliver
from offhold.intake.tests.world import World
from offhold.intake.webhooks import Webhooks
from offhold.kernel.db import raw


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
