"""The web process itself: refuses to serve unsafely, serves, and ends at once with open streams."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from offhold.app import config, keys
from offhold.app.problem import Problem
from offhold.app.web import check
from tests.support.builders import Workspace
from tests.support.database import acting
from tests.support.site import Browser, Member

SESSION = "/_allauth/browser/v1/auth/session"


@pytest.fixture
def known_keys(database: str) -> None:
    """The database knows this run's keys, as after `offhold migrate`."""
    with psycopg.connect(database, autocommit=True) as conn:
        keys.prepare(config.current(), conn)


def free_port() -> int:
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def running(database: str, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`offhold web` in a process of its own."""
    environ = os.environ | {"DATABASE_URL": database, "OFFHOLD_PORT": str(port)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "offhold.app.cli", "web"], env=environ, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_until_it_serves(site: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{site}{SESSION}", trust_env=False).status_code == 401:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.mark.usefixtures("known_keys")
def test_it_ends_at_once_with_an_open_stream(database: str, workspace: Workspace, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    site = f"http://127.0.0.1:{port}"
    with running(database, port, log) as process:
        wait_until_it_serves(site, process, log)
        browser = Browser(site)
        assert browser.sign_in(Member(workspace, "agent").email).status_code == 200
        with browser.stream("GET", "/live/stream") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: hello"
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert "event: bye" in list(lines)
            process.wait(5)
            assert time.monotonic() - began < 3
    said = log.read_text()
    assert "Traceback" not in said, said
    assert browser.cookies["offhold"] not in said
    assert process.returncode in (0, -signal.SIGTERM)


@pytest.mark.usefixtures("known_keys")
def test_it_does_not_serve_as_the_owner_of_the_tables() -> None:
    with acting("owner"), pytest.raises(Problem, match="nothing would keep workspaces apart"):
        check(config.current())


@pytest.mark.usefixtures("known_keys")
def test_it_serves_as_the_app_and_as_the_pipeline() -> None:
    check(config.current())
    with acting("pipeline"):
        check(config.current())


def test_it_does_not_serve_with_another_databases_keys(database: str, tmp_path: Path) -> None:
    with psycopg.connect(database, autocommit=True) as conn:
        keys.prepare(config.current(), conn)
        conn.execute("UPDATE key_fingerprints SET fingerprint = 'x' || fingerprint")
        try:
            with pytest.raises(Problem, match="not the one"):
                check(config.current())
        finally:
            conn.execute("UPDATE key_fingerprints SET fingerprint = substr(fingerprint, 2)")
