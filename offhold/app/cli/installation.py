"""An installation from nothing to running: lock, port, database, migrations, then the children until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import msgspec

from offhold.app.cli import checks, migrated
from offhold.app.cli.output import say
from offhold.app.cli.port import listening
from offhold.app.config import Config, environment
from offhold.app.embedded.home import Home
from offhold.app.embedded.join import tuning
from offhold.app.embedded.postgres import Postgres, running
from offhold.app.embedded.process import Process
from offhold.app.embedded.supervisor import Supervisor, Unit
from offhold.app.embedded.tether import dies_with_us
from offhold.app.problem import Problem

COMMAND = ("-m", "offhold.app.cli")


@dataclass(frozen=True)
class Installation:
    """What is ready once the database is: `config` now holds the port and the database's URL."""

    config: Config
    home: Home
    socket: socket.socket
    postgres: Postgres | None


@contextmanager
def opened(config: Config) -> Iterator[Installation]:
    """Own `var/`, listen, have a migrated database. All is given back when the block ends, the database last."""
    signal.signal(signal.SIGTERM, interrupt)
    checks.refuse(checks.on_this_machine(config))
    home = Home(config.var_dir)
    with ExitStack() as stack:
        stack.enter_context(home.owned())
        sock = stack.enter_context(listening(config.host, config.port))
        postgres = None if config.database_url else stack.enter_context(running(home, tuning(config), say))
        url = postgres.owner_url if postgres else config.database_url
        config = msgspec.structs.replace(config, database_url=url, port=sock.getsockname()[1])
        with checks.connected(url) as conn:
            checks.refuse(checks.in_database(conn))
            if not migrated.nothing_to_do(home, conn):
                migrate(config)
                migrated.remember(home, conn)
        yield Installation(config, home, sock, postgres)


def interrupt(*_: object) -> Never:
    """SIGTERM while we start is Ctrl-C: every block is left in order."""
    raise KeyboardInterrupt


def child_environment(config: Config, role: str = "app", **more: str) -> dict[str, str]:
    """What a child of ours reads: the settings, its database role, and one malloc arena fewer than threads ask for."""
    acting = msgspec.structs.replace(config, database_role=role)
    return os.environ | environment(acting) | {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"} | more


def migrate(config: Config) -> None:
    """Bring the tables up to date, in a process of its own: its memory is given back."""
    Once("offhold migrate", [*COMMAND, "migrate"], child_environment(config, "owner")).finish()


class Once:
    """A Python process of ours that does one thing and ends; started at once, in a session of its own."""

    def __init__(self, name: str, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        self.name = name
        self.popen = subprocess.Popen(
            [sys.executable, *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C reaches it through us
            preexec_fn=dies_with_us(signal.SIGTERM),  # noqa: PLW1509 - no thread of ours runs yet
        )

    def finish(self) -> str:
        """Wait for its end; what it printed. Raises `Problem` when it failed."""
        said, _ = self.popen.communicate()
        if self.popen.returncode:
            what = f"`{self.name}` failed (exit code {self.popen.returncode})."
            raise Problem(what, "Its words are above; put that right and start again.")
        return said

    def stop(self) -> None:
        """End it if it still runs."""
        if self.popen.poll() is None:
            self.popen.terminate()
            self.popen.wait()


def web(here: Installation, log: Path | None = None, **more: str) -> Process:
    """The process that browsers and webhooks reach, on the socket that is already open."""
    descriptor = here.socket.fileno()
    return Process(
        "web",
        [*COMMAND, "web", "--fd", str(descriptor)],
        child_environment(here.config, **more),
        descriptors=[descriptor],
        log=log,
        tells_ready=True,
    )


def workers(here: Installation, log: Path | None = None, **more: str) -> list[Process]:
    """The processes that turn arrivals into cases and send replies."""
    environ = child_environment(here.config, "pipeline", **more)
    count = here.config.workers
    names = ["worker"] if count == 1 else [f"worker {number + 1}" for number in range(count)]
    return [Process(name, [*COMMAND, "worker"], environ, log=log, tells_ready=True) for name in names]


def supervise(
    here: Installation, units: Sequence[Unit], on_ready: Callable[[], None], running: Sequence[Unit] = ()
) -> None:
    """Keep `units` running until we are told to stop, and what runs already: the embedded database, and `running`."""
    database: list[Unit] = [here.postgres] if here.postgres else []
    Supervisor(units, say, running=[*database, *running]).run(on_ready)


def tell_systemd(state: str) -> None:
    """Tell systemd, if it started us with Type=notify, that we serve. See sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.connect(address.replace("@", "\0", 1))
            notify.send(state.encode())
