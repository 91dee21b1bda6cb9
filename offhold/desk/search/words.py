"""A text as words that can be found: accents folded, letters small, scripts without spaces one sign at a time.

Pure. PostgreSQL's own text search is not used: what makes words must be the same for every language, and its operators
use no index under row-level security (docs/decisions/0013).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

LONGEST = 64  # characters of a word that count; nobody types more of one
MOST_KEYS = 1_000  # of one text; a message is never that long, a note can be

# Han, kana, Hangul, and the scripts of South East Asia that put no space between words
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_ATOM = re.compile(rf"(?P<sign>[#@]?)(?:(?P<one>[{_UNSPACED}])|(?P<word>[^\W{_UNSPACED}]+))")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


class Atom(NamedTuple):
    """A word, or one sign of a script without spaces, and where it stands in the text as it was written.

    `sign` is the # or @ before it, which begins at `start`.
    """

    word: str
    sign: str
    start: int
    end: int


def atoms(text: str) -> list[Atom]:
    """The words of a text in order."""
    folded, places = _folded(text)
    found = []
    for match in _ATOM.finditer(folded):
        start, end = (places[match.start()], places[match.end()]) if places else match.span()
        found.append(Atom((match["one"] or match["word"])[:LONGEST], match["sign"], start, end))
    return found


def keys(found: list[Atom]) -> set[str]:
    """What a text is filed under: each word, with its sign and without; signs of scripts without spaces also in
    pairs."""
    filed: set[str] = set()
    before: Atom | None = None
    for atom in found:
        filed.add(atom.word)
        if atom.sign:
            filed.add(atom.sign + atom.word)
        if before is not None and before.end == atom.start and unspaced(before.word) and unspaced(atom.word):
            filed.add(before.word + atom.word)
        before = atom
        if len(filed) >= MOST_KEYS:
            break
    return filed


def asked_keys(term: tuple[Atom, ...]) -> set[str]:
    """What must be among a text's keys for the term to stand in it. Pairs are asked for where there are any: they are
    rarer than their signs."""
    pairs = {a.word + b.word for a, b in pairwise(term) if unspaced(a.word) and unspaced(b.word)}
    paired = {sign for pair in pairs for sign in pair}
    return pairs | {a.sign + a.word for a in term if a.sign or a.word not in paired}


def unspaced(word: str) -> bool:
    return len(word) == 1 and _IS_UNSPACED.match(word) is not None


def names(text: str) -> set[str]:
    """The words of a name or a handle; scripts without spaces are one word as far as they go."""
    return {word[:LONGEST] for word in re.findall(r"\w+", _folded(text)[0])}


def _folded(text: str) -> tuple[str, list[int] | None]:
    """The text with small letters and no accents, and for each place in it the place in the text; None: the same."""
    if text.isascii():
        return text.lower(), None
    signs: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _plain(character)
        signs.append(plain)
        places.extend([place] * len(plain))
    places.append(len(text))
    return "".join(signs), places


@lru_cache(maxsize=20_000)
def _plain(character: str) -> str:
    if "\uac00" <= character <= "\ud7af":  # Hangul would fall into its letters
        return character
    apart = unicodedata.normalize("NFKD", character).casefold()
    return "".join(c for c in apart if unicodedata.category(c) != "Mn")


def standing(term: tuple[Atom, ...], text: list[Atom]) -> Iterator[tuple[int, int]]:
    """Where a term stands in a text, as ranges of characters: its words one right after the other."""
    length = len(term)
    for at in range(len(text) - length + 1):
        if all(_same(asked, said) for asked, said in zip(term, text[at : at + length], strict=True)):
            yield text[at].start, text[at + length - 1].end


def _same(asked: Atom, said: Atom) -> bool:
    return asked.word == said.word and asked.sign in ("", said.sign)
