"""The whole way of a message: webhook, log, threading, queue, database, and the row on 200 open screens.

Real web, worker and PostgreSQL; the generator and the screens on the same cores. First at a steady rate for how long it
takes, then at growing rates for how many it can be, each drained in full; then the worker is killed under load.
"""

from __future__ import annotations

import argparse
import time
from array import array
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg

from bench.generator import Delivered, Generator, generator
from bench.installation import Running, Worker
from bench.processes import Costs, pss_mb
from bench.quiet import quiet_network
from bench.report import percentile, report, say
from bench.screens import Screens, Sighted, screens
from bench.stocked import DEFAULT, Stock, stocked
from bench.store import BATCH, Stored, measure
from bench.traffic import COMPANIES, Sent, Traffic

MSG_PER_S = 2_000
SCREEN_P99 = 0.3  # seconds
STORE_OVER_COPY = 0.15
RSS_MB = 350
CONNECTIONS = 64
PATIENCE = 60.0  # seconds for a stretch to drain; what is not there then is lost
SEED = 1
STEPS = (3000, 4000, 5000)
KEEPS_UP = 0.9  # a step of the ramp is the last when less than this share of its rate was reached
RUN = "r"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in about a minute."""
    parser.add_argument("--seconds", type=float, default=8.0, help="how long messages come at the rate (default 8)")
    parser.add_argument(
        "--rate", type=int, help="messages per second throughout, without a ramp (default 2000 and a ramp)"
    )
    parser.add_argument("--screens", type=int, default=200, help="open inboxes (default 200)")
    parser.add_argument("--stored", default=DEFAULT, help="messages there already, such as 1m (default 200k)")
    parser.add_argument("--batches", type=int, default=12, help="batches of 500 stored alone (default 12)")


class Stretch(NamedTuple):
    """Messages sent and followed to the screens. `seconds`: from the first due to the last sight.

    `cpu`: CPU-seconds of web, of worker and of PostgreSQL.
    """

    sent: list[Sent]
    latencies: list[float]
    ack_p99: float
    seconds: float
    cpu: list[float]

    @property
    def per_s(self) -> float:
        return len(self.sent) / self.seconds if self.seconds else 0.0


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Everything, once."""
    with (
        quiet_network() as network,
        stocked(args.stored, network, say, companies=COMPANIES) as stock,
        generator() as sender,
        screens() as pages,
    ):
        stock.here.environ["OFFHOLD_ALLOW_PRIVATE_HOSTS"] = network
        with stock.here.web() as web, stock.here.worker() as worker:
            followed = Care(args, stock, sender, pages).run(web, worker)
        say("Storing alone, beside COPY")  # now that nothing else of ours runs
        sent = Traffic(stock.companies, SEED, run="s").take(args.batches * BATCH, MSG_PER_S, datetime.now(UTC))
        return result(args, stock, followed, measure(stock.here.url, sent))


class Followed(NamedTuple):
    """What was seen while web and worker ran. `memory`: MB; `caught_up`: seconds; `n`: messages acknowledged."""

    steady: Stretch
    best: Stretch
    memory: float
    caught_up: float
    lost: int
    double: int
    n: int


