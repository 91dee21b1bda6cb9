"""Foreign JSON, tamed at the door. Pure.

What a network sends becomes typed structs here or is `Malformed`; and it becomes something PostgreSQL can hold: one
NUL character in a customer's name is legal JSON and would otherwise stop the batch it arrived in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from offhold.connectors.contract import Malformed

T = TypeVar("T")


def decode(body: bytes, shape: type[T]) -> T:
    """The body as `shape`, without NUL characters. Raises `Malformed`, and nothing else."""
    try:
        if b"\\u0000" not in body:  # a raw NUL is not JSON at all
            return msgspec.json.decode(body, type=shape)
        return msgspec.convert(storable(msgspec.json.decode(body)), type=shape)
    except (msgspec.MsgspecError, RecursionError, ValueError, OverflowError) as error:
        raise Malformed(f"not what this network promises: {error}"[:300]) from None


def storable(value: Any) -> Any:
    """The same JSON value without NUL characters in any of its strings or keys."""
    match value:
        case str():
            return value.replace("\x00", "")
        case list():
            return [storable(item) for item in value]
        case dict():
            return {storable(key): storable(item) for key, item in value.items()}
        case _:
            return value


def utc(at: datetime) -> datetime:
    """The same moment in UTC; a time without a zone counts as UTC. Raises `Malformed` beyond the calendar."""
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        raise Malformed("a time beyond the calendar") from None
