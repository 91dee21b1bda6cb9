"""The real AT Protocol network of `../shared/tools/atproto-network`, for tests: on free ports, and thrown away.

    from offhold.networks.bluesky.tests.real_network import atproto  # a pytest fixture, for the session

Where the tool is not beside the repository the tests that ask for it are skipped, saying so. Where it is there and
cannot be started they are skipped too, but with `CI=true` they fail. The first start installs some 500 MB into a cache
(`OFFHOLD_TEST_ATPROTO_CACHE`, default `~/.cache/offhold-atproto`); each network then has a home of its own over it,
so several may run at once.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from offhold.networks.bluesky.tests import network_end
from offhold.networks.bluesky.tests.people import Account

_REPOSITORY = Path(__file__).resolve().parents[4]
TOOL = _REPOSITORY.parent / "shared" / "tools" / "atproto-network"
_PORTS = range(15_000, 30_000, 20)  # one network uses eleven in a row, below what the system hands out by itself
_INSTALL_SECONDS = 900
_START_SECONDS = 150


class CannotStart(Exception):
    """What the tool said."""


class RealNetwork:
    """A running network. Addresses are http://localhost:PORT; handles end in `.test`."""

    def __init__(self, info: dict[str, Any]) -> None:
        self.pds: str = info["pds"]
        self.plc: str = info["plc"]
        self.appview: str = info["appview"]
        self._control: str = info["control"]

    @property
    def allow(self) -> tuple[str, ...]:
        """What the egress must be allowed to reach: our server, and the AppView, which serves pictures."""
        return (self.pds.removeprefix("http://"), self.appview.removeprefix("http://"))

    def settle(self) -> None:
        """Returns once everything said so far has been indexed: in place of sleeping."""
        self._ask_control("process-all", {})

    def mint_service(self, entry: str, kind: str, endpoint: str) -> str:
        """A new DID whose document names a service, e.g. `bsky_chat`, at an address of ours."""
        handle = f"{entry.replace('_', '-')}-{secrets.token_hex(3)}.test"
        asked = {"id": entry, "type": kind, "endpoint": endpoint, "handle": handle}
        return str(self._ask_control("mint-service", asked)["did"])

    def account(self, name: str, display_name: str | None = None) -> Account:
        """A new account, indexed; its handle is the name and a few letters."""
        account = Account.create(self.pds, f"{name}-{secrets.token_hex(2)}.test")
        if display_name is not None:
            account.set_profile(display_name)
        self.settle()
        return account

    def accounts(self, names: Sequence[str]) -> list[Account]:
        made = [Account.create(self.pds, f"{name}-{secrets.token_hex(2)}.test") for name in names]
        self.settle()
        return made

    def _ask_control(self, what: str, body: dict[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self._control}/{what}", method="POST", data=json.dumps(body).encode(), headers={"content-type": "json"}
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            said: dict[str, Any] = json.load(answer)
            return said


@pytest.fixture(scope="session")
def atproto() -> Iterator[RealNetwork]:
    with running_or_skipped() as network:
        yield network


@contextlib.contextmanager
def running_or_skipped(*, rate_limits: bool = False) -> Iterator[RealNetwork]:
    if not TOOL.is_dir():
        pytest.skip("the AT Protocol network (../shared/tools/atproto-network) is not beside the repository")
    with contextlib.ExitStack() as stack:
        try:
            network = stack.enter_context(running(rate_limits=rate_limits))
        except CannotStart as why:
            if os.environ.get("CI") == "true":
                pytest.fail(f"the AT Protocol network cannot be started: {why}")
            pytest.skip(f"the AT Protocol network cannot be started: {why}")
        yield network


@contextlib.contextmanager
def running(*, rate_limits: bool = False) -> Iterator[RealNetwork]:
    """A fresh network until the block ends, or this process does. Raises `CannotStart`."""
    cache = _installed()
    home = Path(tempfile.mkdtemp(prefix="offhold-atproto-"))
    home.chmod(0o755)  # its PostgreSQL runs as another user when we are root
    with _ended_with_us(home):
        for part in ("venv", "node_modules"):
            (home / part).symlink_to(cache / part)
        environment = _environment(home) | {"RATE_LIMITS": "1" if rate_limits else ""}
        yield RealNetwork(_up(home, environment, _START_SECONDS))


@contextlib.contextmanager
def _ended_with_us(home: Path) -> Iterator[None]:
    """Whatever runs in this home is stopped, and the home removed, when the block ends or we are killed."""
    command = [sys.executable, network_end.__file__, str(TOOL), str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as watcher:
        yield
        assert watcher.stdin is not None
        watcher.stdin.close()


@functools.cache
def _installed() -> Path:
    """The cache with what every network shares; filled by starting one once, by whoever comes first."""
    named = os.environ.get("OFFHOLD_TEST_ATPROTO_CACHE")
    cache = Path(named) if named else Path.home() / ".cache" / "offhold-atproto"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (cache / "complete").exists():
            environment = _environment(cache)
            try:
                _up(cache, environment, _INSTALL_SECONDS, mode="pds")
            finally:
                network_end.end(TOOL, cache)
            (cache / "complete").touch()
    return cache


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "ATPROTO_HOME": str(home), "PORT_BASE": str(_free_base()), "TMPDIR": str(home)}


def _free_base() -> int:
    start = secrets.randbelow(len(_PORTS))
    for offset in range(len(_PORTS)):
        base = _PORTS[(start + offset) % len(_PORTS)]
        if all(_free(base + n) for n in range(1, 11)):
            return base
    raise CannotStart("no eleven free ports in a row")


def _free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


def _up(home: Path, environment: dict[str, str], seconds: float, mode: str = "full") -> dict[str, Any]:
    """Files take the output: what the tool leaves running would hold a pipe open."""
    with (home / "up.out").open("w+") as out, (home / "up.err").open("w+") as err:
        try:
            ended = subprocess.run(
                [str(TOOL / "up"), mode],
                check=False,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                timeout=seconds,
            )
        except (OSError, subprocess.TimeoutExpired) as failed:
            raise CannotStart(str(failed)) from None
        if ended.returncode != 0:
            raise CannotStart((home / "up.err").read_text()[-2000:].strip())
    info: dict[str, Any] = json.loads((home / "ready.json").read_text())
    return info
