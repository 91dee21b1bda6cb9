"""The smallest server: one core for everything, PostgreSQL included; a trickle of messages, then nothing at all.

`offhold up` as an administrator runs it, on a database of its own. Memory is what all of its processes hold together,
what they share counted once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg

from bench.generator import generator
from bench.installation import spent
from bench.processes import pss_mb
from bench.quiet import quiet_network
from bench.report import report, say
from bench.traffic import Traffic
from offhold.app import config
from offhold.app.cli.django_process import set_up
from offhold.app.cli.port import listening
from offhold.app.embedded.home import Home
from offhold.app.embedded.join import of_running

RSS_MB = 650
IDLE_SHARE = 0.02
READY_SECONDS = 60.0
SETTLE = 3.0  # seconds after the last message, before idle is idle
PATIENCE = 30.0
SEED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in under a minute."""
    parser.add_argument("--seconds", type=float, default=10.0, help="how long messages come (default 10)")
    parser.add_argument("--rate", type=int, default=10, help="messages per second (default 10)")
    parser.add_argument("--idle", type=float, default=15.0, help="seconds of nothing (default 15)")


class Up(NamedTuple):
    """A running `offhold up`: its port and the owner's URL of its database."""

    process: subprocess.Popen[bytes]
    port: int
    url: str

    def pids(self) -> list[int]:
        """The supervisor and all it started."""
        return [self.process.pid, *(child.pid for child in psutil.Process(self.process.pid).children(recursive=True))]

    def cpu(self) -> float:
        """CPU-seconds of all of them so far."""
        return sum(spent(pid) for pid in self.pids())


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Bring it up on one core, send it a trickle, leave it alone."""
    with quiet_network() as network, generator() as sender, up(network) as running:
        from bench.companies import found  # noqa: PLC0415 - models can be imported once `up` set Django up

        sender.open(running.port, 4)
        say(f"Sending {args.rate} messages per second for {args.seconds:g} s")
        traffic = Traffic(found(1, f"http://{network}"), SEED)
        sent = traffic.take(int(args.rate * args.seconds), args.rate, datetime.now(UTC))
        began = time.monotonic()
        delivered = sender.deliver([one.request(running.port) for one in sent], args.rate)
        acked = sum(delivered.acked)
        stored = arrived(running.url, acked)
        per_s = stored / (time.monotonic() - began)
        say(f"Leaving it alone for {args.idle:g} s")
        time.sleep(SETTLE)
        before = running.cpu()
        time.sleep(args.idle)
        share, memory = (running.cpu() - before) / args.idle, pss_mb(running.pids())
    figures = {"rss_mb_all": memory, "msg_per_s": per_s, "idle_cpu_share": share}
    reached = {
        "rss_mb_all": memory <= RSS_MB,
        "idle_cpu_share": share <= IDLE_SHARE,
        "msg_per_s": per_s >= 0.9 * args.rate,
    }
    return report("small", figures, limits={}, ratios={}, reached=reached, lost=max(0, acked - stored),
                  double=max(0, stored - acked), n=acked, seed=SEED)  # fmt: skip


@contextmanager
def up(network: str) -> Iterator[Up]:
    """`offhold up` in a new directory, it and its children bound to one core; gone afterwards."""
    place = Path(tempfile.mkdtemp(prefix="offhold-bench-"))
    place.chmod(0o711)  # root's PostgreSQL runs under another uid and must pass through
    with listening("127.0.0.1", 0) as sock:
        port = int(sock.getsockname()[1])
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("OFFHOLD_", "DATABASE_"))}
    environ |= {"OFFHOLD_VAR_DIR": str(place / "var"), "OFFHOLD_PORT": str(port), "OFFHOLD_LOG_LEVEL": "warning",
                "OFFHOLD_ALLOW_PRIVATE_HOSTS": network}  # fmt: skip
    say("Bringing up a new installation on one core")
    core = min(os.sched_getaffinity(0))
    process = subprocess.Popen([sys.executable, "-m", "offhold.app.cli", "up"], env=environ, start_new_session=True,
                               stderr=subprocess.PIPE)  # fmt: skip
    os.sched_setaffinity(process.pid, {core})  # before it started anything: children inherit it
    try:
        await_ready(process)
        os.environ |= {"OFFHOLD_VAR_DIR": environ["OFFHOLD_VAR_DIR"]}
        url = of_running(Home(place / "var"))
        set_up(url, "app")
        yield Up(process, port, url)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(place, ignore_errors=True)
        config.current.cache_clear()


def await_ready(process: subprocess.Popen[bytes]) -> None:
    """Read what it says until it serves. Raises `RuntimeError` when it ends before."""
    said = []
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line.decode(errors="replace"))
        if b"serves at" in line:
            return
    raise RuntimeError("offhold up did not start: " + "".join(said[-5:]))


def arrived(url: str, acked: int) -> int:
    """How many messages are stored, once all acknowledged ones are, or nothing more comes."""
    until = time.monotonic() + PATIENCE
    with psycopg.connect(url, autocommit=True) as conn:
        while True:
            row = conn.execute("SELECT count(*) FROM messages WHERE network_id LIKE 'r-%'").fetchone()
            assert row is not None  # an aggregate
            if row[0] >= acked or time.monotonic() > until:
                return int(row[0])
            time.sleep(0.1)
