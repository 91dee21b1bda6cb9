"""What processes cost: CPU time and memory, of ours and of the database server's."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import psutil
import psycopg

from bench.installation import spent


class Costs:
    """Meters what a database at the owner's `url` and our processes `pids` cost."""

    def __init__(self, url: str, pids: Callable[[], list[int]]) -> None:
        self._url = url
        self._pids = pids

    def cpu(self) -> float:
        """CPU-seconds so far of our processes and of the database's: its backends, and what writes for all."""
        return sum(spent(pid) for pid in [*self._pids(), *self._postgres()])

    def each(self) -> list[float]:
        """The same, of each of our processes, and of the database's together."""
        return [*(spent(pid) for pid in self._pids()), sum(spent(pid) for pid in self._postgres())]

    def _postgres(self) -> list[int]:
        with psycopg.connect(self._url) as conn:
            found = conn.execute(
                "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND (datname = current_database() OR datname IS NULL)"
            )
            return [pid for (pid,) in found]


def pss_mb(pids: list[int]) -> float:
    """Memory of processes in MB (10^6 bytes), what they share counted once (proportional set size)."""
    return sum(float(psutil.Process(pid).memory_full_info().pss) for pid in pids) / 1e6


@contextmanager
def beside(target: Callable[[Connection], None]) -> Iterator[Connection]:
    """Run `target` in a process of its own, for the length of a block; yields our end of its pipe."""
    spawn: Any = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=target, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()
        ours.close()
