"""How texts are made: sentences from parts, no sentence twice in a run, each written in its person's own manner.

A pattern is text with `{slot}`s; a slot is a list of patterns again, or a call that makes a detail (a flight number,
a time). A `Bank` is what one subject knows to say, in one language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

HANDLE = re.compile(r"@\w+")
SLOT = re.compile(r"\{(\w+)\}")
TRIES = 60

Detail = Callable[[Random], str]
Slots = Mapping[str, Sequence[str] | Detail]


class Exhausted(Exception):
    """All that the bank can say in this place has been said."""


class Composer:
    """One for each run. `say` never returns words, nor a longer sentence among them, that it returned before."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self._said: set[str] = set()

    def say(self, patterns: Sequence[str], slots: Slots, given: Mapping[str, str] | None = None) -> str:
        """A sentence that was not said before. Raises Exhausted."""
        for _ in range(TRIES):
            text = self.fill(self.dice.choice(patterns), slots, given or {})
            marks = {plain(text), *sentences(text)}
            if self._said.isdisjoint(marks):
                self._said |= marks
                return text
        raise Exhausted(patterns[0])

    def join(self, parts: Sequence[Sequence[str]], slots: Slots, given: Mapping[str, str] | None = None) -> str:
        """One sentence of each part; a later part that has run dry is left out."""
        said = [self.say(parts[0], slots, given)]
        for part in parts[1:]:
            try:
                said.append(self.say(part, slots, given))
            except Exhausted:
                continue
        return " ".join(said)

    def fill(self, pattern: str, slots: Slots, given: Mapping[str, str]) -> str:
        def put(found: re.Match[str]) -> str:
            name = found[1]
            if name in given:
                return given[name]
            source = slots[name]
            return source(self.dice) if callable(source) else self.fill(self.dice.choice(source), slots, given)

        return SLOT.sub(put, pattern)


def plain(text: str) -> str:
    """What two sentences have in common when a reader would call them the same. Handles are nobody's words."""
    return re.sub(r"\W+", " ", HANDLE.sub(" ", text)).casefold().strip()


def sentences(text: str) -> list[str]:
    """For the test that none comes twice. Very short ones (thanks, hello) are nobody's own."""
    parts = re.split(r"(?<=[.!?。！？؟])\s*", text)
    return [p for p in (plain(part) for part in parts) if len(p) > 18]


MANNERS: tuple[tuple[str, float], ...] = (
    ("plain", 0.52),
    ("small", 0.20),
    ("hasty", 0.10),
    ("loud", 0.05),
    ("warm", 0.13),
)
WARM = ("🙂", "🙏", "😅", "😬", "🤞", "😕", "🤷", "💙")


def manner(dice: Random) -> str:
    """How a person writes; it stays with them."""
    names, weights = zip(*MANNERS, strict=True)
    return str(dice.choices(names, weights)[0])


def in_manner(text: str, how: str, dice: Random) -> str:
    """Small letters, haste, a raised voice, a friendly sign. Handles and links stay as they are."""
    match how:
        case "small":
            return _words(text, str.lower).rstrip(".")
        case "hasty":
            return _slip(_words(text, str.lower), dice).replace(",", "").rstrip(".")
        case "loud":
            return _words(text, str.upper).rstrip(".") + "!!"
        case "warm":
            return f"{text} {dice.choice(WARM)}"
        case _:
            return text


def _words(text: str, change: Callable[[str], str]) -> str:
    return " ".join(w if w.startswith(("@", "#", "http")) else change(w) for w in text.split(" "))


def _slip(text: str, dice: Random) -> str:
    """Two letters of one longer word change places, as thumbs do."""
    words = text.split(" ")
    long = [i for i, w in enumerate(words) if len(w) > 5 and w.isalpha()]
    if long:
        i = dice.choice(long)
        at = dice.randrange(1, len(words[i]) - 2)
        word = words[i]
        words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)