class Care:
    """One run."""

    def __init__(self, args: argparse.Namespace, stock: Stock, sender: Generator, pages: Screens) -> None:
        self._args, self._stock, self._sender, self._pages = args, stock, sender, pages
        self._traffic = Traffic(stock.companies, SEED, stored=stock.messages // 10, run=RUN)
        self._acked: set[str] = set()
        self._sent = 0
        self._port = 0

    def run(self, web: Running, worker: Worker) -> Followed:
        """Steady, faster and faster, killed; then count."""
        args, rate = self._args, self._args.rate or MSG_PER_S
        costs = Costs(self._stock.here.url, lambda: [web.pid, worker.pid])
        self._port = web.port
        self._sender.open(web.port, CONNECTIONS)
        self._pages.open(web.port, requests(self._stock, args.screens, web.port))
        self._stretch(rate // 2, 1.0, costs)  # to warm up
        say(f"Sending {rate} messages per second for {args.seconds:g} s to {args.screens} screens")
        steady = self._stretch(rate, args.seconds, costs)
        best = max([steady, *self._ramp(costs, args)], key=lambda stretch: stretch.per_s)
        memory = pss_mb([web.pid, worker.pid])
        say("Killing the worker under load")
        caught_up = self._killed(rate // 2, max(2.0, args.seconds / 2), worker)
        sighted = self._pages.sighted()
        lost, double = self._counted(sighted)
        return Followed(steady, best, memory, caught_up, lost, double, len(self._acked))

    def _ramp(self, costs: Costs, args: argparse.Namespace) -> list[Stretch]:
        """Growing rates, until one is not kept up with."""
        found: list[Stretch] = []
        for rate in () if args.rate else STEPS:
            found.append(self._stretch(rate, args.seconds / 3, costs))
            say(f"{rate} per second: {found[-1].per_s:.0f} drained, p99 {percentile(found[-1].latencies, 0.99):.2f} s")
            if found[-1].per_s < KEEPS_UP * rate:
                break
        return found

    def _begin(self, rate: int, seconds: float) -> list[Sent]:
        """Send; returns at once."""
        sent = self._traffic.take(max(1, int(rate * seconds)), rate, datetime.now(UTC))
        self._pages.expect(array("q", (s.company for s in sent)), array("q", (s.earlier for s in sent)))
        self._sender.start([one.request(self._port) for one in sent], rate)
        return sent

    def _remember(self, sent: list[Sent], delivered: Delivered) -> None:
        self._sent += len(sent)
        self._acked |= {one.network_id for one, acked in zip(sent, delivered.acked, strict=True) if acked}

    def _stretch(self, rate: int, seconds: float, costs: Costs) -> Stretch:
        spent = costs.each()
        sent = self._begin(rate, seconds)
        delivered = self._sender.finish()
        self._pages.drained(PATIENCE)
        cpu = [now - before for now, before in zip(costs.each(), spent, strict=True)]
        sighted = self._pages.sighted()
        self._remember(sent, delivered)
        first, begin = sent[0].number, delivered.due[0]
        latencies = [
            (at - delivered.due[number - first]) / 1e9
            for number, at in zip(sighted.numbers, sighted.times, strict=True)
            if number >= first
        ]
        last = max(sighted.times, default=begin)
        ack_p99 = percentile(delivered.latencies(), 0.99)
        return Stretch(sent, latencies, ack_p99, (last - begin) / 1e9, cpu)

    def _killed(self, rate: int, seconds: float, worker: Worker) -> float:
        """Kill the worker in the middle. Returns seconds from its return until nothing waits any more."""
        sent = self._begin(rate, seconds)
        until = time.monotonic() + seconds / 2
        time.sleep(max(0.0, until - time.monotonic()))
        worker.kill()
        worker.start()
        back = time.monotonic()
        delivered = self._sender.finish()
        self._pages.drained(PATIENCE)
        self._remember(sent, delivered)
        last_sent = back if not sent else max(back, delivered.due[-1] / 1e9)
        return max(0.0, time.monotonic() - last_sent)

    def _counted(self, sighted: Sighted) -> tuple[int, int]:
        """Lost: acknowledged and not stored, or not seen by a screen. Double: stored, counted or shown twice."""
        ours = f"{RUN}-%"
        with psycopg.connect(self._stock.here.url) as conn:
            there = [
                row[0] for row in conn.execute("SELECT network_id FROM messages WHERE network_id LIKE %s", (ours,))
            ]
            miscounted = len(conn.execute(_MISCOUNTED, (ours,)).fetchall())
        # what was not acknowledged may be there or not; the network would send it again
        unsure = (self._sent - len(self._acked)) * -(-self._args.screens // len(self._stock.companies))
        unseen = max(0, sighted.missing - unsure) + sighted.cut
        return len(self._acked - set(there)) + unseen, len(there) - len(set(there)) + miscounted + sighted.double


_MISCOUNTED = """
SELECT c.id FROM cases c JOIN messages m ON m.workspace_id = c.workspace_id AND m.case_id = c.id
WHERE c.id IN (SELECT case_id FROM messages WHERE network_id LIKE %s)
GROUP BY c.id, c.messages HAVING count(*) <> c.messages
"""


def result(args: argparse.Namespace, stock: Stock, followed: Followed, stored: Stored) -> dict[str, Any]:
    """The figures in the one form."""
    steady, best = followed.steady, followed.best
    p99 = percentile(steady.latencies, 0.99)
    figures = {
        "msg_per_s": best.per_s,
        "screen_p50_ms": percentile(steady.latencies, 0.5) * 1000,
        "screen_p99_ms": p99 * 1000,
        "ack_p99_ms": steady.ack_p99 * 1000,
        "rss_mb_total": followed.memory,
        "stored_messages": stock.messages,
        "msg_per_s_core": len(steady.sent) / sum(steady.cpu),
        **{
            f"cpu_ms_per_msg_{who}": cpu / len(steady.sent) * 1000
            for who, cpu in zip(("web", "worker", "postgres"), steady.cpu, strict=True)
        },
        "catch_up_s": followed.caught_up,
        "store_msg_per_s": stored.apply_per_s,
        "screens": args.screens,
    }
    return report(
        "care",
        figures,
        limits={"copy_rows_per_s": stored.copy_per_s},
        ratios={"store_over_copy": stored.ratio},
        reached={
            "msg_per_s": best.per_s >= MSG_PER_S,
            "screen_p99_ms": p99 <= SCREEN_P99,
            "rss_mb_total": followed.memory <= RSS_MB,
            "store_over_copy": stored.ratio >= STORE_OVER_COPY,
        },
        lost=followed.lost,
        double=followed.double,
        n=followed.n,
        seed=SEED,
    )


def requests(stock: Stock, count: int, port: int) -> list[tuple[int, bytes]]:
    """Requests for the streams of so many screens, dealt out over the companies; each has a sign-in of its own."""
    from bench.companies import sign_ins  # noqa: PLC0415 - models can be imported once Django is set up

    shares = [count // len(stock.companies) + (n < count % len(stock.companies)) for n in range(len(stock.companies))]
    return [
        (n, f"GET /live/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: offhold={token}\r\n\r\n".encode())
        for n, share in enumerate(shares)
        if share
        for token in sign_ins(stock.companies[n], share)
    ]
