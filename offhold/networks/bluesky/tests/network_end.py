"""Ends a network when whoever started it is done, or dead: `python network_end.py TOOL HOME`, run beside it.

It waits for the end of its standard input, which comes when the starter closes it or is killed in whatever way. Then it
stops what the tool noted in HOME, waits until it has stopped, and removes HOME. Needs nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

_PATIENCE = 20.0  # seconds


def end(tool: Path, home: Path) -> None:
    """Stop the network of `home`. Returns once nothing of it runs any more, or the patience is over."""
    left = _running(home)
    environment = {**os.environ, "ATPROTO_HOME": str(home)}
    subprocess.run([str(tool / "down")], env=environment, check=False, stdin=subprocess.DEVNULL)
    pause, deadline = threading.Event(), time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and any(map(_alive, left)):
        pause.wait(0.05)


def _running(home: Path) -> list[int]:
    pids = [int(file.read_text()) for file in (home / "node.pid", home / "redis.pid") if file.exists()]
    with contextlib.suppress(OSError, ValueError, IndexError):  # not started yet, or stopped already
        data = Path((home / "pg.dir").read_text().strip())
        pids.append(int((data / "postmaster.pid").read_text().splitlines()[0]))
    return pids


def _alive(pid: int) -> bool:
    """Whether it runs; what has ended and is only waiting to be noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    sys.stdin.read()
    end(Path(sys.argv[1]), Path(sys.argv[2]))
    shutil.rmtree(sys.argv[2], ignore_errors=True)
