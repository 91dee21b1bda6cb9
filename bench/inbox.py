"""What people look at all day, over years of messages, while new ones come in: lists, pages, counters, a case,
the search.

Through the product's own queries, as the web's role under row-level security, each in a transaction of its own, one
after the other; the largest company's inbox. The limit beside it is reading one row by its key in the same way.
"""

from __future__ import annotations

import argparse
import random
import time
from array import array
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg

from bench.generator import Generator, generator
from bench.quiet import quiet_network
from bench.report import percentile, report, say
from bench.stocked import DEFAULT, Stock, count_of, stocked
from bench.stored import whole
from bench.traffic import COMPANIES, LARGEST, Traffic
from offhold.app.problem import Problem
from offhold.kernel import ids

P99 = 0.020  # seconds
SEARCH_P99 = 0.050
CONNECTIONS = 16
HEAD_START = 1.0  # seconds of new messages before we look
SEED = 1
PATIENCE = 60.0  # seconds for what came in to be stored


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in under a minute."""
    parser.add_argument("--seconds", type=float, default=12.0, help="how long people look (default 12)")
    parser.add_argument("--ingest", type=int, default=1000, help="new messages per second meanwhile (default 1000)")
    parser.add_argument("--stored", default=DEFAULT, help="messages there already, such as 10m (default 200k)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Look at an inbox while messages come in, then count these. Raises `Problem`."""
    if not whole(count_of(args.stored)):
        raise Problem("There is nothing to look at: no message would be stored.", "Ask for some: --stored 1k.")
    with (
        quiet_network() as network,
        stocked(args.stored, network, say, companies=COMPANIES) as stock,
        generator() as sender,
    ):
        stock.here.environ["OFFHOLD_ALLOW_PRIVATE_HOSTS"] = network
        with stock.here.web() as web, stock.here.worker():
            sender.open(web.port, CONNECTIONS)
            return Inbox(args, stock).run(sender, web.port)


class Inbox:
    """One run. Imports what needs Django once it is set up."""

    def __init__(self, args: argparse.Namespace, stock: Stock) -> None:
        from bench.looking import Looking  # noqa: PLC0415 - models can be imported once `installation` set Django up

        self._args, self._stock = args, stock
        self._looking = Looking(stock.companies[LARGEST], random.Random(SEED))

    def run(self, sender: Generator, port: int) -> dict[str, Any]:
        args, looking = self._args, self._looking
        for look in looking.looks.values():
            look()  # once, so that plans and pages are warm
        count, began, before = int(args.ingest * (args.seconds + HEAD_START)), time.monotonic(), 0
        first = ids.new()
        if count:
            sent = Traffic(self._stock.companies, SEED, stored=self._stock.messages // 10).take(
                count, args.ingest, datetime.now(UTC)
            )
            sender.start([one.request(port) for one in sent], args.ingest)
            time.sleep(HEAD_START)
            began, before = time.monotonic(), self._came(first)
        say(f"Looking for {args.seconds:g} s while {args.ingest} messages come in per second")
        seconds = timed(looking.looks, args.seconds)
        stored_per_s = (self._came(first) - before) / (time.monotonic() - began)
        acked = sum(sender.finish().acked) if count else 0
        share = looking.cut / max(1, looking.searched)
        counted = Counted(self._stock.messages, acked, self._arrived(first, acked), stored_per_s, share)
        return result(args, seconds, counted)

    def _came(self, first: int) -> int:
        """How many messages are stored that are younger than an id."""
        companies = [company.workspace for company in self._stock.companies]
        with psycopg.connect(self._stock.here.url) as conn:
            query = "SELECT count(*) FROM messages WHERE workspace_id = ANY(%s) AND id > %s"
            row = conn.execute(query, (companies, first)).fetchone()
        assert row is not None  # an aggregate
        return int(row[0])

    def _arrived(self, first: int, acked: int) -> int:
        """How many of the run's messages are stored, once all are, or nothing more will come."""
        until = time.monotonic() + PATIENCE
        while (came := self._came(first)) < acked and time.monotonic() < until:
            time.sleep(0.2)
        return came


def timed(looks: dict[str, Callable[[], object]], seconds: float) -> dict[str, array[float]]:
    """Take turns for so long; seconds of each look, by name."""
    taken = {name: array("d") for name in looks}
    until = time.perf_counter() + seconds
    while (now := time.perf_counter()) < until:
        for name, look in looks.items():
            look()
            after = time.perf_counter()
            taken[name].append(after - now)
            now = after
    return taken


def mark(name: str) -> float:
    """Seconds that a look may take (p99)."""
    return SEARCH_P99 if name.startswith("search") else P99


class Counted(NamedTuple):
    """Messages: there before, acknowledged and arrived in the run, stored per second while we looked. `cut_share`: of
    the pages of the search, those that stopped before they were full."""

    stored: int
    acked: int
    came: int
    stored_per_s: float
    cut_share: float


def result(args: argparse.Namespace, seconds: dict[str, array[float]], counted: Counted) -> dict[str, Any]:
    """The figures in the one form."""
    p99 = {name: percentile(list(taken), 0.99) for name, taken in seconds.items()}
    key = p99.pop("key")
    figures = {f"{name}_p99_ms": value * 1000 for name, value in p99.items()}
    figures |= {f"{name}_p50_ms": percentile(list(seconds[name]), 0.5) * 1000 for name in p99}
    slowest = max(p99.values())
    return report(
        "inbox",
        figures
        | {"stored_messages": counted.stored, "ingest_per_s": args.ingest, "ingest_stored_per_s": counted.stored_per_s}
        | {"search_cut_share": counted.cut_share},
        limits={"key_p99_ms": key * 1000},
        ratios={"slowest_over_key": slowest / key},
        reached={f"{name}_p99_ms": value <= mark(name) for name, value in p99.items()},
        lost=max(0, counted.acked - counted.came),
        double=max(0, counted.came - counted.acked),
        n=sum(len(taken) for taken in seconds.values()),
        seed=SEED,
    )
