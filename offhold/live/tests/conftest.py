from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from offhold.live.asgi import Application
from offhold.live.hub import Hub
from offhold.live.tests.browser import Guests, Log


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def guests() -> Guests:
    return Guests()


@pytest_asyncio.fixture
async def live(log: Log, guests: Guests) -> AsyncIterator[Application]:
    """The application over a log in memory; its streams are ended with the test."""
    hub = Hub(log, guests, log)
    yield Application(hub)
    hub.stop()
