"""A customer who speaks again because nobody answered: the same once more, or a mere nudge. Pure.

That somebody says more before the answer comes is no sign: people tell a matter in several posts. Of 20,000 real
messages, every fourth turn without an answer was a story going on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from offhold.promises.asking.lexicon import LEXICON
from offhold.promises.asking.reading import WORD, fold

_LOOKED_AT = 20  # of the turns before, the latest
_LONGEST = 1_000
_SENTENCE = 3  # words from which on the same words again are a question again, and not a cheer
_WORD = re.compile(WORD)
_PART = re.compile(r"(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])\s*$|^\s*(?:@[\w.\-]+\s+)*\(?\d{1,2}/\d{1,2}(?![\d/])")
_MENTION = re.compile(r"(?<!\w)@[\w.\-]+")


def unanswered(text: str, before: Sequence[str]) -> bool:
    """One matter told in several posts (1/3, 2/3) is one turn."""
    turns = [turn for turn in before[-_LOOKED_AT:] if not _is_part(turn)]
    if not turns:
        return False
    said = _words(text)
    if not said:
        return "?" in text[:_LONGEST]
    return LEXICON.nudges.issuperset(said) or (len(said) >= _SENTENCE and said in map(_words, turns))


def _is_part(text: str) -> bool:
    return _PART.search(text[:_LONGEST]) is not None


def _words(text: str) -> list[str]:
    return _WORD.findall(_MENTION.sub(" ", fold(text[:_LONGEST]).replace("'", "")))
