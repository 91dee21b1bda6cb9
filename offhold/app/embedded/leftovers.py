"""A PostgreSQL that an earlier run left behind: found by where it works, stopped before a new one starts.

We hold the lock of `var/`, so no supervisor looks after it any more. A pid file alone proves nothing: in a container
the same small numbers come back at every start, and PostgreSQL would refuse to start because "its" process is alive.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from offhold.app.problem import Problem

# (signal, seconds to wait after it): finish the transactions, then drop them, then nothing more to lose.
STEPS = ((None, 2), (signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))


def clear(data: Path, say: Callable[[str], None]) -> None:
    """Stop every process that works in `data`, then remove what would keep a new server from starting."""
    if not (data / "postmaster.pid").exists() and not working_in(data):
        return
    for number, seconds in STEPS:
        found = working_in(data)
        if not found:
            break
        if number is not None:
            say(f"Stopping a PostgreSQL that an earlier run left behind (process {first(found).pid})")
            tell(found, number)
        gone(data, seconds)
    if found := working_in(data):
        raise Problem(
            f"A PostgreSQL (process {first(found).pid}) works in {data} and does not stop.", "End it, then start again."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)


def tell(found: list[psutil.Process], number: signal.Signals) -> None:
    """The postmaster passes a stop on to its children; only SIGKILL must reach each of them."""
    for process in found if number == signal.SIGKILL else [first(found)]:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def first(found: list[psutil.Process]) -> psutil.Process:
    """The postmaster: the one whose parent is not among them."""
    pids = {process.pid for process in found}
    return next((p for p in found if parent_of(p) not in pids), found[0])


def parent_of(process: psutil.Process) -> int | None:
    """Process id of the parent, None once it is gone."""
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return None


def working_in(data: Path) -> list[psutil.Process]:
    """Living `postgres` processes whose working directory is `data`: the postmaster and all its children."""
    resolved = str(data.resolve())
    return [p for p in psutil.process_iter(["name"]) if p.info["name"] == "postgres" and works_in(p, resolved)]


def works_in(process: psutil.Process, directory: str) -> bool:
    """Is `directory` where `process` works. Other people's processes do not tell, and are not ours."""
    try:
        return process.cwd() == directory and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def gone(data: Path, seconds: float) -> bool:
    """Wait up to `seconds` until nothing works in `data`; True when nothing does."""
    until = time.monotonic() + seconds
    while working_in(data):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
