"""The network's clock: wall time plus the offset, in seconds, that the file named by OFFHOLD_CLOCK_FILE holds.

The desk reads the same file, so fifteen days can pass for both in a second.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """Milliseconds since 1970. The file is read again only when it changed; an empty one is just being written."""

    def __init__(self, file: str | None = None) -> None:
        name = file if file is not None else os.environ.get("OFFHOLD_CLOCK_FILE", "")
        self._file = Path(name) if name else None
        self._stamp = (0, 0, 0)
        self._offset = 0.0

    def ms(self) -> int:
        return int((time.time() + self.offset()) * 1000)

    def offset(self) -> float:
        if self._file is None:
            return 0.0
        try:
            stat = self._file.stat()
            if (stamp := (stat.st_mtime_ns, stat.st_ino, stat.st_size)) != self._stamp and stat.st_size:
                self._offset = float(self._file.read_text() or self._offset)
                self._stamp = stamp
        except FileNotFoundError:
            self._offset, self._stamp = 0.0, (0, 0, 0)
        return self._offset


def iso(ms: int) -> str:
    """`2026-11-22T12:00:00.123Z`"""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> int:
    """Raises ValueError on anything but an ISO 8601 time with an offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time needs its offset")
    return int(at.timestamp() * 1000)
