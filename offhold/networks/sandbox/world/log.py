"""The oracle's pen: an append-only file of JSON lines, on disk before anybody is answered.

Many requests share one flush: whatever was written while the last one was at the disk goes into the next. A flush
commits the store first, so a published item is never in the log without being in the store.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec


class Log:
    def __init__(self, path: Path, commit: Callable[[], None], settled: Callable[[], None]) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._commit, self._settled = commit, settled
        self._lines: list[bytes] = []
        self._added = self._safe = 0
        self._flush: asyncio.Task[None] | None = None
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="oracle")
        self._encode = msgspec.json.Encoder().encode

    def add(self, kind: str, at: str, **fields: Any) -> None:
        """Takes effect on disk with the next `settle`; fields that are None are left out."""
        record = {"kind": kind, "at": at, **{k: v for k, v in fields.items() if v is not None}}
        self._lines.append(self._encode(record) + b"\n")
        self._added += 1

    def stir(self) -> None:
        """The store holds something that has no line here: the next `settle` commits it."""
        self._added += 1

    @property
    def calm(self) -> bool:
        """Nothing waits for the disk."""
        return self._safe == self._added

    async def settle(self) -> None:
        """Return once everything added so far is in the store and on disk."""
        target = self._added
        while self._safe < target:
            if self._flush is None:
                self._flush = asyncio.create_task(self._flush_once())
            await asyncio.shield(self._flush)

    async def _flush_once(self) -> None:
        try:
            self._commit()
            data, upto = b"".join(self._lines), self._added
            self._lines.clear()
            await asyncio.get_running_loop().run_in_executor(self._disk, self._write, data)
            self._safe = upto
        finally:
            self._flush = None
        self._settled()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]
        os.fdatasync(self._fd)

    def close(self) -> None:
        self._commit()
        if self._lines:
            self._write(b"".join(self._lines))
            self._lines.clear()
        self._disk.shutdown()
        os.close(self._fd)
