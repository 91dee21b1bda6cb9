"""Signals as something to wait for, so that the supervisor sleeps until there is something to do."""

from __future__ import annotations

import os
import select
import signal
from types import TracebackType
from typing import Self

HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
STOP = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


class Signals:
    """Collects our signals while the block lasts; only the main thread may use it."""

    def __enter__(self) -> Self:
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)
        self._wakeup = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, heard) for number in HEARD}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        os.close(self._read)
        os.close(self._write)

    def wait(self, seconds: float | None, *others: int) -> set[int]:
        """The signals that came, after at most `seconds`; earlier when one of the descriptors `others` is readable."""
        ready, _, _ = select.select([self._read, *others], [], [], seconds)
        return set(os.read(self._read, 4096)) if self._read in ready else set()

    def readable(self, descriptor: int) -> bool:
        """Is there something to read on `descriptor` right now."""
        return bool(select.select([descriptor], [], [], 0)[0])


def heard(*_: object) -> None:
    """Python only writes to the wake-up descriptor for signals that have a handler; this is it."""
