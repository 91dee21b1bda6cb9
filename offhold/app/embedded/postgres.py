"""The embedded PostgreSQL while it runs: started as our own child, awaited through recovery, stopped last."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from offhold.app.embedded import leftovers
from offhold.app.embedded.cluster import PORT, Cluster, create, environment, locate
from offhold.app.embedded.home import Home
from offhold.app.embedded.login import prepare
from offhold.app.embedded.process import how_it_ended
from offhold.app.embedded.tether import dies_with_us
from offhold.app.problem import Problem

Say = Callable[[str], None]


@dataclass(frozen=True)
class Tuning:
    """How big PostgreSQL may be. `durable` False is for throw-away ones in tests: a power cut would ruin it."""

    memory_mb: int = 128
    connections: int = 60
    durable: bool = True

    def settings(self) -> dict[str, str]:
        """PostgreSQL's own names and values, given on its command line: the data directory's file stays untouched."""
        return SETTINGS | {
            "shared_buffers": f"{self.memory_mb}MB",
            "effective_cache_size": f"{self.memory_mb * 4}MB",
            "max_connections": str(self.connections),
            **({} if self.durable else THROW_AWAY),
        }


SETTINGS = {
    "listen_addresses": "",  # the socket only
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "cluster_name": "offhold",
    "timezone": "UTC",
    "synchronous_commit": "on",  # 200 is answered after this
    "jit": "off",  # costs more than it gains on short queries
    "random_page_cost": "1.1",  # solid state
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "max_parallel_workers_per_gather": "1",
    "max_worker_processes": "4",
    "max_wal_senders": "2",
    "max_logical_replication_workers": "0",
    "io_workers": "2",
    "autovacuum": "on",
    "autovacuum_max_workers": "2",
    # What people wrote must not reach the log: no statement texts, no values of violated keys.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u ",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",  # a week, then the same day's file is written anew
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}
# Commits still reach the system before they return, so that a killed server loses nothing; only a power cut would.
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "logging_collector": "off"}


class Postgres:
    """The server of one `Home`, whose lock the caller holds. A unit of the supervisor."""

    name = "PostgreSQL"
    ready_fd: int | None = None

    def __init__(self, home: Home, tuning: Tuning, say: Say) -> None:
        create(home, durable=tuning.durable)
        self.cluster = locate(home)
        self.tuning = tuning
        self.say = say
        self.first_words = home.log / "postgres-start.log"
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def owner_url(self) -> str:
        """Connection URL of the role that owns the tables; everybody's DATABASE_URL. Keep it out of logs."""
        return self.cluster.url()

    @property
    def pid(self) -> int:
        """Process id of the postmaster. Only once started."""
        assert self._popen is not None
        return self._popen.pid

    def start(self) -> None:
        """Start it and wait until it accepts connections."""
        leftovers.clear(self.cluster.data, self.say)
        for stale in self.cluster.sockets.glob(".s.PGSQL.*"):
            stale.unlink()
        with self.first_words.open("wb") as output:
            self._popen = subprocess.Popen(
                command(self.cluster, self.tuning),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.cluster.data,
                env=environment(),
                start_new_session=True,  # Ctrl-C at the terminal must not reach it: we stop it last
                preexec_fn=dies_with_us(signal.SIGINT),  # noqa: PLW1509 - no thread of ours runs yet
                **self.cluster.identity(),  # type: ignore[call-overload]
            )
        self.await_ready()

    def await_ready(self) -> None:
        """Return once it accepts connections. Recovery after a crash takes as long as it takes, and shows itself."""
        began = told = time.monotonic()
        while status(self.cluster.data) != "ready":
            if self.ended():
                raise failure(self)
            time.sleep(0.02)
            if time.monotonic() - told >= 1:
                told = time.monotonic()
                self.say(f"PostgreSQL is {activity(self.pid)} ({told - began:.0f} s)")

    def ended(self) -> str | None:
        """How it ended, in words; None while it runs."""
        return how_it_ended(self._popen)

    def heard_ready(self) -> bool:
        """It is ready when `start` returns."""
        return True

    def stop(self) -> None:
        """Stop it: finish what runs (fast), drop it if that takes too long (immediate). Nothing committed is lost."""
        for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if self._popen is None or self._popen.poll() is not None:
                return
            self._popen.send_signal(number)
            try:
                self._popen.wait(seconds)
            except subprocess.TimeoutExpired:
                continue


@contextmanager
def running(home: Home, tuning: Tuning, say: Say) -> Iterator[Postgres]:
    """PostgreSQL for the length of a block, with our role and database in it. The caller owns `home` by its lock."""
    server = Postgres(home, tuning, say)
    try:
        server.start()
        prepare(server.cluster)
        yield server
    finally:
        server.stop()


def command(cluster: Cluster, tuning: Tuning) -> list[str]:
    """The command line of the server."""
    settings = tuning.settings() | {"unix_socket_directories": str(cluster.sockets)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(cluster.programs / "postgres"), "-D", str(cluster.data), *options]


def status(data: Path) -> str:
    """What the server says of itself in the last line of its pid file: `starting`, `ready`, `stopping`, or ``."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""  # storage/pidfile.h: line 8


def activity(postmaster: int) -> str:
    """What a server that is not ready does, in words: the title of its start-up process tells how far recovery is."""
    for children in Path(f"/proc/{postmaster}/task").glob("*/children"):
        for child in children.read_text().split():
            title = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace").strip("\0 ")
            if "startup" in title:
                return f"recovering what the last stop left unfinished, {title.rpartition('startup')[2].strip()}"
    return "starting"


def failure(server: Postgres) -> Problem:
    """Why the server did not start, in its own words, and the way out."""
    words = server.first_words.read_text(errors="replace").strip().splitlines()
    logs = sorted((server.cluster.data / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)
    if logs:
        words += logs[-1].read_text(errors="replace").strip().splitlines()[-5:]
    said = "\n  ".join(words[-8:]) or "nothing"
    way_out = "Free disk space, then start again." if "No space left" in said else "Put that right, then start again."
    return Problem(f"PostgreSQL did not start. It said:\n  {said}\n", way_out)
