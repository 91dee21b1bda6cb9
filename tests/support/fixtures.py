"""The fixtures every test may ask for. Pure tests ask for none, and then no database is started."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from django.db import connections

from tests.support import builders
from tests.support.database import Server, acting, point_django_at, serving
from tests.support.site import serving_http

OwnerSql = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """A PostgreSQL with the migrated template; `copy()` gives a process of its own a database of its own."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def database(database_server: Server) -> str:
    """This process's database: Django is connected to it as `offhold_app`. Returns the owner's connection string."""
    url = database_server.copy()
    point_django_at(url, "app")
    return url


@pytest.fixture
def workspace(database: str) -> builders.Workspace:
    """A workspace nobody else uses, with its clock and one queue. Tests keep apart by this, nothing is truncated."""
    return builders.workspace()


@pytest.fixture
def other_workspace(database: str) -> builders.Workspace:
    """A second company, for tests of what must not cross."""
    return builders.workspace("Other company")


@pytest.fixture(scope="session")
def site(database: str) -> Iterator[str]:
    """The address of the real application on a free port."""
    with serving_http() as address:
        yield address


@pytest.fixture
def owner_sql(database: str) -> Iterator[OwnerSql]:
    """Run a statement as the tables' owner, who sees every workspace; committed at once. Returns the rows, if any."""
    with psycopg.connect(database, autocommit=True) as conn:

        def run(query: str, params: Any = None) -> list[tuple[Any, ...]]:
            cursor = conn.execute(query.encode(), params)
            return cursor.fetchall() if cursor.description else []

        yield run


@pytest.fixture
def as_pipeline(database: str) -> Iterator[None]:
    """This test's thread acts as the worker (`offhold_pipeline`); other threads: `database.acting("pipeline")`."""
    with acting("pipeline"):
        yield


@pytest.fixture
def clock_offset() -> Iterator[Callable[[float], None]]:
    """Move business time: `clock_offset(seconds)` says how far it is ahead of the machine's, until the test ends."""
    file = Path(os.environ["OFFHOLD_CLOCK_FILE"])

    def move(seconds: float) -> None:
        fresh = file.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(file)  # a reader sees the old number or the new one, never half of it

    yield move
    file.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _connections_are_given_back() -> Iterator[None]:
    """A test that leaves a transaction open would hand its locks to the next one; a thread that ends with a connection
    keeps it from the pool for ever, and some later test, which did nothing wrong, gets none."""
    before = _lent()
    yield
    if connections["default"].connection is not None and connections["default"].in_atomic_block:
        connections["default"].close()
        pytest.fail("the test left a transaction open")
    until = monotonic() + 5
    while _lent() > before and monotonic() < until:  # a request of the test's browser may still be ending
        sleep(0.02)
    if (kept := _lent() - before) > 0:
        pytest.fail(f"the test left {kept} connections that no thread can give back (see tests/support/parallel.py)")


def _lent() -> int:
    """How many connections of the pool other threads than this one hold."""
    mine = connections["default"]
    pool = mine._connection_pools.get(mine.alias)  # type: ignore[attr-defined]  # `pool` would make one
    if pool is None or pool.closed:  # one that nobody opened counts the connections that it means to have
        return 0
    now = pool.get_stats()
    return int(now["pool_size"] - now["pool_available"] - (mine.connection is not None))
