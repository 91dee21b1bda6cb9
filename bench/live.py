"""Fan-out to open screens: facts committed to PostgreSQL, read by the real web process, on 1,000 streams.

The limit beside it is a process that writes the same bytes to as many connections, as often, and does nothing else.
"""

from __future__ import annotations

import argparse
import time
from typing import Any, NamedTuple

from bench.installation import Installation, Running, cpu_seconds, installation, rss_mb
from bench.live_fact import changed
from bench.live_raw import raw
from bench.live_readers import Counted, Remote, readers
from bench.report import percentile, report, say
from offhold.kernel import facts
from offhold.live import wire
from offhold.live.sight import Stored

NAME = "live"
HELP = "fan-out to open screens, and what 3,000 of them cost in memory"

OVER_RAW = 0.5
RSS_MB = 198
STREAMS_PER_SIGN_IN = 50
AT = "2026-11-22T12:00:00.000Z"
WARM_UP = 2.0  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in under a minute."""
    parser.add_argument("--seconds", type=float, default=8.0, help="how long facts are delivered (default 8)")
    parser.add_argument("--clients", type=int, default=1000, help="open streams while facts flow (default 1000)")
    parser.add_argument("--streams", type=int, default=3000, help="open streams for the memory figure (default 3000)")
    parser.add_argument("--rate", type=int, default=200, help="facts per second, each to every stream (default 200)")


class Measured(NamedTuple):
    """A stretch of delivery: facts that arrived on all streams together, CPU-seconds spent on it, and its pace."""

    deliveries: int
    cpu: float
    period: float  # seconds from write to write
    seconds: list[float]

    @property
    def per_core(self) -> float:
        return self.deliveries / self.cpu


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure limit, hub, limit; then open the rest of the streams and look at the memory."""
    with installation(say) as here, here.web() as web, readers() as pages:
        return Fanout(args, here, web, pages).run()


class Fanout:
    """One run."""

    def __init__(self, args: argparse.Namespace, here: Installation, web: Running, pages: Remote) -> None:
        from bench.live_writer import Writer  # noqa: PLC0415 - models can be imported once `installation` set Django up

        self._args = args
        self._here = here
        self._web = web
        self._pages = pages
        self._writer = Writer()

    def run(self) -> dict[str, Any]:
        args, pages = self._args, self._pages
        most = max(args.streams, args.clients)
        wanted = requests(self._writer.sign_ins(-(-most // STREAMS_PER_SIGN_IN)), self._web.port)
        say(f"Opening {args.clients} streams")
        pages.open(self._web.port, wanted[: args.clients])
        pace = self.hub(WARM_UP).period
        say(f"One write per stream every {pace * 1000:.0f} ms; measuring limit, hub, limit")
        before, hub, after = self.limit(pace), self.hub(args.seconds), self.limit(pace)
        say(f"Opening {args.streams - args.clients} more streams")
        pages.open(self._web.port, wanted[args.clients : args.streams])
        self._writer.write(args.rate, 0.5)
        end = drained(pages, self._writer.last)
        return result(args, hub, [before, after], end, rss_mb(self._web.pid))

    def hub(self, seconds: float) -> Measured:
        """Commit facts at the rate for so long, until every stream has them all."""
        self._pages.count()
        spending = [self._web.pid, *(pid for pid in self._here.postgres_pids() if pid != self._writer.backend)]
        spent, began = cpu_seconds(spending), time.monotonic()
        self._writer.write(self._args.rate, seconds)
        counted = drained(self._pages, self._writer.last)
        period = (time.monotonic() - began) * self._args.clients / counted.events
        return Measured(counted.facts, cpu_seconds(spending) - spent, period, counted.seconds)

    def limit(self, period: float) -> Measured:
        """The same bytes to as many connections, as often, from a process that does nothing else."""
        args = self._args
        frames = raw_frames(args.rate, args.seconds / 2, period)
        last = len(frames) * int(args.rate * period)
        with raw() as writing, readers() as pages:
            pages.open(writing.at.port, [b"GET / HTTP/1.1\r\n\r\n"] * args.clients)
            spent = cpu_seconds([writing.at.pid])
            writing.write(frames, period)
            counted = drained(pages, last)
            return Measured(counted.facts, cpu_seconds([writing.at.pid]) - spent, period, [])


def result(
    args: argparse.Namespace, hub: Measured, limits: list[Measured], end: Counted, memory: float
) -> dict[str, Any]:
    """The figures in the one form."""
    limit = sum(m.deliveries for m in limits) / sum(m.cpu for m in limits)
    figures = {
        "deliveries_per_s_core": hub.per_core,
        f"rss_mb_{args.streams}_streams": memory,
        "screen_p50_ms": percentile(hub.seconds, 0.5) * 1000,
        "screen_p99_ms": percentile(hub.seconds, 0.99) * 1000,
        "clients": args.clients,
        "facts_per_s": args.rate,
    }
    ratio = hub.per_core / limit
    return report(
        NAME,
        figures,
        limits={"raw_deliveries_per_s_core": limit},
        ratios={"over_raw_write": ratio},
        reached={"over_raw_write": ratio >= OVER_RAW, "rss_mb_3000_streams": memory <= RSS_MB},
        lost=end.lost,
        double=end.double,
        n=hub.deliveries,
        seed=0,  # nothing here is drawn
    )


def drained(pages: Remote, last: int) -> Counted:
    """Wait until every stream has reached this number; what never comes counts as lost."""
    facts = events = 0
    seconds: list[float] = []
    until = time.monotonic() + 20
    while True:
        counted = pages.count()
        facts, events, seconds = facts + counted.facts, events + counted.events, seconds + counted.seconds
        if counted.slowest >= last or time.monotonic() > until:
            missing = max(0, last - counted.slowest)
            return counted._replace(facts=facts, events=events, seconds=seconds, lost=counted.lost + missing)
        time.sleep(0.05)


def raw_frames(rate: int, seconds: float, period: float) -> list[bytes]:
    """What the hub would write to one stream, write by write."""
    each = int(rate * period)
    return [
        wire.facts_event([wire.encoded(stored(number)) for number in range(last - each + 1, last + 1)], last).chunk
        for last in range(each, int(rate * seconds) + 1, each)
    ]


def stored(number: int) -> Stored:
    """A fact as it stands in the log."""
    return Stored(number, "case.changed", number, False, facts.payload(changed(number)), AT)


def requests(tokens: list[str], port: int) -> list[bytes]:
    """Requests for streams, as many for each sign-in."""
    return [
        f"GET /live/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: offhold={token}\r\n\r\n".encode()
        for token in tokens
        for _ in range(STREAMS_PER_SIGN_IN)
    ]
