"""A whole Offhold for a bench: its own database and keys, the real web process, all gone afterwards."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
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
from offhold.app.embedded.home import Home
from offhold.app.embedded.postgres import Tuning, running
from offhold.app.embedded.process import Process

READY_SECONDS = 30


class Running(NamedTuple):
    """A process of ours that serves on a port of loopback."""

    pid: int
    port: int


class Installation:
    """A migrated database of its own, and the environment for processes on it."""

    def __init__(self, url: str, directory: Path) -> None:
        self.url = url
        self.environ = {
            **os.environ,
            "DATABASE_URL": url,
            "OFFHOLD_VAR_DIR": str(directory),
            "OFFHOLD_LOG_LEVEL": "warning",
            "DJANGO_SETTINGS_MODULE": "offhold.app.settings",
        }

    def command(self, *arguments: str) -> None:
        """Run an `offhold` command to its end. Raises `CalledProcessError`."""
        subprocess.run([sys.executable, "-m", "offhold.app.cli", *arguments], env=self.environ, check=True)

    @contextmanager
    def web(self) -> Iterator[Running]:
        """The web process, as `offhold up` runs it."""
        with listening("127.0.0.1", 0) as sock:
            port = sock.getsockname()[1]
            with self._process("web", sock, {**self.environ, "OFFHOLD_PORT": str(port)}) as pid:
                yield Running(pid, port)

    @contextmanager
    def _process(self, name: str, sock: socket.socket, environ: dict[str, str]) -> Iterator[int]:
        arguments = ["-m", "offhold.app.cli", name, "--fd", str(sock.fileno())]
        process = Process(name, arguments, environ, descriptors=[sock.fileno()], tells_ready=True)
        process.start()
        try:
            if not process.heard_ready() or process.pid is None:
                raise RuntimeError(f"{name} did not start: {process.ended()}")
            yield process.pid
        finally:
            process.stop()

    def postgres_pids(self) -> list[int]:
        """The server processes of everybody's connections to this database but our own."""
        with psycopg.connect(self.url) as conn:
            own = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            return [pid for (pid,) in conn.execute(own)]


@contextmanager
def installation(say: Say) -> Iterator[Installation]:
    """A fresh installation. Django is set up in this process as the web's role on its database."""
    settings = config.load()
    with tempfile.TemporaryDirectory(prefix="offhold-bench-") as directory, server(settings, say) as owner_url:
        name = f"offhold_bench_{secrets.token_hex(4)}"
        with psycopg.connect(owner_url, autocommit=True) as conn:
            conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            made = Installation(conninfo.make_conninfo(owner_url, dbname=name), Path(directory))
            made.command("migrate")
            os.environ |= {"OFFHOLD_VAR_DIR": directory}
            set_up(made.url, "app")
            yield made
        finally:
            with psycopg.connect(owner_url, autocommit=True) as conn:
                conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def server(settings: config.Config, say: Say) -> Iterator[str]:
    """The owner's URL of the server named by DATABASE_URL, else of an embedded one in var/bench."""
    if settings.database_url:
        yield settings.database_url
        return
    home = Home(settings.var_dir / "bench")
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
