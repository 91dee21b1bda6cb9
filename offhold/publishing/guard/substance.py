"""A public answer that only sends people elsewhere: everyone reads that nothing was said. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from offhold.publishing.guard import bare, names
from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.lexicon import EVERYDAY_FILLER, LANGUAGES
from offhold.publishing.guard.policy import Policy
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.said import Around, Said

_LONGEST = 45  # words; a longer answer says something


def only_asks_for_private(reading: Reading, _said: Said, around: Around, _policy: Policy) -> Iterator[Found]:
    """It asks for a private message, and all the rest is courtesy. Saying what to send there is substance."""
    words = bare.words(reading)
    if not words or len(words) > _LONGEST:
        return
    asked = [(at, end) for language in LANGUAGES.values() for at, end, _ in language.private.find(words)]
    if not asked:
        return
    said = {number for at, end in asked for number in range(at, end)} | names.called(words, around)
    if all(number in said or word in EVERYDAY_FILLER for number, word in enumerate(words)):
        yield Found(rule="only_asks_for_private", words="")
