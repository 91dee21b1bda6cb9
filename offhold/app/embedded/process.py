"""One child process: started in a session of its own, never outliving us, asked to stop before it is made to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from offhold.app.embedded.tether import dies_with_us

# The child writes a line to this descriptor once it serves.
READY_FD = "OFFHOLD_READY_FD"


class Process:
    """A Python module of ours as a child. `descriptors` are open files it inherits under the same numbers.

    `log` takes what it prints; None = it prints where we print. `tells_ready`: it will say when it serves.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        *,
        descriptors: Sequence[int] = (),
        log: Path | None = None,
        tells_ready: bool = False,
        grace: float = 5,
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.environ = environ
        self.descriptors = descriptors
        self.log = log
        self.tells_ready = tells_ready
        self.grace = grace
        self.ready_fd: int | None = None
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. The calling thread must be the main one: the child ends when that ends."""
        self.close()
        tell: int | None = None
        environ = dict(self.environ)
        if self.tells_ready:
            self.ready_fd, tell = os.pipe()
            environ[READY_FD] = str(tell)
        with self.output() as output:
            self._popen = subprocess.Popen(
                [sys.executable, *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environ,
                pass_fds=(*self.descriptors, *([tell] if tell is not None else [])),
                start_new_session=True,  # Ctrl-C at the terminal is for us to pass on, in order
                preexec_fn=dies_with_us(signal.SIGTERM),  # noqa: PLW1509 - the supervisor has no threads
            )
        if tell is not None:
            os.close(tell)

    def output(self) -> AbstractContextManager[IO[bytes] | None]:
        """The open log, or None to print where we print."""
        return self.log.open("ab") if self.log else nullcontext()

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._popen.pid if self._popen and self._popen.poll() is None else None

    def ended(self) -> str | None:
        """How it ended, in words; None while it runs or before it was started."""
        return how_it_ended(self._popen)

    def heard_ready(self) -> bool:
        """Read what it told on its ready descriptor; True if it serves."""
        if self.ready_fd is None:
            return False
        told = os.read(self.ready_fd, 64)
        self.close()
        return bool(told)

    def stop(self) -> None:
        """Ask it to stop; after its grace the whole of its session is killed."""
        if self._popen is None or self._popen.poll() is not None:
            return
        self._popen.terminate()
        try:
            self._popen.wait(self.grace)
        except subprocess.TimeoutExpired:
            os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()
        self.close()

    def close(self) -> None:
        """Forget the ready descriptor."""
        if self.ready_fd is not None:
            os.close(self.ready_fd)
            self.ready_fd = None


def how_it_ended(popen: subprocess.Popen[bytes] | None) -> str | None:
    """`exit code 1`, `killed by SIGKILL`; None while it runs or was never started."""
    code = popen.poll() if popen else None
    if code is None:
        return None
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def tell_ready() -> None:
    """Called by a child once it serves. Does nothing when nobody asked."""
    descriptor = os.environ.pop(READY_FD, None)
    if descriptor:
        os.write(int(descriptor), b"ready\n")
        os.close(int(descriptor))
