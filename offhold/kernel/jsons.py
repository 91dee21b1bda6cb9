"""JSON as Offhold writes it: ids as strings (JavaScript ends at 2^53), times in UTC with milliseconds and a Z."""

from __future__ import annotations

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="string")


def encode(value: Any) -> bytes:
    """Compact UTF-8 JSON. Structs, dataclasses and aware datetimes are understood; anything else raises TypeError."""
    return _encoder.encode(value)


def decode(text: str | bytes) -> Any:
    """Parse JSON. Raises `msgspec.DecodeError` on NaN, duplicates of syntax, too deep nesting or bad UTF-8."""
    return msgspec.json.decode(text)
