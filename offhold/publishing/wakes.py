"""What wakes the sender: a notification when somebody means a reply, carried by PostgreSQL, or a timer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import LiteralString

import psycopg
from django.db import connection

log = logging.getLogger(__name__)

CHANNEL = "offhold_replies"
_AGAIN = 1.0  # seconds before a lost connection is tried again; the timer wakes the sender meanwhile


class Wakes:
    """An event that other processes can set. `dsn`: where to listen; None: where Django connects."""

    def __init__(self, dsn: str | None = None, channel: LiteralString = CHANNEL) -> None:
        self._dsn = dsn
        self._channel = channel
        self._event = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        """Begin to hear notifications; what was notified before is found by looking."""
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening

    def set(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Until woken, at most so long. Wake-ups that came before count."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()

    async def _listen(self) -> None:
        while True:
            try:
                async with await self._connect() as conn:
                    await conn.execute(f"LISTEN {self._channel}")
                    self.set()  # whatever was notified while we could not hear
                    async for _ in conn.notifies():
                        self.set()
            except psycopg.Error as error:
                log.warning("cannot hear wake-ups, looking by the clock: %s", type(error).__name__)
            await asyncio.sleep(_AGAIN)

    async def _connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        if self._dsn is not None:
            return await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
        given = connection.get_connection_params()
        params = {k: v for k, v in given.items() if k in ("dbname", "user", "password", "host", "port", "options")}
        return await psycopg.AsyncConnection.connect(**params, autocommit=True)
