"""The last gate on the way out: whoever sends can still say no at the moment a socket would open or a byte would leave.

`through(passage)` puts a passage around what a connector does, in its task and in those it starts. The egress asks it:
`check` before it dials, `leave` before the first byte of each request. Without a passage around it (a look, a poll)
nothing is asked. Both answers are given at once: between an answer and the act there is no waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from offhold.connectors.contract import NotSent


class Stopped(NotSent):
    """Whoever sends no longer wants this to go, and nothing was sent."""

    def __init__(self) -> None:
        super().__init__("Publishing is stopped.")


class Passage:
    """`closed`: nothing more may leave. `left`: a byte of it may have left before that."""

    def __init__(self) -> None:
        self.closed = False
        self.left = False


_around: ContextVar[Passage | None] = ContextVar("passage", default=None)


@contextmanager
def through(passage: Passage) -> Iterator[None]:
    """Whatever is done within goes through this passage."""
    token = _around.set(passage)
    try:
        yield
    finally:
        _around.reset(token)


def check() -> None:
    """May a socket be opened now. Raises `Stopped`."""
    passage = _around.get()
    if passage is not None and passage.closed:
        raise Stopped


def leave() -> None:
    """A byte is about to leave. Raises `Stopped`, and then none does."""
    check()
    passage = _around.get()
    if passage is not None:
        passage.left = True
