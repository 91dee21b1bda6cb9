"""What the tests of this folder share: the real network and the chat service behind it, one of each for the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from offhold.networks.bluesky.tests.chat_stub import ChatService, chat_service
from offhold.networks.bluesky.tests.real_network import RealNetwork, atproto

__all__ = ["atproto"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the real network says so, for `pytest -m "not atproto"`."""
    for item in items:
        if "atproto" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.atproto)


@pytest.fixture(scope="session")
def chats(atproto: RealNetwork) -> Iterator[ChatService]:
    with chat_service(atproto) as service:
        yield service
