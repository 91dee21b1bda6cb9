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
from tests.support.site import PASSWORD, Browser, Member

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
def running(database: str, port: int, log: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """`offhold web` in a process of its own."""
    environ = os.environ | {"DATABASE_URL": database, "OFFHOLD_PORT": str(port)} | settings
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "offhold.app.cli", "web"], env=environ, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_until_it_serves(site: str, process: subprocess.Popen[bytes], log: Path, **headers: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{site}{SESSION}", headers=headers, trust_env=False).status_code == 401:
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
def test_behind_a_proxy_that_speaks_https(database: str, workspace: Workspace, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    site = f"http://127.0.0.1:{port}"
    host = {"Host": "desk.example.com"}
    proxied = {**host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.5"}
    https = {"OFFHOLD_PUBLIC_URL": "https://desk.example.com", "OFFHOLD_TRUSTED_PROXIES": "127.0.0.1"}
    with running(database, port, log, **https) as process, httpx.Client(trust_env=False, headers=proxied) as client:
        wait_until_it_serves(site, process, log, **host)
        first = client.get(f"{site}{SESSION}")
        assert first.headers["strict-transport-security"] == "max-age=31536000"
        token = first.cookies["__Host-csrftoken"]
        login = {"email": Member(workspace, "agent").email, "password": PASSWORD}
        sent = {"Cookie": f"__Host-csrftoken={token}", "X-CSRFToken": token, "Origin": "https://desk.example.com"}
        url = f"{site}/_allauth/browser/v1/auth/login"
        assert client.post(url, json=login, headers={**sent, "Origin": "https://evil.example"}).status_code == 403
        answer = client.post(url, json=login, headers=sent)
        assert answer.status_code == 200, answer.text
        cookies = [line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-offhold=")]
        assert all(part in cookies[0] for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
        assert "Domain" not in cookies[0]


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
