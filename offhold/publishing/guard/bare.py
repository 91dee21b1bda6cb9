"""A reply without what belongs to its delivery: mentions, links, the author's signature. Pure."""

from __future__ import annotations

import re

from offhold.publishing.guard.reading import Reading, words_of

_DELIVERY = re.compile(
    r"(?<!\w)@[\w.\-]++(?:@[\w.\-]++)?"
    r"|(?:https?://|www\.)[^\s]++"
    r"|&(?:amp|gt|lt);"
    r"|(?<!\w)[0-9]{1,2}/[0-9]{1,2}(?!\w)"  # 1/2: the first of two posts
)
_SIGNATURE = re.compile(r"(?:[\^*/~]|(?<=\s)-{1,2}) ?[a-z]{1,20}(?: [a-z]{1,2})?\s*$")


def text(reading: Reading) -> str:
    """What is left of `plain`, with blanks where something was."""
    left = _DELIVERY.sub(" ", reading.plain).rstrip()
    tail = left[-30:]
    return left[: len(left) - len(tail)] + _SIGNATURE.sub("", tail)


def words(reading: Reading) -> list[str]:
    """Its words."""
    return [word.text for word in words_of(text(reading))]
