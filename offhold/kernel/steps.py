"""Run the first step of an awaitable at once: nearly always it is the last, and then no task or timer is needed."""

from __future__ import annotations

import types
from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")


@types.coroutine
def rest(awaited: Any, steps: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
    """What remains of an awaitable's `__await__()` after `next`, whose answer `awaited` must be waited for first."""
    yield awaited
    return (yield from steps)
