"""Directories where root's PostgreSQL may pass through; pytest's own are closed to it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def place(prefix: str = "offhold-test-") -> Iterator[Path]:
    """A directory of its own that anybody may pass through, gone afterwards."""
    directory = Path(tempfile.mkdtemp(prefix=prefix))
    directory.chmod(0o711)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for `condition`, looking often; fails when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what we waited for did not come"
        time.sleep(0.02)
