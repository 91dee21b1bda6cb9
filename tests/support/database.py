"""The database of a test run: a throw-away PostgreSQL, migrated once as owner, used as `offhold_app`.

A test that ran as owner would never see row-level security, so nothing here gives Django the owner's rights except the
one migration of the template. Each process of a run gets its own copy of that template.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend
from psycopg import conninfo, sql

from offhold.app.database import django_database, start_options
from offhold.app.embedded.home import Home
from offhold.app.embedded.postgres import Tuning, running
from offhold.kernel.db import roles

# Where tests find a server of their own choice: a connection URL of a role that may create databases and roles.
OWN_SERVER = "OFFHOLD_TEST_DATABASE_URL"


class Server:
    """A PostgreSQL server with the migrated template on it. `owner_url` connects to its maintenance database."""

    def __init__(self, owner_url: str) -> None:
        self.owner_url = owner_url
        self.template = f"offhold_test_{os.getpid()}_{secrets.token_hex(3)}"
        self._copies = 0

    def url(self, database: str) -> str:
        """The owner's connection string for one of the databases here; processes under test get it as DATABASE_URL."""
        return conninfo.make_conninfo(self.owner_url, dbname=database)

    def make_template(self) -> None:
        """Create the roles and the template, and run every migration on it as owner."""
        with psycopg.connect(self.owner_url, autocommit=True) as conn:
            roles.create(conn)
            conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.template)))
        point_django_at(self.url(self.template), "owner")
        call_command("migrate", verbosity=0, interactive=False)
        disconnect()

    def copy(self) -> str:
        """A fresh database with every table and no row, as its owner's connection string."""
        self._copies += 1
        name = f"{self.template}_{self._copies}"
        with psycopg.connect(self.owner_url, autocommit=True) as conn:
            conn.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(self.template))
            )
        return self.url(name)

    def drop(self) -> None:
        """Remove all that was made here, whoever is still connected."""
        disconnect()
        names = [self.template, *(f"{self.template}_{n + 1}" for n in range(self._copies))]
        for name in names:
            drop_database(self.owner_url, name)


def drop_database(owner_url: str, name: str) -> None:
    """Remove a database, whoever is connected. A worker that cleans up in it just then belongs to the server and not to
    us, and may not be sent away: it has soon done."""
    until = monotonic() + 60
    with psycopg.connect(owner_url, autocommit=True) as conn:
        while True:
            try:
                conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege:
                if monotonic() > until:
                    raise
                sleep(0.2)
            else:
                return


@contextmanager
def serving() -> Iterator[Server]:
    """A server with a migrated template: the one named by the environment, else an embedded one that is thrown away."""
    with ExitStack() as stack:
        server = Server(os.environ.get(OWN_SERVER) or stack.enter_context(embedded()))
        stack.callback(server.drop)
        server.make_template()
        yield server


@contextmanager
def embedded() -> Iterator[str]:
    """The owner's connection string of an embedded PostgreSQL in a temporary directory, fast instead of durable."""
    place = Path(tempfile.mkdtemp(prefix="offhold-test-"))
    place.chmod(0o755)  # root's PostgreSQL runs under another uid and must pass through
    try:
        home = Home(place / "var")
        with home.owned(), running(home, Tuning(memory_mb=64, connections=100, durable=False), quiet) as postgres:
            yield postgres.owner_url
    finally:
        shutil.rmtree(place, ignore_errors=True)


def quiet(_progress: str) -> None:
    """Tests do not show progress."""


def point_django_at(url: str, role: str) -> None:
    """Make every thread's next connection go to `url` and act as `role` (app, pipeline or owner)."""
    disconnect()
    connections.settings["default"].update(django_database(url, role))


def disconnect() -> None:
    """Close this thread's connection and the process's pool."""
    connections["default"].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]


@contextmanager
def acting(role: str) -> Iterator[None]:
    """Give this thread a connection of its own that acts as `role`, as a worker's (`pipeline`) does."""
    before = connections["default"]
    settings: dict[str, Any] = {**before.settings_dict}
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    settings |= {"OPTIONS": {**options, "options": start_options(role)}, "CONN_MAX_AGE": None}
    wrapper = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
    connections["default"] = wrapper
    try:
        yield
    finally:
        wrapper.close()
        connections["default"] = before
