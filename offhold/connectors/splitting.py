"""A text that is too long for one post, as the posts it goes out as: one rule for the composer and the server. Pure.

Each part ends with a paragraph, else with a sentence, if that leaves it at least half full; else with a word. A word
that alone is too long is cut between two characters, an address never. `client/src/composer/splitting.ts` does the same
for the screen, and one table of texts (`offhold/connectors/tests/splits.json`) holds both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from offhold.connectors import counting
from offhold.connectors.contract import Counter, ThreadRule

_WHITE = r"[ \t\r\n\u1680\u2000-\u200a\u2028\u2029\u205f\u3000]"
_PARAGRAPH = regex.compile(rf"\r?\n{_WHITE}*\n")
# A full stop ends a sentence after a word or a figure: after "Mr" and "p.m" it does not.
_SENTENCE = regex.compile(
    rf"(?:(?<!(?:^|\P{{L}})\p{{Lu}}\p{{Ll}}{{1,2}})(?<=[\p{{L}}\p{{M}}]{{2}}|\p{{N}}|[)\]”»’'\"])\.+|[!?…؟।]+)"
    rf"[\"'”’»)\]]*(?={_WHITE})|[。！？]+[」』”）]*"
)
_WORD = regex.compile(rf"{_WHITE}+")
_GRAPHEME = regex.compile(r"\X")
_EDGES = regex.compile(rf"^{_WHITE}+|{_WHITE}+$")

Fits = Callable[[str], bool]


def split(text: str, counter: Counter, rule: ThreadRule) -> tuple[str, ...] | None:
    """The posts a text goes out as, in their order; None: there is no way to say it in so many as the rule allows."""
    whole = _trimmed(text)
    if counting.fits(whole, counter):
        return (whole,)
    for count in range(2, rule.most + 1):
        ends = [f" {n}/{count}" if rule.numbered else "" for n in range(1, count + 1)]
        parts = _parts(whole, counter, ends)
        if parts is not None:
            return parts
    return None


def _parts(whole: str, counter: Counter, ends: Sequence[str]) -> tuple[str, ...] | None:
    """The text in exactly as many parts as there are ends to put on them; None: it takes more."""
    rest, parts = whole, []
    for end in ends:
        if not rest:
            return None

        def fits(part: str, end: str = end) -> bool:
            return counting.fits(part + end, counter)

        part = rest if fits(rest) else _first(rest, counter, fits)
        if not part:
            return None
        parts.append(part + end)
        rest = _trimmed(rest[len(part) :])
    return None if rest else tuple(parts)


def _first(rest: str, counter: Counter, fits: Fits) -> str:
    """As much of the beginning as fits and ends well; empty: nothing does."""
    for cuts in (_starts(_PARAGRAPH, rest), _ends(_SENTENCE, rest)):
        part = _longest(rest, cuts, fits)
        if counting.length(part, counter) * 2 >= counter.limit:
            return part
    return _longest(rest, _starts(_WORD, rest), fits) or _cut(rest, fits)


def _cut(rest: str, fits: Fits) -> str:
    """Of a word that is longer than a post."""
    word = _WORD.split(rest, maxsplit=1)[0]
    return "" if "://" in word else _longest(rest, _ends(_GRAPHEME, word), fits)


def _starts(what: regex.Pattern[str], text: str) -> list[int]:
    return [found.start() for found in what.finditer(text)]


def _ends(what: regex.Pattern[str], text: str) -> list[int]:
    return [found.end() for found in what.finditer(text)]


def _longest(text: str, cuts: Sequence[int], fits: Fits) -> str:
    """Up to the last of these places up to which it fits. A longer beginning never counts for less."""
    low, high = 0, len(cuts)
    while low < high:
        middle = (low + high) // 2
        if fits(text[: cuts[middle]]):
            low = middle + 1
        else:
            high = middle
    return _trimmed(text[: cuts[low - 1]]) if low else ""


def _trimmed(text: str) -> str:
    return str(_EDGES.sub("", text))
