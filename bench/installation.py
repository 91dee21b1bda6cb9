"""A whole Offhold for a bench: its own database and keys, the real web process, all gone afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg
from psycopg import conninfo, sql

from bench.report import Say
from offhold.app import config
from offhold.app.cli.django_process import set_up
from offhold.app.cli.port import listening
from offhold.app.embedded.home import Home, made
from offhold.app.embedded.postgres import Tuning, running
from offhold.app.embedded.process import Process

COMMAND = ("-m", "offhold.app.cli")


class Running(NamedTuple):
    """A process of ours that serves on a port of loopback."""

    pid: int
    port: int


class Worker:
    """A worker that can be killed and started again, as the supervisor does."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        pid = self._process.pid
        assert pid is not None, "it runs, unless a bench killed it"
        return pid

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        gone = psutil.Process(self.pid)
        gone.kill()
        while self._process.ended() is None:
            time.sleep(0.001)

    def start(self) -> None:
        """Start it anew; returns when it works."""
        begin(self._process)


class Installation:
    """A migrated database of its own, and the environment for processes on it."""

    def __init__(self, url: str, directory: Path, disk: Path) -> None:
        self.url = url
        self.directory = directory
        self.disk = disk  # a directory on the disk of the embedded server
        self.environ = {
            **os.environ,
            "DATABASE_URL": url,
            "OFFHOLD_VAR_DIR": str(directory),
            "OFFHOLD_LOG_LEVEL": "warning",
            "OFFHOLD_API_PER_MINUTE": "10000000",  # a few sessions stand for a whole team
            "DJANGO_SETTINGS_MODULE": "offhold.app.settings",
            "MALLOC_ARENA_MAX": "2",  # as `offhold up` starts its children
        }

    def command(self, *arguments: str) -> None:
        """Run an `offhold` command to its end. Raises `CalledProcessError`."""
        subprocess.run([sys.executable, *COMMAND, *arguments], env=self.environ, check=True)

    @contextmanager
    def web(self) -> Iterator[Running]:
        """The web process, as `offhold up` runs it."""
        with listening("127.0.0.1", 0) as sock:
            port, descriptor = sock.getsockname()[1], sock.fileno()
            environ = {**self.environ, "OFFHOLD_PORT": str(port)}
            process = Process("web", [*COMMAND, "web", "--fd", str(descriptor)], environ, descriptors=[descriptor],
                              tells_ready=True)  # fmt: skip
            with started(process) as pid:
                yield Running(pid, port)

    @contextmanager
    def worker(self) -> Iterator[Worker]:
        """The worker process, as `offhold up` runs it."""
        process = Process("worker", [*COMMAND, "worker"], self.environ, tells_ready=True)
        with started(process):
            yield Worker(process)

    def postgres_pids(self) -> list[int]:
        """The server processes of everybody's connections to this database but our own."""
        with psycopg.connect(self.url) as conn:
            own = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            return [pid for (pid,) in conn.execute(own)]


@contextmanager
def started(process: Process) -> Iterator[int]:
    """A process of ours for the length of a block; yields its id."""
    begin(process)
    try:
        assert process.pid is not None, "it just said that it is ready"
        yield process.pid
    finally:
        process.stop()


def begin(process: Process) -> None:
    """Start a process and wait until it is ready. Raises `RuntimeError` when it ends before."""
    process.start()
    if not process.heard_ready() or process.pid is None:
        raise RuntimeError(f"{process.name} did not start: {process.ended()}")


@contextmanager
def installation(say: Say, template: str = "", keys: Path | None = None) -> Iterator[Installation]:
    """A fresh installation, or a copy of the database `template` whose keys are in the directory `keys`.

    Django is set up in this process as the web's role on its database.
    """
    settings = config.load()
    # A copy through the log, PostgreSQL's default, would write gigabytes twice and a checkpoint into the measurement.
    copied = sql.SQL("TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(template)) if template else sql.SQL("")
    with tempfile.TemporaryDirectory(prefix="offhold-bench-") as directory, server(settings, say) as owner_url:
        name = f"offhold_bench_{secrets.token_hex(4)}"
        with psycopg.connect(owner_url, autocommit=True) as conn:
            conn.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), copied))
        if keys is not None:
            shutil.copytree(keys, Path(directory) / "keys")
        try:
            here = Installation(conninfo.make_conninfo(owner_url, dbname=name), Path(directory), place(settings))
            here.command("migrate")
            os.environ |= {"OFFHOLD_VAR_DIR": directory}
            set_up(here.url, "app")
            yield here
        finally:
            with psycopg.connect(owner_url, autocommit=True) as conn:
                disconnect(conn, name)
                conn.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def place(settings: config.Config) -> Path:
    """Where the benches' own server and what was prepared for them are kept."""
    return made(settings.var_dir / "bench", 0o711)


def disconnect(conn: psycopg.Connection, database: str) -> None:
    """End our own connections to a database. WITH (FORCE) would try to end the autovacuum's too, and may not: that
    makes way by itself."""
    conn.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
        (database,),
    )


@contextmanager
def server(settings: config.Config, say: Say) -> Iterator[str]:
    """The owner's URL of the server named by DATABASE_URL, else of an embedded one in var/bench."""
    if settings.database_url:
        yield settings.database_url
        return
    home = Home(place(settings))
    tuning = Tuning(memory_mb=settings.postgres_memory_mb, connections=settings.postgres_connections)
    with home.owned(), running(home, tuning, say) as postgres:
        yield postgres.owner_url


def cpu_seconds(pids: list[int]) -> float:
    """CPU time of these processes so far, user and system; those of another machine count as nothing."""
    return sum(spent(pid) for pid in pids)


def spent(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def rss_mb(pid: int) -> float:
    """Resident memory of a process in MB (10^6 bytes)."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6
