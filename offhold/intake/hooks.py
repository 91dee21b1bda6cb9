"""Which channel does a webhook address belong to? Looked up once, kept for a few seconds."""

from __future__ import annotations

import threading
import time

import psycopg

from offhold.channels.queries import load_channels
from offhold.connectors.contract import Channel
from offhold.kernel.db import raw
from offhold.kernel.db.roles import PIPELINE

KEPT_SECONDS = 5.0  # a paused or removed channel is refused within this time
MOST_UNKNOWN = 1_000  # remembered guesses, so that guessing costs us nothing and memory stays bounded


class Hooks:
    """`find` is called in a thread; answers come from memory for `KEPT_SECONDS`."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, Channel | None]] = {}
        self._lock = threading.Lock()
        self._conn: psycopg.Connection | None = None

    def remembered(self, token: str) -> tuple[Channel | None] | None:
        """A 1-tuple with what was found, or None when it must be looked up."""
        kept = self._found.get(token)
        return (kept[1],) if kept is not None and time.monotonic() < kept[0] else None

    def find(self, token: str) -> Channel | None:
        """The channel of an address, None when there is none or it is paused. Raises psycopg.Error."""
        with self._lock:
            known = self.remembered(token)
            if known is not None:
                return known[0]
            channel = self._look_up(token)
            if len(self._found) > MOST_UNKNOWN:
                self._found.clear()
            self._found[token] = (time.monotonic() + KEPT_SECONDS, channel)
            return channel

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
