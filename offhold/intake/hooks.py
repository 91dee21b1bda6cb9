"""Which channel does a webhook address belong to? Looked up once, kept for a few seconds.

An address in use is looked up again before its answer is too old, beside the deliveries: with each look-up in their way
all deliveries of a channel stood still every five seconds, and took the threads of each other's look-ups.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import NamedTuple

import psycopg

from offhold.channels.queries import load_channels
from offhold.connectors.contract import Channel
from offhold.kernel.db import raw
from offhold.kernel.db.roles import PIPELINE

log = logging.getLogger(__name__)

KEPT_SECONDS = 5.0  # a paused or removed channel is refused within this time
RENEW_SECONDS = 3.0  # one that is used is looked up again after this
MOST_UNKNOWN = 1_000  # remembered guesses, so that guessing costs us nothing and memory stays bounded


class Known(NamedTuple):
    """What a look-up found, and by the monotonic clock when it is looked up again and when no longer believed."""

    channel: Channel | None
    renew_at: float
    until: float


class Hooks:
    """`find` belongs to the event loop; look-ups run in threads, one for an address at a time."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._looking: dict[str, asyncio.Task[Channel | None]] = {}
        self._lock = threading.Lock()
        self._conn: psycopg.Connection | None = None

    def remembered(self, token: str) -> Known | None:
        """What is known of an address; None when `find` must be asked."""
        known, now = self._known.get(token), time.monotonic()
        if known is None or known.until <= now:
            return None
        if known.renew_at <= now:
            self._look(token)
        return known

    async def find(self, token: str) -> Channel | None:
        """The channel of an address, None when there is none or it is paused. Raises psycopg.Error."""
        return await asyncio.shield(self._look(token))  # others may wait for the same

    def _look(self, token: str) -> asyncio.Task[Channel | None]:
        task = self._looking.get(token)
        if task is None:
            task = self._looking[token] = asyncio.create_task(self._renew(token))
            task.add_done_callback(_said)
        return task

    async def _renew(self, token: str) -> Channel | None:
        asked = time.monotonic()
        try:
            channel = await asyncio.to_thread(self._locked, token)
        finally:
            del self._looking[token]
        if len(self._known) > MOST_UNKNOWN:
            self._known.clear()
        self._known[token] = Known(channel, asked + RENEW_SECONDS, asked + KEPT_SECONDS)
        return channel

    def _locked(self, token: str) -> Channel | None:
        with self._lock:
            return self._look_up(token)

    def _look_up(self, token: str) -> Channel | None:
        if self._conn is None or self._conn.closed:
            self._conn = raw.connect(PIPELINE)
        try:
            with raw.transaction_on(self._conn, []) as tx:
                row = tx.one("SELECT workspace_id, channel_id FROM channel_of_hook(%s)", (token,))
            if row is None:
                return None
            with raw.transaction_on(self._conn, [row[0]]) as tx:
                return load_channels(tx, [row[1]]).get(row[1])
        except psycopg.Error:
            self._conn.close()
            raise


def _said(task: asyncio.Task[Channel | None]) -> None:
    """Whether or not anybody waited for it; what was known before is used until it is too old."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("could not look up a webhook address: %s", type(error).__name__)
