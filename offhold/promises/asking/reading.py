"""A message as the rules read it: folded, in words, with the way back to what was typed. Pure.

Folding takes away what people vary without meaning anything by it: case, accents, styled letters, invisible characters.
Quotes of others (a line behind `>`, several words between quotation marks) are taken away too: who repeats another's
wish has none. Everything is linear in the length of the text.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache
from typing import NamedTuple

LONGEST = 10_000  # code points; no network's direct message is longer, and what is pasted beyond that is not read
GONE = "#"  # stands for a word that is not the customer's own, or that a lookalike has explained
_QUOTED = 3  # words between quotation marks: fewer are an emphasis ("real" person), not somebody else's sentence

# Vowel signs and accents belong to their words, though they are no letters.
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963\u3099\u309a"
WORD = rf"[^\W_]+(?:[{_MARKS}]+[^\W_]*)*"
_TOKEN = re.compile(
    rf"(?<!\w)@[\w.\-]+|https?://\S+|www\.\S+|(?P<word>{WORD}(?:'{WORD})*)|(?P<quote>[\"“”«»„]+)|(?P<stop>[?؟.!\n;:।۔]+)"
)
_PACKED = re.compile(
    r"(?<!\w)@[a-z0-9_.\-]+|https?://\S+|[「『“\"](?P<quoted>[^「」『』“”\"]{6,})[」』”\"]|(?P<stop>[?.!。\n;:]+)|(?P<own>[^\W_])"
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
    table |= {ord(odd): usual for odd, usual in zip("ةىکیڪگँ", "هيكيككं", strict=True)}
    return table


_FOLD = _table()


def fold(text: str) -> str:
    """What is compared. Not always as long as `text`."""
    if text.isascii():
        return text.lower()
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

    @cached_property
    def spaced(self) -> Laid:
        return _spaced(self._plain)

    @cached_property
    def packed(self) -> Laid:
        return _packed(self._plain)

    def typed(self, laid: Laid, match: re.Match[str]) -> tuple[int, int]:
        """Where a rule's words stand in the typed text."""
        start, end = laid.folded(*match.span())
        return (start, end) if self._back is None else (self._back[start], self._back[end])


class Laid(NamedTuple):
    """A text as rules are matched against it; `places` are its pieces in order, `starts` where each begins in it."""

    text: str
    starts: list[int]
    places: list[tuple[int, int]]

    def folded(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of it stands in the folded text."""
        first, last = bisect_right(self.starts, start) - 1, bisect_left(self.starts, end) - 1
        return self.places[first][0], self.places[last][1]


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


def _laid(pieces: list[str], places: list[tuple[int, int]]) -> Laid:
    return Laid("".join(pieces), list(itertools.accumulate(map(len, pieces), initial=0)), places)


def _spaced(plain: str) -> Laid:
    tokens = [token for token in _TOKEN.finditer(plain) if token.lastgroup]
    gone = _others_words(tokens) if '"' in plain or not plain.isascii() else set()
    while tokens and tokens[-1].lastgroup == "stop" and "?" not in tokens[-1][0]:
        tokens.pop()
    stretched = STRETCHED.search(plain) is not None
    pieces, places = ["< "], [(0, 0)]
    for at, token in enumerate(tokens):
        kind, shown = token.lastgroup, token[0]
        if kind == "word":
            pieces.append(f"{GONE if at in gone else _word(shown, stretched=stretched)} ")
        elif kind == "stop" and len(pieces) > 1:
            pieces.append("? " if "?" in shown or "؟" in shown else ". ")
        else:
            continue
        places.append(token.span())
    return _laid([*pieces, ">"], [*places, (len(plain), len(plain))])


def _word(shown: str, *, stretched: bool) -> str:
    word = shown.replace("'", "") if "'" in shown else shown
    return squeeze(word) if stretched else word


def _others_words(tokens: list[re.Match[str]]) -> set[int]:
    """Places of words between quotation marks, unless the whole message stands between them."""
    quotes = [at for at, token in enumerate(tokens) if token.lastgroup == "quote"]
    gone: set[int] = set()
    for opens, closes in zip(quotes[::2], quotes[1::2], strict=False):
        inside = [at for at in range(opens + 1, closes) if tokens[at].lastgroup == "word"]
        if len(inside) >= _QUOTED:
            gone.update(inside)
    everything = sum(1 for token in tokens if token.lastgroup == "word")
    return gone if len(gone) < everything else set()


def _packed(plain: str) -> Laid:
    pieces, places = ["<"], [(0, 0)]
    for token in _PACKED.finditer(plain):
        if token["own"]:
            pieces.append(token["own"])
        elif token["quoted"]:
            pieces.append(GONE)
        elif token["stop"] and len(pieces) > 1:
            pieces.append("?" if "?" in token["stop"] else ".")
        else:
            continue
        places.append(token.span())
    while pieces[-1] == ".":
        pieces.pop()
        places.pop()
    return _laid([*pieces, ">"], [*places, (len(plain), len(plain))])
