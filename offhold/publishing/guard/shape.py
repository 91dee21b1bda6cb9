"""How a reply looks: shouting, pictures nobody described, the very words somebody else was told. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from offhold.publishing.guard import personal
from offhold.publishing.guard.codes import codes_in
from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.lexicon import FUNCTION
from offhold.publishing.guard.reading import LONGEST, Reading, fold
from offhold.publishing.guard.scene import Scene

_LETTERS = re.compile(r"[^\W\d_]++")
_LEAST_WORDS, _LEAST_LETTERS, _LONG = 3, 10, 4
_MONEY = re.compile(r"[$£€¥] ?[0-9]|[0-9] ?(?:[$£€¥]|(?:eur|usd|gbp|euros?|pounds?|dollars?|reais)\b)")
_DATE = re.compile(
    r"[0-9]{1,2}(?:st|nd|rd|th|\.|º)? (?:de |of )?(?:jan|feb|mar|apr|abr|avr|may|mai|jun|jul|juin|juil|aug|ago|aout|sep"
    r"|set|oct|okt|out|nov|dec|dic|dez|ene|fev)[a-z]{0,6}\b"
    r"|[0-3]?[0-9][-./][0-3]?[0-9][-./](?:19|20)?[0-9]{2}(?![0-9.])|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]"
)
_LEAST_SAME = 8  # words; shorter ones are courtesy
_RECENT, _READ = 200, 1  # earlier answers: looked through, and read where they seem the same
_BESIDES = 80  # characters that mentions and a signature may take
_CORE = 24  # characters on either side of the middle


def shouting(scene: Scene) -> Iterator[Found]:
    """Three words and more in capitals; abbreviations alone are none."""
    reading = scene.reading
    if sum(map(str.isupper, reading.kept)) < _LEAST_LETTERS:
        return
    for start, end, words in _capitals(reading.kept):
        if len(words) >= _LEAST_WORDS and len("".join(words)) >= _LEAST_LETTERS and _a_sentence(words):
            yield Found(rule="shouting", words=reading.plain[start:end], spans=(reading.span(start, end),))


def _a_sentence(words: list[str]) -> bool:
    """Words people say, and not abbreviations in a row."""
    return sum(len(word) >= _LONG for word in words) >= 2 or not FUNCTION.isdisjoint(map(fold, words))


def _capitals(kept: str) -> Iterator[tuple[int, int, list[str]]]:
    """Stretches of words in capitals: start, end, the words."""
    words: list[str] = []
    start = end = 0
    for found in _LETTERS.finditer(kept):
        loud = found[0].isupper() and kept[max(0, found.start() - 1) : found.start()] not in {"#", "@", "/", "_"}
        if loud and words and found.start() - end <= 3:
            words.append(found[0])
            end = found.end()
        else:
            yield start, end, words
            words, start, end = ([found[0]] if loud else []), found.start(), found.end()
    yield start, end, words


def missing_alt(scene: Scene) -> Iterator[Found]:
    """Pictures without a description."""
    for number, picture in enumerate(scene.said.pictures, 1):
        if not any(character.isalnum() for character in picture.alt[:LONGEST]):
            yield Found(rule="missing_alt", words=f"picture {number}", params={"picture": str(number)})


def identical(scene: Scene) -> Iterator[Found]:
    """Word for word what somebody else was told, with something in it that was theirs: a date, a sum, a code.

    Templates without such a thing pass. So does courtesy. Saying the last public message again never does.
    """
    reading = scene.reading
    words = reading.bare_words
    if len(words) < _LEAST_SAME:
        return
    if (_as_long(scene.around.last_public or "", reading) and scene.before.bare_words == words) or (
        _told_another(scene, words) and _particular(reading)
    ):
        yield Found(rule="identical", words=" ".join(words))


def _as_long(other: str, reading: Reading) -> bool:
    """But for mentions and a signature; others need not be read."""
    return abs(len(other) - len(reading.typed)) <= _BESIDES


def _told_another(scene: Scene, words: list[str]) -> bool:
    """What is pasted holds its middle as it was: of many earlier answers few need to be read."""
    typed = scene.reading.typed
    middle = typed[len(typed) // 2 - _CORE : len(typed) // 2 + _CORE]
    earlier = scene.around.earlier_elsewhere[-_RECENT:]
    alike = (one for one in earlier if _as_long(one, scene.reading) and middle in one)
    return any(Reading(one).bare_words == words for one in itertools.islice(alike, _READ))


def _particular(reading: Reading) -> bool:
    """Is there a date, a sum or a code? Telephone numbers are none, nor are versions (11.0.2)."""
    if _DATE.search(reading.plain) or _MONEY.search(reading.plain):
        return True
    dialled = personal.numbers_in(reading)
    return any(re.sub(r"[^0-9]", "", code) not in dialled for code in codes_in(reading))
