"""A sender in a process of its own whose network is an HTTP server:
`python -m tests.faults.stop_sender HOST:PORT TAP RATE`.

Nothing leaves it before the file TAP is there; from then on it opens at most RATE requests a second. So a stop meets as
many sockets a second as a test wants, whatever the machine's database can do in that time.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any, cast

import django
import msgspec

from offhold.connectors.contract import Answer, Egress
from offhold.connectors.egress import GuardedEgress
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.connectors.fake.egress import BASE


class OverHttp:
    """The fake network's address leads to a real server, through the one guarded way out, when the tap is open."""

    def __init__(self, place: str, tap: Path, rate: float) -> None:
        self._place, self._egress = place, GuardedEgress([place])
        self._tap, self._apart, self._next = tap, 1 / rate, 0.0
        self._open = asyncio.Event()

    async def watch(self) -> None:
        """Open the tap when its file is there."""
        await asyncio.to_thread(self._wait_for_it)
        self._open.set()

    def _wait_for_it(self) -> None:
        while not self._tap.exists():
            time.sleep(0.02)

    async def request(self, method: str, url: str, **options: Any) -> Answer:
        await self._open.wait()
        now = asyncio.get_running_loop().time()
        self._next = max(now, self._next + self._apart)
        await asyncio.sleep(self._next - now)
        return await self._egress.request(method, url.replace(BASE, f"http://{self._place}"), **options)


def main() -> None:
    django.setup()
    from offhold.connectors import registry
    from offhold.publishing.sender import Sender
    from offhold.publishing.tests.world import QUICK, no_picture

    pace = msgspec.structs.replace(QUICK, at_once=200, request_seconds=60.0, lease_seconds=90.0)
    with registry.networks.lend(FakeConnector(FakeNetwork())):
        place, tap, rate = sys.argv[1:]
        over_http = OverHttp(place, Path(tap), float(rate))
        egress = cast("Egress", over_http)  # of an egress, the fake network asks for `request` alone

        async def work() -> None:
            await asyncio.gather(over_http.watch(), Sender(egress, no_picture, pace=pace).run())

        asyncio.run(work())


if __name__ == "__main__":
    main()
