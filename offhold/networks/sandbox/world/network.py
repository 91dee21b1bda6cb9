"""What the parts of the network share: store, clock, ids, the oracle's log, faults, and who waits for new events."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from offhold.networks.sandbox.world.clock import Clock, iso
from offhold.networks.sandbox.world.faults import Faults
from offhold.networks.sandbox.world.ids import Ids
from offhold.networks.sandbox.world.log import Log
from offhold.networks.sandbox.world.store import Store


class Refusal(Exception):
    """The network says no and has done nothing. `code` is stable, the text is for a person."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code = status, code


class Network:
    """One thread owns it. An act writes to the store and the log at once; `settle` puts both on disk."""

    def __init__(self, data: Path, clock: Clock | None = None) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.clock = clock or Clock()
        self.store = Store(data / "sandbox.sqlite3")
        self.log = Log(data / "oracle.jsonl", self._commit, self._announce)
        self.faults = Faults()
        self.base_url = ""
        self.key_window = 600.0
        last = self.store.one("SELECT max(substr(id, 2)) FROM (SELECT id FROM items UNION SELECT id FROM accounts)")
        self.ids = Ids("x" + last[0] if last and last[0] else "")
        self.connected = {row["id"] for row in self.store.all("SELECT id FROM accounts WHERE connected = 1")}
        self.seen = self.store.number("SELECT max(seq) FROM events")  # events up to here are on disk
        self._committed, self._committed_at = self.seen, 0
        self._new = asyncio.Event()
        self.counted: set[str] = set()  # items whose counts changed and were not told yet

    def now(self) -> int:
        return self.clock.ms()

    def as_of(self) -> int:
        """Every event from before this time is among those up to `seen`."""
        return self.now() if self.log.calm and not self.store.dirty else self._committed_at

    def record(self, kind: str, **fields: Any) -> None:
        self.log.add(kind, iso(self.now()), **fields)

    async def settle(self) -> None:
        """Return once everything done so far is in the store and on disk."""
        if self.store.dirty:
            self.log.stir()
        await self.log.settle()

    async def news(self) -> None:
        """Return at the next flush that may have brought events."""
        await self._new.wait()

    def _commit(self) -> None:
        self.store.commit()
        self._committed_at = self.now()
        self._committed = self.store.number("SELECT max(seq) FROM events")

    def _announce(self) -> None:
        if self._committed > self.seen:
            self.seen = self._committed
            self._new.set()
            self._new = asyncio.Event()

    def account(self, id_or_handle: str) -> sqlite3.Row:
        """By id, or by handle with or without its @. Raises Refusal when nobody is called so."""
        name = id_or_handle.removeprefix("@")
        row = self.store.one("SELECT * FROM accounts WHERE id = ? OR handle = ?", name, name)
        if row is None:
            raise Refusal(404, "no_such_account", "There is no such account.")
        return row

    def item(self, item_id: str) -> sqlite3.Row:
        row = self.store.one("SELECT * FROM items WHERE id = ?", item_id)
        if row is None or row["deleted"] is not None:
            raise Refusal(404, "not_found", "There is nothing here, or it was deleted.")
        return row

    def close(self) -> None:
        self.log.close()
        self.store.close()
