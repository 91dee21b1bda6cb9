"""Time-ordered 64-bit ids: 41 bits of milliseconds since 2025, 12 bits of node, 10 bits of sequence.

Newest-first is then the order of the key itself, indexes stay small, and ids can be made before the row is
written. A node number comes from a sequence in the database at start (`claim_node`); 4,096 starts pass before one
returns. Ids travel as strings in JSON: JavaScript's numbers end at 2^53.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
_NODE_BITS, _SEQ_BITS = 12, 10
_lock = threading.Lock()
_node = secrets.randbelow(1 << _NODE_BITS)
_last = 0  # milliseconds << sequence bits | sequence, never goes back


def claim_node(number: int) -> None:
    """Use this node number from now on; only its low 12 bits count."""
    global _node  # noqa: PLW0603 - one number line per process is the point
    _node = number % (1 << _NODE_BITS)


def new() -> int:
    """One id, larger than every id this process made before."""
    global _last  # noqa: PLW0603 - one number line per process is the point
    floor = (time.time_ns() // 1_000_000 - EPOCH_MS) << _SEQ_BITS
    with _lock:
        _last = max(floor, _last + 1)
        return _join(_last)


def take(count: int) -> list[int]:
    """`count` ascending ids. More than 1,024 in a millisecond borrow from the next ones."""
    global _last  # noqa: PLW0603 - the same
    floor = (time.time_ns() // 1_000_000 - EPOCH_MS) << _SEQ_BITS
    with _lock:
        start = max(floor, _last + 1)
        _last = start + count - 1
    return [_join(tick) for tick in range(start, start + count)]


def ahead(count: int) -> Callable[[], int]:
    """As `new`, for about `count` ids of one batch: they are taken at once, and what is left of them is never used."""
    taken = iter(take(count))
    return lambda: next(taken, 0) or new()


def _join(tick: int) -> int:
    ms, seq = tick >> _SEQ_BITS, tick & ((1 << _SEQ_BITS) - 1)
    return ((ms << _NODE_BITS | _node) << _SEQ_BITS) | seq


def floor_at(epoch_ms: int) -> int:
    """The smallest id that can have been made at this Unix time in milliseconds: bounds a range of ids by time."""
    return max(0, epoch_ms - EPOCH_MS) << (_NODE_BITS + _SEQ_BITS)


def made_at_ms(number: int) -> int:
    """When an id was made, in Unix milliseconds, within the few it may have borrowed."""
    return (number >> (_NODE_BITS + _SEQ_BITS)) + EPOCH_MS
