"""Is an answer owed, or is it a voice? Pure; decided from the message itself before any clock opens.

Always owed: a direct question or request, a request for a human, a word that somebody may be in danger. A direct
message is owed unless it only says thanks. Everything else addressed to us is owed too, until its post is busy: then it
waits as a voice, counted, searchable, with the reason. What is not addressed to us is a voice unless it is about a
human or danger. When in doubt the answer is "owed": a customer left alone costs more than a case too many.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

import msgspec

from offhold.cases import owed_words as words
from offhold.connectors.contract import Audience

Reason = Literal[
    "asks_for_a_human", "safety", "question", "request", "direct_message", "addressed", "promoted",  # owed
    "thanks", "busy_post", "not_addressed", "own",  # not owed
]  # fmt: skip


class Verdict(msgspec.Struct, frozen=True):
    """`always`: owed however busy the post is. A voice has `owed=False`."""

    owed: bool
    reason: Reason
    always: bool = False


_url = re.compile(r"https?://\S+")
_mention = re.compile(r"@[\w.@-]+")
_word = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_question = re.compile(r"[?？؟¿\u037e]")
_LONGEST = 4_000  # what is decided is decided in the first words; a megabyte of text must not stall the lane
_NEAR = 5  # words between "talk" and "person"


def decide(text: str, *, audience: Audience, addressed: bool, busy: bool) -> Verdict:  # noqa: PLR0911 - a list of rules
    """`addressed`: said to us by mention, reply, quote or direct message. `busy`: its post has more replies than the
    workspace's limit. Never raises."""
    plain = text[:_LONGEST].lower()
    if "http" in plain:
        plain = _url.sub(" ", plain)
    if "@" in plain:
        plain = _mention.sub(" ", plain)
    said = _word.findall(plain.replace("’", "'"))
    if _danger(plain, said):
        return Verdict(True, "safety", always=True)
    if _asks_for_a_human(plain, said):
        return Verdict(True, "asks_for_a_human", always=True)
    if not addressed and audience == "public":
        return Verdict(False, "not_addressed")
    if _question.search(plain):
        return Verdict(True, "question", always=True)
    if _requests(plain, said):
        return Verdict(True, "request", always=True)
    if _only_thanks(said):
        return Verdict(False, "thanks")
    if audience == "private":
        return Verdict(True, "direct_message", always=True)
    return Verdict(False, "busy_post") if busy else Verdict(True, "addressed")


# The first words of pairs: most messages hold none of them, and need not be cut into pairs.
_SAFETY_FIRST = frozenset(pair[0] for pair in words.SAFETY_PAIRS)
_REQUEST_FIRST = frozenset(pair[0] for pair in words.REQUEST_PAIRS)


def _says(said: list[str], pairs: frozenset[tuple[str, ...]], firsts: frozenset[str]) -> bool:
    return not firsts.isdisjoint(said) and not pairs.isdisjoint(pairwise(said))


def _danger(plain: str, said: list[str]) -> bool:
    return (
        not words.SAFETY_WORDS.isdisjoint(said)
        or _says(said, words.SAFETY_PAIRS, _SAFETY_FIRST)
        or _holds(plain, words.SAFETY_PARTS)
    )


def _requests(plain: str, said: list[str]) -> bool:
    return (
        not words.REQUEST_WORDS.isdisjoint(said)
        or _says(said, words.REQUEST_PAIRS, _REQUEST_FIRST)
        or _holds(plain, words.REQUEST_PARTS)
    )


def _asks_for_a_human(plain: str, said: list[str]) -> bool:
    nouns = [i for i, word in enumerate(said) if word in words.HUMAN_NOUNS]
    return any(_wanted(said, i) for i in nouns) or _holds(plain, words.HUMAN_PARTS)


def _wanted(said: list[str], noun: int) -> bool:
    """Is the noun at this place one that somebody asks for?"""
    before = said[max(0, noun - _NEAR) : noun]
    if before and before[-1] in words.HUMAN_MARKS:
        return True
    if said[noun] in words.HUMAN_ALONE and not words.WANTS.isdisjoint(before):
        return True
    return not words.HUMAN_VERBS.isdisjoint(before)


def _only_thanks(said: list[str]) -> bool:
    """Thanks, and at most one word besides that is not of its company (a name)."""
    if words.THANKS.isdisjoint(said):
        return False
    return sum(word not in words.THANKS and word not in words.THANKS_COMPANY for word in said) <= 1


def _holds(plain: str, parts: tuple[str, ...]) -> bool:
    """Parts of scripts without spaces; text in ASCII holds none."""
    return not plain.isascii() and any(part in plain for part in parts)
