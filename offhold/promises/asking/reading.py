"""A message as the rules read it: folded, in words, with the way back to what was typed. Pure.

Folding takes away what people vary without meaning anything by it: case, accents, styled letters, invisible characters.
Quotes of others (a line behind `>`, several words between quotation marks) are taken away too: who repeats another's
wish has none. Everything is linear in the length of the text.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LONGEST = 10_000  # code points; no network's direct message is longer, and what is pasted beyond that is not read
GONE = "#"  # stands for a word that is not the customer's own, or that a lookalike has explained
_QUOTED = 3  # words between quotation marks: fewer are an emphasis ("real" person), not somebody else's sentence

_MARKS = "\u0900-\u0963\u0300-\u036f\u3099\u309a"  # vowel signs belong to their words
_WORD = rf"[\w{_MARKS}]+(?:'[\w{_MARKS}]+)*"
_TOKEN = re.compile(
    rf"(?<!\w)@[\w.\-]+|https?://\S+|www\.\S+|(?P<word>{_WORD})|(?P<quote>[\"“”«»„]+)|(?P<stop>[?؟.!\n;:।۔]+)"
)
_PACKED = re.compile(
    r"(?<!\w)@[a-z0-9_.\-]+|https?://\S+|[「『“\"](?P<quoted>[^「」『』“”\"]{6,})[」』”\"]|(?P<stop>[?.!。\n;:]+)|(?P<own>\w)"
)
_CLUSTER = re.compile(r"[^\u0300-\u036f\u1160-\u11ff][\u0300-\u036f\u3099\u309a\u1160-\u11ff]*|.", re.DOTALL)
_REPEATED_LINE = re.compile(r"^[^\S\n]*>[^\n]*", re.MULTILINE)
_REPOST = re.compile(r"\s*rt @")
STRETCHED = re.compile(r"(.)\1{2,}", re.DOTALL)


def _table() -> dict[int, str | None]:
    """Letters to what is left of them."""
    table: dict[int, str | None] = {}
    for code in itertools.chain(range(0xC0, 0x250), range(0x400, 0x530), range(0x621, 0x64B), range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base != chr(code):
            table[code] = base
    for taken in (
        (0x300, 0x370),
        (0x64B, 0x653),
        (0x200B, 0x2010),
        (0x202A, 0x202F),
        (0x2060, 0x2065),
        (0xFE00, 0xFE10),
    ):
        table |= dict.fromkeys(range(*taken))
    table |= dict.fromkeys((0xAD, 0x640, 0x670, 0x93C, 0xFEFF))
    table |= {ord(odd): usual for odd, usual in zip("’‘ʼ`´＇", "''''''", strict=True)}
    table |= {ord(odd): usual for odd, usual in zip("ıłøđ", "ilod", strict=True)}
    table |= {ord(odd): usual for odd, usual in zip("ةىکیڪگँ_", "هيكيككं ", strict=True)}
    return table


_FOLD = _table()


def fold(text: str) -> str:
    """What is compared. Not always as long as `text`."""
    if text.isascii():
        return text.lower().replace("_", " ")
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text.casefold().translate(_FOLD)


def squeeze(folded: str) -> str:
    """A letter written three times and more is one: `humannnn`."""
    return STRETCHED.sub(r"\1", folded)


class Reading:
    """One message. `spaced`: its words with a blank behind each, `.` and `?` where a sentence ends, `<` and `>` around
    everything. `packed`: the same without any blanks, for scripts that have none."""

    def __init__(self, text: str) -> None:
        typed = text[:LONGEST]
        self._plain, self._back = _way_back(typed)
        if ">" in self._plain:
            self._plain = _REPEATED_LINE.sub(lambda line: " " * len(line[0]), self._plain)
        self.repost = _REPOST.match(self._plain) is not None
        self._spaced: Laid | None = None
        self._packed: Laid | None = None

    @property
    def spaced(self) -> Laid:
        if self._spaced is None:
            self._spaced = _spaced(self._plain)
        return self._spaced

    @property
    def packed(self) -> Laid:
        if self._packed is None:
            self._packed = _packed(self._plain)
        return self._packed

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text stands in the typed one."""
        return (start, end) if self._back is None else (self._back[start], self._back[end])


class Laid(NamedTuple):
    """A text as rules are matched against it, and for each of its characters the place in the folded text."""

    text: str
    starts: list[int]
    ends: list[int]


def _way_back(typed: str) -> tuple[str, list[int] | None]:
    if typed.isascii():
        return fold(typed), None
    parts: list[str] = []
    back: list[int] = []
    for cluster in _CLUSTER.finditer(typed):
        part = _folded(cluster[0])
        parts.append(part)
        back.extend([cluster.start()] * len(part))
    return "".join(parts), [*back, len(typed)]


@lru_cache(maxsize=8_192)
def _folded(cluster: str) -> str:
    return fold(cluster)


class _Pieces:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, piece: str, start: int, end: int) -> None:
        self.texts.append(piece)
        self.starts.extend([start] * len(piece))
        self.ends.extend([end] * len(piece))

    def laid(self) -> Laid:
        return Laid("".join(self.texts), self.starts, self.ends)


def _spaced(plain: str) -> Laid:
    tokens = list(_TOKEN.finditer(plain))
    gone = _others_words(tokens)
    while tokens and tokens[-1]["stop"] and "?" not in tokens[-1]["stop"]:
        tokens.pop()
    pieces = _Pieces()
    pieces.add("< ", 0, 0)
    for at, token in enumerate(tokens):
        if word := token["word"]:
            shown = GONE if at in gone else squeeze(word.replace("'", ""))
            pieces.add(f"{shown} ", token.start(), token.end())
        elif (stop := token["stop"]) and len(pieces.texts) > 1:
            pieces.add("? " if "?" in stop or "؟" in stop else ". ", token.start(), token.end())
    pieces.add(">", len(plain), len(plain))
    return pieces.laid()


def _others_words(tokens: list[re.Match[str]]) -> set[int]:
    """Places of words between quotation marks, unless the whole message stands between them."""
    quotes = [at for at, token in enumerate(tokens) if token["quote"]]
    gone: set[int] = set()
    for opens, closes in zip(quotes[::2], quotes[1::2], strict=False):
        inside = [at for at in range(opens + 1, closes) if tokens[at]["word"]]
        if len(inside) >= _QUOTED:
            gone.update(inside)
    everything = sum(1 for token in tokens if token["word"])
    return gone if len(gone) < everything else set()


def _packed(plain: str) -> Laid:
    pieces = _Pieces()
    pieces.add("<", 0, 0)
    for token in _PACKED.finditer(plain):
        if token["own"]:
            pieces.add(token["own"], token.start(), token.end())
        elif token["quoted"]:
            pieces.add(GONE, token.start(), token.end())
        elif token["stop"] and len(pieces.texts) > 1:
            pieces.add("?" if "?" in token["stop"] else ".", token.start(), token.end())
    while pieces.texts[-1] == ".":
        pieces.texts.pop()
        del pieces.starts[-1], pieces.ends[-1]
    pieces.add(">", len(plain), len(plain))
    return pieces.laid()
