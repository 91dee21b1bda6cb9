"""A public answer that only sends people elsewhere: everyone reads that nothing was said. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from offhold.publishing.guard import names
from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.lexicon import ASKS_FOR_PRIVATE, EVERYDAY_FILLER
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.scene import Scene

_LONGEST = 45  # words; a longer answer says something


def says_something(text: str) -> bool:
    """More than courtesy and where to write: what whoever asked for a human has a right to."""
    words = Reading(text).bare_words
    asked = {number for at, end, _ in ASKS_FOR_PRIVATE.find(words) for number in range(at, end)}
    return any(number not in asked and word not in EVERYDAY_FILLER for number, word in enumerate(words))


def only_asks_for_private(scene: Scene) -> Iterator[Found]:
    """It asks for a private message, and all the rest is courtesy. Saying what to send there is substance."""
    words = scene.reading.bare_words
    if not words or len(words) > _LONGEST:
        return
    asked = [(at, end) for at, end, _ in ASKS_FOR_PRIVATE.find(words)]
    if not asked:
        return
    said = {number for at, end in asked for number in range(at, end)} | names.called(words, scene.around)
    if all(number in said or word in EVERYDAY_FILLER for number, word in enumerate(words)):
        yield Found(rule="only_asks_for_private", words="")
