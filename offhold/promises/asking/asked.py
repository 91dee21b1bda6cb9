"""Does this message ask for a human? Pure; decided from the words alone, on the way in, for every message.

    asked("could someone call me?")   explicit, wants_a_call, en, and where the words stand
    asked("is anyone there??")        likely, anyone_there
    asked("your agent was rude")      None

*Explicit* opens a pledge. *Likely* binds automation and waits for a person to confirm. The rules are phrases that
anyone can read (`words/`), so a screen can show which words were heard, and why. What a rule heard is first looked at
for what explains it away: told in the past, denied, another kind of agent, somebody else's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from offhold.promises.asking import turns
from offhold.promises.asking.lexicon import LEXICON, Rule
from offhold.promises.asking.reading import GONE, LONGEST, STRETCHED, WORD, Reading, fold, squeeze
from offhold.promises.asking.reasons import LEVELS, Level, Reason

_WORD = re.compile(WORD)
_SHORT = 80  # characters of a message that is nothing but a sign
_TOLD: frozenset[Reason] = frozenset({"nobody_answers", "is_it_a_machine"})
_LETTER = re.compile("[^ <>.?]")
_PERSON = "[\U0001f464\U0001f468\U0001f469\U0001f64b\U0001f9cd\U0001f9d1]"
_SIGN = re.compile(_PERSON)
_SIGNS = re.compile(  # people of any skin and of office trades, and nothing else
    rf"\s*(?:@[\w.\-]+\s+)*(?P<sign>(?:{_PERSON}(?:[\U0001f3fb-\U0001f3ff\ufe0f]|\u200d[\u2640\u2642\U0001f4bc\U0001f4bb])*[\s!?]*)+)"
)


class Asked(msgspec.Struct, frozen=True):
    """What was heard. `start` and `end` are places in the text; `lang` is the rule's, empty where it needs none."""

    level: Level
    reason: Reason
    lang: str
    start: int
    end: int


def asked(text: str, before: Sequence[str] = ()) -> Asked | None:
    """`before`: what the customer said earlier in the same case and nobody has answered, oldest first. Never raises."""
    heard = _heard(text)
    if heard is None and before and turns.unanswered(text, before):
        return Asked("likely", "unanswered_turns", "", 0, len(text))
    return heard


def _heard(text: str) -> Asked | None:
    folded = fold(text[:LONGEST])
    rules = _may_match(folded)
    if rules:
        return _weightiest(list(_matches(Reading(text), rules)))
    if not folded.isascii() and len(text) <= _SHORT and _SIGN.search(text) and (sign := _SIGNS.fullmatch(text)):
        return Asked("explicit", "one_word", "", *sign.span("sign"))
    return None


def _may_match(folded: str) -> list[Rule]:
    if "'" in folded:
        folded = folded.replace("'", "")
    words = set(_WORD.findall(folded))
    if STRETCHED.search(folded):
        words.update(_WORD.findall(squeeze(folded)))
    return LEXICON.may_match(folded, words)


def _matches(reading: Reading, rules: list[Rule]) -> Iterator[Asked]:
    if reading.repost:
        return
    own: dict[str, str] = {}  # by language: the text without what a lookalike explains
    for rule in rules:
        laid = reading.spaced if rule.spaced else reading.packed
        if not rule.pattern.search(laid.text):
            continue
        if rule.lang not in own:
            own[rule.lang] = _without_lookalikes(laid.text, rule.lang)
        if rule.reason and (match := rule.pattern.search(own[rule.lang])):
            yield Asked(LEVELS[rule.reason], rule.reason, rule.lang, *reading.typed(laid, match))


def _without_lookalikes(text: str, lang: str) -> str:
    own = text
    for lookalike in LEXICON.harmless[lang]:
        for match in lookalike.pattern.finditer(text):
            own = own[: match.start()] + _LETTER.sub(GONE, match[0]) + own[match.end() :]
    return own


def _weightiest(found: list[Asked]) -> Asked | None:
    """The explicit before the likely, the longer before the shorter; but a wish within longer words that tell of it and
    wish nothing ("I tried to talk to someone") is no more than told."""
    told = [other for other in found if other.reason in _TOLD]
    wishes = [wish for wish in found if wish.level == "explicit" and not any(_within(wish, other) for other in told)]
    likely = [other for other in found if other.level == "likely"]
    return max(wishes or likely, key=_length, default=None)


def _within(one: Asked, other: Asked) -> bool:
    return other.start <= one.start and one.end <= other.end and _length(one) < _length(other)


def _length(found: Asked) -> int:
    return found.end - found.start
