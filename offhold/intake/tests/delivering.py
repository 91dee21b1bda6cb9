"""What a network delivers, as it does."""

from __future__ import annotations

import httpx

from offhold.connectors.fake import FakeNetwork
from offhold.intake.tests.world import World


def body(text: str = "Where is my bag?") -> bytes:
    """What the network would send for one post."""
    network = FakeNetwork()
    network.post(text)
    return network.deliveries()[0].body


async def deliver(http: httpx.AsyncClient, world: World, content: bytes, **changed: str) -> int:
    headers = {**dict(world.signed(content).headers), **changed}
    return (await http.post(world.path, content=content, headers=headers)).status_code
