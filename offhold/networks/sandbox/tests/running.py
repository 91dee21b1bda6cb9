"""Starts the network in a process of its own for tests, on a free port, and ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offhold.networks.sandbox.demo import Control
from offhold.networks.sandbox.world.oracle import Oracle


class Running:
    """A network that answers: its address, its owner's hand, its oracle."""

    def __init__(self, data: Path, process: subprocess.Popen[bytes], ready: dict[str, str]) -> None:
        self.data, self.process = data, process
        self.address, self.token = ready["address"], ready["control_token"]
        self.control = Control(self.address, self.token)
        self.oracle = Oracle(Path(ready["oracle"]))

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@contextmanager
def network(data: Path, port: int = 0, **environment: str) -> Iterator[Running]:
    ready = data / "ready.json"
    ready.unlink(missing_ok=True)
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "offhold.networks.sandbox.world", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(
        [*command, "--ready-file", str(ready)], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield Running(data, process, _wait_for(ready, process))
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(10)


def _wait_for(ready: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if ready.exists():
            told: dict[str, str] = json.loads(ready.read_text())
            return told
        assert process.poll() is None, "the network ended before it was ready"
        time.sleep(0.01)
    raise AssertionError("the network was not ready in 20 s")
