"""What the tests of this folder share: the real network and the chat service behind it, one of each for the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from offhold.networks.bluesky.tests.chat_stub import ChatService, chat_service
from offhold.networks.bluesky.tests.real_network import RealNetwork, atproto

__all__ = ["atproto"]


@pytest.fixture(scope="session")
def chats(atproto: RealNetwork) -> Iterator[ChatService]:
    with chat_service(atproto) as service:
        yield service
