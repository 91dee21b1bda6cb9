"""Webhooks taken in: signed bodies of 1.5 KB, verified, committed and acknowledged by the real web process.

First at a steady rate (open loop) for how long an acknowledgement takes, beside what the disk needs to force one
record; then as fast as they are taken, for how many one core can do. Every acknowledged body is looked for in the log.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench.disk import fdatasync_p99
from bench.generator import Delivered, Generator, generator
from bench.installation import Installation, Running, installation
from bench.processes import Costs
from bench.report import percentile, report, say
from bench.traffic import Sent, Traffic

SLOWEST_ACK = 0.010  # seconds, unless the disk is slow:
OVER_FDATASYNC = 10
VOID_ABOVE = 0.002  # seconds: a disk this busy says nothing about us
PER_CORE = 5_000
AT_ONCE = 20_000  # bodies made and delivered at once in the closed loop
CONNECTIONS = 64
SEED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in under a minute."""
    parser.add_argument("--seconds", type=float, default=10.0, help="how long webhooks come at the rate (default 10)")
    parser.add_argument("--rate", type=int, default=1000, help="webhooks per second in the open loop (default 1000)")
    parser.add_argument("--burst", type=int, default=AT_ONCE, help="webhooks in the closed loop (default 20000)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure disk, open loop, disk, closed loop; then count."""
    with installation(say) as here, here.web() as web, generator() as sender:
        return Intake(args, here, web, sender).run()


class Intake:
    """One run."""

    def __init__(self, args: argparse.Namespace, here: Installation, web: Running, sender: Generator) -> None:
        from bench.companies import found  # noqa: PLC0415 - models can be imported once `installation` set Django up

        self._args, self._here, self._web, self._sender = args, here, web, sender
        self._traffic = Traffic(found(1, "http://127.0.0.1:9"), SEED)
        self._acked: list[bytes] = []

    def run(self) -> dict[str, Any]:
        args, disk = self._args, self._here.disk
        self._sender.open(self._web.port, CONNECTIONS)
        self._deliver(args.rate, args.rate)  # a second to warm up
        say(f"Delivering {args.rate} webhooks per second for {args.seconds:g} s")
        before = fdatasync_p99(disk)
        paced, began = self._deliver(int(args.rate * args.seconds), args.rate)
        syncs = [before, fdatasync_p99(disk)]
        offered = len(paced.due) / ((paced.due[-1] - paced.due[0]) / 1e9 + 1 / args.rate)
        say(f"Delivering {args.burst} as fast as they are taken")
        costs = Costs(self._here.url, lambda: [self._web.pid])
        spent = costs.cpu()
        burst, began = self._deliver(args.burst, None)
        seconds, cores = time.monotonic() - began, costs.cpu() - spent
        return self._result(paced, offered, syncs, sum(burst.acked) / cores, sum(burst.acked) / seconds)

    def _deliver(self, count: int, rate: int | None) -> tuple[Delivered, float]:
        """Returns also when it began, for bodies are made before."""
        sent = self._traffic.take(count, self._args.rate, datetime.now(UTC))
        requests = [one.request(self._web.port) for one in sent]
        began = time.monotonic()
        delivered = self._sender.deliver(requests, rate)
        self._remember(sent, delivered)
        return delivered, began

    def _remember(self, sent: list[Sent], delivered: Delivered) -> None:
        self._acked += [hashlib.sha256(s.body).digest() for s, ok in zip(sent, delivered.acked, strict=True) if ok]

    def _result(
        self, paced: Delivered, offered: float, syncs: list[float], per_core: float, per_s: float
    ) -> dict[str, Any]:
        lost, double = counted(self._here.url, self._acked)
        latencies = paced.latencies()
        p99, sync, n = percentile(latencies, 0.99), max(syncs), len(self._acked)
        if sync > VOID_ABOVE:
            say(f"VOID: forcing one record to this disk took {sync * 1000:.1f} ms (p99) beside us; run it again later")
        figures = {
            "ack_p50_ms": percentile(latencies, 0.5) * 1000,
            "ack_p99_ms": p99 * 1000,
            "fdatasync_p99_ms": sync * 1000,
            "offered_per_s": offered,
            "acked_share": sum(paced.acked) / len(paced.due),
            "capacity_per_s": per_s,
            "capacity_per_s_core": per_core,
        }
        reached = {
            "not_void": sync <= VOID_ABOVE,
            "ack_p99_ms": p99 <= max(SLOWEST_ACK, OVER_FDATASYNC * sync),
            "capacity_per_s_core": per_core >= PER_CORE,
            "acked_share": all(paced.acked),
        }
        limits = {"fdatasync_p99_ms": sync * 1000}
        ratios = {"ack_p99_over_fdatasync_p99": p99 / sync}
        return report("intake", figures, limits=limits, ratios=ratios, reached=reached, lost=lost, double=double, n=n,
                      seed=SEED)  # fmt: skip


def counted(url: str, acked: list[bytes]) -> tuple[int, int]:
    """Of the bodies we were told are stored, by SHA-256: how many are not in the log, and how many are there twice."""
    with psycopg.connect(url) as conn:
        there = [bytes(key) for (key,) in conn.execute("SELECT sha256(body) FROM arrivals")]
    return len(set(acked) - set(there)), len(there) - len(set(there))
