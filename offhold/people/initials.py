"""Initials that tell colleagues apart: ^MK under a public reply. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product
from string import ascii_uppercase, digits


def propose(duty_name: str, taken: Collection[str]) -> str:
    """One to three characters for `duty_name` that nobody in `taken` has: Mia K -> MK, then MI, then M2..."""
    used = {initials.upper() for initials in taken}
    return next(found for found in candidates(duty_name) if found not in used)


def candidates(duty_name: str) -> Iterator[str]:
    """Initials in order of preference, then every other one that begins with the same letter."""
    words = ["".join(filter(str.isalnum, word)).upper() for word in duty_name.split()]
    words = [word for word in words if word] or ["X"]
    if len(words) > 1:
        yield words[0][0] + words[-1][0]
    yield from (words[0][:2], words[0][:3])
    yield from (f"{words[0][0]}{number}" for number in range(2, 100))
    for pair in product(ascii_uppercase + digits, repeat=2):
        yield words[0][0] + "".join(pair)
