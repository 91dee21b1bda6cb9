"""What the disk can do: a record written and forced to it, as PostgreSQL forces its log."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from bench.report import percentile

RECORD = 8192  # bytes, a page of the log
TIMES = 400


def fdatasync_p99(directory: Path) -> float:
    """Seconds, 99th percentile, for a small record appended to a file of `directory`."""
    return percentile(fdatasyncs(directory), 0.99)


def fdatasyncs(directory: Path) -> list[float]:
    """Seconds each of a few hundred took, one after the other, into a file that has its length already."""
    seconds = []
    with tempfile.TemporaryFile(dir=directory) as file:
        os.posix_fallocate(file.fileno(), 0, RECORD * TIMES)
        os.fsync(file.fileno())
        for number in range(TIMES):
            os.pwrite(file.fileno(), b"x" * RECORD, number * RECORD)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            seconds.append(time.perf_counter() - began)
    return seconds
