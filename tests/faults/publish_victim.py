"""A sender in a process of its own, to be killed: `python -m tests.faults.publish_victim NETWORK_FILE [before|after]`.

The network is a file to which every message it ever took is appended and fsynced, so that it outlives any process.
With `before` or `after` the process stops for ever just before or just after the network took the message, and says so
by a file beside it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import django
import msgspec

from offhold.connectors.contract import (
    Absent,
    Audience,
    Channel,
    DirectOut,
    Egress,
    Found,
    PublicOut,
    ReadBack,
    Receipt,
)
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.kernel import clock


class FileNetwork(FakeConnector):
    """Speaks to a network that is a file. A look is always complete, and always has its positive control."""

    def __init__(self, file: Path, stop: str = "") -> None:
        super().__init__(FakeNetwork(dedupes=False))
        self._file = file
        self._stop = stop

    async def deliver_public(self, egress: Egress, channel: Channel, out: PublicOut) -> Receipt:
        return await self._take("public", out.key, out.text)

    async def deliver_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> Receipt:
        return await self._take("private", out.key, out.text)

    async def read_back_public(self, egress: Egress, channel: Channel, out: PublicOut) -> ReadBack:
        return self._found("public", out.key)

    async def read_back_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> ReadBack:
        return self._found("private", out.key)

    async def _take(self, audience: Audience, key: str, text: str) -> Receipt:
        await self._stop_at("before")
        with self._file.open("ab") as file:
            file.write(msgspec.json.encode({"audience": audience, "key": key, "text": text}) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        await self._stop_at("after")
        return Receipt(f"item-{key}", clock.now(), audience)

    async def _stop_at(self, moment: str) -> None:
        if self._stop == moment:
            self._file.with_suffix(".reached").touch()
            await asyncio.Event().wait()

    def _found(self, audience: Audience, key: str) -> ReadBack:
        for said in taken(self._file):
            if (said["audience"], said["key"]) == (audience, key):
                return Found(Receipt(f"item-{key}", clock.now(), audience))
        return Absent()


def taken(file: Path) -> list[dict[str, str]]:
    """Everything the network ever took, in order."""
    return [msgspec.json.decode(line) for line in file.read_bytes().splitlines()] if file.exists() else []


def main() -> None:
    django.setup()
    from offhold.connectors import registry
    from offhold.publishing.sender import Sender
    from offhold.publishing.tests.world import HASTY, no_picture

    connector = FileNetwork(Path(sys.argv[1]), *sys.argv[2:])
    with registry.networks.lend(connector):
        asyncio.run(Sender(FakeNetwork().egress, no_picture, pace=HASTY).run())


if __name__ == "__main__":
    main()
