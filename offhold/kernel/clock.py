"""Business time. The only source of "now" outside leases.

Real time, plus an offset in seconds that tests keep in the file named by `OFFHOLD_CLOCK_FILE`: every process of a
run reads it, the sandbox network too, so that fifteen days pass in seconds and all agree on it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

_file = os.environ.get("OFFHOLD_CLOCK_FILE")


def now() -> datetime:
    """The current business time, timezone-aware, UTC."""
    real = datetime.now(UTC)
    return real if _file is None else real + timedelta(seconds=offset())


def offset() -> float:
    """Seconds that business time is ahead of the machine's; 0.0 unless a test moved it."""
    if _file is None:
        return 0.0
    try:
        return float(Path(_file).read_text() or 0)
    except FileNotFoundError:
        return 0.0
