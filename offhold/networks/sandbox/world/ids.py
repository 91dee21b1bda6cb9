"""Ids as this network makes them: opaque, time-ordered strings. Nobody outside may read anything from them."""

from __future__ import annotations

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Ids:
    """Grows even when the clock goes back."""

    def __init__(self, last: str = "") -> None:
        self._last = _number(last[1:]) if last else 0

    def new(self, prefix: str, ms: int) -> str:
        self._last = max(self._last + 1, ms << 10)
        return prefix + _text(self._last)


def _text(number: int) -> str:
    out = ""
    for _ in range(12):
        number, digit = divmod(number, 32)
        out = ALPHABET[digit] + out
    return out


def _number(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 32 + ALPHABET.index(letter)
    return number
