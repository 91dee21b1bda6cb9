"""How a word stands in the index: 40 bits of its hash, below the number of its slice. Pure.

MD5 because PostgreSQL has it too: what a bench stores in SQL is found from here. Two words that share 40 bits are told
apart when the text itself is read.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import md5

from offhold.desk.search.words import atoms, keys

SLICE_BITS = 40
# What everything has, what ours have, what is known of the rest: no word begins with a space.
ANYTHING, OURS = " *", " ours"
WHERE = {"public": " public", "private": " direct"}  # by audience; notes have neither


def by(identity_id: int) -> str:
    return f" by {identity_id}"


def on(network: str) -> str:
    return f" on {network}"


@lru_cache(maxsize=200_000)
def number(word: str) -> int:
    """A word's number: 40 bits."""
    return int.from_bytes(md5(word.encode(), usedforsecurity=False).digest()[:5], "big")


def filed(text: str, *known: str) -> list[int]:
    """The numbers a text is found by, with what is known of it."""
    return [number(key) for key in (*keys(atoms(text)), *known)]


def in_slice(numbers: list[int], slice_: int, piece: int) -> list[int]:
    """The same as they stand in one slice, in order, with the piece of it that the thing is in."""
    above = slice_ << SLICE_BITS
    return sorted({piece << SLICE_BITS, *(above | number for number in numbers)})
