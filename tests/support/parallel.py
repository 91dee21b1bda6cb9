"""Acts done at the same moment, each in a thread and on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")


def given_back(act: Callable[..., T], *given: Any) -> T:
    """Do it, and give this thread's connection back: a thread that ends with one keeps it from the pool for ever."""
    try:
        return act(*given)
    finally:
        connection.close()


def at_once(*acts: Callable[[], T]) -> list[T]:
    """What each answered, in the order given; all begin together. The first failure is raised when all have ended."""
    together = Barrier(len(acts))

    def begin(act: Callable[[], T]) -> T:
        together.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        begun = [threads.submit(given_back, begin, act) for act in acts]
    return [one.result() for one in begun]


async def in_thread(act: Callable[..., T], *given: Any) -> T:
    """`asyncio.to_thread` for an act that asks the database."""
    return await asyncio.to_thread(given_back, act, *given)
