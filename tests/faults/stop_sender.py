"""A sender in a process of its own whose network is an HTTP server: `python -m tests.faults.stop_sender HOST:PORT`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import django
import msgspec

from offhold.connectors.contract import Answer
from offhold.connectors.egress import GuardedEgress
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.connectors.fake.egress import BASE


class OverHttp:
    """The fake network's address leads to a real server, through the one guarded way out."""

    def __init__(self, place: str) -> None:
        self._place, self._egress = place, GuardedEgress([place])

    async def request(self, method: str, url: str, **options: Any) -> Answer:
        return await self._egress.request(method, url.replace(BASE, f"http://{self._place}"), **options)


def main() -> None:
    django.setup()
    from offhold.connectors import registry
    from offhold.publishing.sender import Sender
    from offhold.publishing.tests.world import QUICK, no_picture

    pace = msgspec.structs.replace(QUICK, at_once=32, request_seconds=10.0, lease_seconds=20.0)
    with registry.networks.lend(FakeConnector(FakeNetwork())):
        asyncio.run(Sender(OverHttp(sys.argv[1]), no_picture, pace=pace).run())  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
