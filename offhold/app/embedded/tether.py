"""A child that must not outlive us, however we die."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_us(number: signal.Signals) -> Callable[[], None]:
    """What a child runs between fork and exec, so that the kernel sends it `number` when our process ends.

    It must come after the change of uid, which clears it: `subprocess` calls it there. Linux only; elsewhere an orphan
    is found by the next start. The forking thread must be one that lives as long as the process.
    """
    parent = os.getpid()

    def in_child() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return in_child
