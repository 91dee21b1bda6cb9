"""Record keys: TIDs, chosen by us before sending, so that an answer lost on the way can be looked up by its own name.

Source: https://atproto.com/specs/tid (13 characters, 53 bits of microseconds and 10 bits of clock id, base32-sortable).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHARACTERS = 13


def tid(at: datetime, key: str) -> str:
    """The TID for our own `key` at a time: the same two give the same TID, two keys in one millisecond differ.

    `at` counts to the millisecond; the twenty bits below come from the key (microseconds and clock id).
    """
    salt = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return _encode((milliseconds * 1000 + salt % 1000) << 10 | (salt // 1000) % 1024)


def _encode(number: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_CHARACTERS)))
