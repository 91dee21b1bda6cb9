"""`offhold up` as a whole: it serves, survives the fall of any part, stops in order, and leaves nobody behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.platform.places import place, until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("built_client")]


OFFHOLD = (sys.executable, "-m", "offhold.app.cli")


class Running:
    """A running `offhold up`; `lines` is what it said so far."""

    def __init__(self, process: subprocess.Popen[str], var: Path) -> None:
        self.process = process
        self.var = var
        self.lines: list[str] = []
        threading.Thread(target=self.listen, daemon=True).start()
        until(lambda: bool(self.address) or process.poll() is not None, 60)
        assert self.address, "\n".join(self.lines)

    def listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    @property
    def address(self) -> str:
        found = re.search(r"serves at (http://\S+)", "\n".join(self.lines))
        return found[1] if found else ""

    def said(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, command: str) -> psutil.Process:
        return next(child for child in self.children() if command in child.cmdline())

    def status(self) -> int:
        """The HTTP status of the API for somebody who is signed out."""
        try:
            with urllib.request.urlopen(f"{self.address}/api/me", timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def clean() -> dict[str, str]:
    """Our environment without the settings of this test run."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("OFFHOLD_", "DATABASE_"))}
    return ours | {"OFFHOLD_PORT": "0", "COLUMNS": "200"}


@contextmanager
def up(var: Path, *command: str | Path, cwd: Path | None = None, **environ: str) -> Iterator[Running]:
    """Run it for the length of a block; `command` is another `offhold` than ours."""
    process = subprocess.Popen(
        [*(command or OFFHOLD), "--var", var, "up"],
        env=clean() | environ,
        cwd=cwd,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Running(process, var)
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with place() as directory, up(directory / "var") as started:
        yield started


def test_it_serves(running: Running) -> None:
    assert running.status() == 401
    with urllib.request.urlopen(running.address, timeout=30) as page:
        assert b"<!doctype html" in page.read().lower()


def test_a_second_one_is_refused(running: Running) -> None:
    second = subprocess.run(
        [*OFFHOLD, "--var", running.var, "up"],
        env=clean(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"already running on {running.var} (process {running.process.pid})" in second.stderr


def test_other_commands_join_it(running: Running) -> None:
    doctor = subprocess.run(
        [*OFFHOLD, "--var", running.var, "doctor"],
        env=clean(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"running (process {running.process.pid})" in doctor.stdout
    assert "up to date" in doctor.stdout


def test_browsers_wait_while_the_web_process_is_restarted(running: Running) -> None:
    running.child("web").kill()
    assert running.status() == 401  # not refused: the socket stays open
    assert running.said("web stopped (killed by SIGKILL); starting it again")


def test_the_worker_is_started_again(running: Running) -> None:
    before = running.child("worker")
    before.kill()
    until(lambda: running.said("worker stopped (killed by SIGKILL); starting it again"))
    until(lambda: any("worker" in child.cmdline() for child in running.children() if child.pid != before.pid))


def test_the_database_is_started_again(running: Running) -> None:
    next(child for child in running.children() if child.name() == "postgres").kill()
    until(lambda: running.said("PostgreSQL stopped (killed by SIGKILL); starting it again"))
    until(lambda: running.status() == 401, 60)


def test_ctrl_c_stops_everything_in_seconds() -> None:
    with place() as directory, up(directory / "var") as started:
        children = started.children()
        stream = http.client.HTTPConnection(started.address.removeprefix("http://"), timeout=30)
        stream.connect()  # an idle browser must not hold it up
        started.process.send_signal(signal.SIGINT)
        assert started.process.wait(10) == 0
        assert [child for child in children if alive(child)] == []
        assert "Traceback" not in "\n".join(started.lines)


def test_killed_it_leaves_nobody_behind_and_starts_again() -> None:
    with place() as directory:
        with up(directory / "var") as started:
            children = started.children()
            started.process.kill()
            started.process.wait()
            until(lambda: not any(alive(child) for child in children), 30)
        with up(directory / "var") as again:
            assert again.status() == 401


def alive(process: psutil.Process) -> bool:
    """Does it still run; one that only waits to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
