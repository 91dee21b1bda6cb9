"""Group commit: whatever arrived while the last commit ran goes into the next one, so the disk is asked once for many.

One thread with one connection. `submit` is called from the event loop; its future ends only after the COMMIT of the
body's transaction, with an error when it could not be stored.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque

import psycopg

from offhold.intake.log import Arrival, append, forget_rolls
from offhold.kernel.db import raw
from offhold.kernel.db.roles import PIPELINE

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
MOST_WAITING = 20_000  # above this we answer "not now" at once, so that memory is bounded


class NotStored(Exception):
    """It is not in the database: the network must be told to try again."""


Waiting = tuple[Arrival, "asyncio.Future[None]"]


class GroupCommit:
    """Start with `start()`, end with `stop()`; between them `await submit(arrival)` returns once it is committed."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """From the event loop that will submit."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def submit(self, arrival: Arrival) -> None:
        """Raises `NotStored` when the commit did not succeed."""
        if len(self._waiting) >= MOST_WAITING or self._stopping:
            raise NotStored("too much is waiting" if not self._stopping else "stopping")
        assert self._loop is not None
        done: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((arrival, done))
        self._wake.set()
        await done

    def stop(self) -> None:
        """Commit what waits, then end."""
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        conn: psycopg.Connection | None = None
        while not (self._stopping and not self._waiting):
            self._wake.wait()
            self._wake.clear()
            while batch := self._next():
                conn = self._commit(conn, batch)
        if conn is not None:
            conn.close()

    def _next(self) -> list[Waiting]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]

    def _commit(self, conn: psycopg.Connection | None, batch: list[Waiting]) -> psycopg.Connection | None:
        error: NotStored | None = None
        try:
            if conn is None or conn.closed:
                conn = raw.connect(PIPELINE)
            with raw.transaction_on(conn, {a.workspace for a, _ in batch}) as tx:
                append(tx, [a for a, _ in batch])
        except Exception as failed:  # whatever it was, nobody may be told that we have it
            log.warning("could not store %d arrivals: %s", len(batch), type(failed).__name__, exc_info=failed)
            error = NotStored(str(failed))
            forget_rolls()
            if conn is not None:
                conn.close()
            conn = None
        assert self._loop is not None
        self._loop.call_soon_threadsafe(_settle, [done for _, done in batch], error)
        return conn


def _settle(futures: list[asyncio.Future[None]], error: NotStored | None) -> None:
    for future in futures:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
