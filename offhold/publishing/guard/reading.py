"""A text as a person reads it: lookalikes, invisible characters and odd digits undone, with the way back. Pure.

Rules look at `plain` and report spans of the text as it was typed. Folding is linear, and each character is folded on
its own, so that the way back is a list of places.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cached_property
from typing import NamedTuple

from offhold.publishing.guard.findings import Span

LONGEST = 1_200  # code points; what is longer is read up to here, and `too_long_to_check` says so
MOST_WORDS = 250  # what people write has fewer in so many code points; the rest is not read either
_WIDEST = 4  # letters one character may stand for: ligatures, fractions
_TAIL = 30  # characters within which a signature ends a text
_REMEMBERED = 20_000  # of the table below
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")  # draw nothing, and are letters or symbols by category
_ALIKE = str.maketrans(
    "аАвВеЕкКмМнНоОрРсСтТуУхХіІјЈѕЅԁԛԝοΟαΑβΒεΕηΗιΙκΚμΜνΝρΡτΤυΥχΧζΖ",
    "aABBeEkKMMHHoOpPcCTTyYxXiIjJsSdqwoOaABBeEnHiIkKuMvNpPtTuYxXzZ",
)
_MIXED = re.compile(r"[^\W_]++")
_WORD = re.compile(r"[^\W_]++(?:'[^\W_]++)*+")
_DELIVERY = re.compile(
    r"(?<!\w)@[\w.\-]++(?:@[\w.\-]++)?"
    r"|(?:https?://|www\.)[^\s]++"
    r"|&(?:amp|gt|lt);"
    r"|(?<!\w)[0-9]{1,2}/[0-9]{1,2}(?!\w)"  # 1/2: the first of two posts
)
_SIGNATURE = re.compile(r"(?:[\^*/~]|(?<=\s)-{1,2}) ?[a-z]{1,20}(?: [a-z]{1,2})?\s*$")
_SENTENCE = re.compile(r"[.!?;:\n。！？…]")


class Word(NamedTuple):
    """A word of `plain`: lower case, without accents. An apostrophe inside belongs to it: `don't`, `l'avion`."""

    text: str
    start: int
    end: int


class Reading:
    """`kept`: folded with case; `plain`: the same in lower case. Both have the same length and places."""

    def __init__(self, text: str) -> None:
        self.typed, self._longer = text[:LONGEST], len(text) > LONGEST
        if self.typed.isascii():
            self.kept, self._back = self.typed, None
        else:
            self.kept, self._back = _folded(self.typed)
        self.plain = _lower(self.kept)

    def span(self, start: int, end: int) -> Span:
        """Where this stretch of `plain` stands in the typed text."""
        if self._back is None:
            return (start, end)
        return (self._back[start], self._back[end - 1] + 1)

    @cached_property
    def cut(self) -> bool:
        """Is there more than is read?"""
        return self._longer or len(self._found) > MOST_WORDS

    @cached_property
    def words(self) -> list[Word]:
        return self._found[:MOST_WORDS]

    @cached_property
    def _found(self) -> list[Word]:
        found = itertools.islice(_WORD.finditer(self.plain), MOST_WORDS + 1)
        return [Word(one[0], one.start(), one.end()) for one in found]

    @cached_property
    def said(self) -> list[str]:
        return [word.text for word in self.words]

    @cached_property
    def bare(self) -> str:
        """`plain` without what belongs to its delivery: mentions, links, the author's signature. Places are lost."""
        left = _DELIVERY.sub(" ", self.plain).rstrip()
        tail = left[-_TAIL:]
        return left[: len(left) - len(tail)] + _SIGNATURE.sub("", tail)

    @cached_property
    def bare_words(self) -> list[str]:
        return [one[0] for one in itertools.islice(_WORD.finditer(self.bare), MOST_WORDS)]

    def one_breath(self, first: int, last: int) -> bool:
        """Do the words `first` to `last` stand in one sentence?"""
        return not _SENTENCE.search(self.plain, self.words[first].end, self.words[last].start)


def fold(text: str) -> str:
    """The `plain` of a short text: how words, names and codes are compared."""
    return Reading(text).plain


def _folded(text: str) -> tuple[str, list[int] | None]:
    folded = text.translate(_TABLE)
    back = None
    if any(len(_fold(character)) != 1 for character in set(text)):
        back = [at for at, character in enumerate(text) for _ in _fold(character)]
    return _MIXED.sub(_latin, folded), back


def _fold(character: str) -> str:
    return _TABLE[ord(character)]


class _Table(dict[int, str]):
    """What one character reads as; filled as characters come, and never beyond what a few scripts need."""

    def __missing__(self, code: int) -> str:
        read = _read(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = read
        return read


def _read(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or character in _BLANK:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    apart = "".join(map(_part, unicodedata.normalize("NFKD", character)))
    return apart if len(apart) <= _WIDEST else character  # one letter that reads as a whole sentence is left alone


def _part(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return ""
    if category == "Pd" or character == "−":
        return "-"
    if character in "’‘ʼ`´′＇":
        return "'"
    if category in ("Zs", "Zl", "Zp"):
        return " " if category == "Zs" else "\n"
    return _ODD.get(character, character)


_ODD = {
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "ı": "i",
}
_TABLE = _Table()


def _latin(word: re.Match[str]) -> str:
    """Cyrillic and Greek letters among Latin ones or digits are lookalikes; a word all their own is left alone."""
    text = word[0]
    if text.isascii() or not any(character.isascii() for character in text):
        return text
    return text.translate(_ALIKE)


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one if len(one) == 1 else character for character, one in ((c, c.lower()) for c in text))
