"""Offhold as it runs: a web and a worker process of their own over a database of their own, reached over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from offhold.app.embedded.process import Process
from tests.support.site import Browser

COMMAND = ("-m", "offhold.app.cli")
PASSWORD = "correct horse battery staple"
COMPANY = "Northwind Air"


class Running:
    """One installation. `web` and `worker` may be killed and started again; `url` stays."""

    def __init__(self, database_url: str, var: Path, **settings: str) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("OFFHOLD_")},
            "DATABASE_URL": database_url, "OFFHOLD_VAR_DIR": str(var), "OFFHOLD_PORT": str(port),
            "OFFHOLD_API_PER_MINUTE": "1000000",
            **{f"OFFHOLD_{name.upper()}": value for name, value in settings.items()},
        }  # fmt: skip
        fd = self._socket.fileno()
        web = [*COMMAND, "web", "--fd", str(fd)]
        self.web = Process("web", web, self.environ, descriptors=[fd], log=var / "web.log", tells_ready=True)
        self.worker = Process("worker", [*COMMAND, "worker"], self.environ, log=var / "worker.log", tells_ready=True)
        self.logs = (var / "web.log", var / "worker.log")

    def start(self) -> None:
        for process in (self.web, self.worker):
            self.start_one(process)

    def start_one(self, process: Process) -> None:
        process.start()
        assert process.heard_ready(), f"{process.name} did not start: {process.log.read_text() if process.log else ''}"

    def stop(self) -> None:
        self.worker.stop()
        self.web.stop()
        self._socket.close()

    def create_user(self, email: str, role: str, name: str) -> None:
        """As the person who installs it would: by the command."""
        arguments = ["create-user", email, "--workspace", COMPANY, "--role", role, "--name", name]
        self.command(*arguments, typed=PASSWORD + "\n")

    def command(self, *arguments: str, typed: str = "") -> str:
        """Run `offhold` with these arguments here; what it printed."""
        ran = subprocess.run(
            [sys.executable, *COMMAND, *arguments], env=self.environ, input=typed, text=True, check=False,
            capture_output=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def signed_in(self, email: str) -> Browser:
        browser = Browser(self.url)
        answer = browser.sign_in(email, PASSWORD)
        assert answer.status_code == 200, answer.text
        return browser


@contextmanager
def running(database_url: str, var: Path, **settings: str) -> Iterator[Running]:
    """Both processes, until the block ends."""
    var.mkdir(parents=True, exist_ok=True)
    here = Running(database_url, var, **settings)
    here.command("migrate")  # binds the database to this installation's keys
    here.start()
    try:
        yield here
    finally:
        here.stop()


def until(true: Callable[[], Any], seconds: float = 60, every: float = 0.2, what: str = "") -> Any:
    """Wait for a condition, not for a time: returns what `true` returned once it is truthy."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what or true}")
        time.sleep(every)
    return found
