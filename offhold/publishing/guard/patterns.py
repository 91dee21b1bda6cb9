"""How a workspace's own codes look, in a syntax that can do no harm. Pure.

Either `A` stands for a letter and `9` for a digit, and all else for itself: `AAA999`, `9999-AA`. Or, where a `#`, `@`
or `*` occurs, `#` stands for a digit, `@` for a letter and `*` for either, and letters and digits for themselves:
`NA-######`, `OH-#####`, `REF@@##`. Case does not matter. A pattern has a fixed length, so it is linear in any text.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

_SIMPLE = {"A": "[a-z]", "9": "[0-9]"}
_EXPLICIT = {"@": "[a-z]", "#": "[0-9]", "*": "[a-z0-9]"}
_LITERAL = re.compile(r"[A-Za-z0-9\-_/. ]")
_LONGEST = 40
_LEAST_PLACES = 4  # fewer, and every second word would be a code


class Pattern(msgspec.Struct, frozen=True):
    """One pattern that can be read."""

    written: str
    regex: re.Pattern[str]

    @classmethod
    def of(cls, written: str) -> Pattern:
        """ValueError, in words a lead understands, where it cannot be read."""
        return _read(written)


@lru_cache(maxsize=512)
def _read(written: str) -> Pattern:
    places = _EXPLICIT if any(mark in written for mark in _EXPLICIT) else _SIMPLE
    if len(written) > _LONGEST:
        raise ValueError(f"a pattern has at most {_LONGEST} characters: {written!r}")
    if sum(character in places for character in written) < _LEAST_PLACES:
        raise ValueError(f"a pattern needs at least {_LEAST_PLACES} letters or digits that vary: {written!r}")
    parts = [places.get(character) or _itself(character, written) for character in written]
    return Pattern(written, re.compile(rf"(?<![a-z0-9]){''.join(parts)}(?![a-z0-9])"))


def _itself(character: str, written: str) -> str:
    if not _LITERAL.fullmatch(character):
        raise ValueError(f"{character!r} cannot stand in a pattern: {written!r}")
    return re.escape(character.lower())
