"""What a customer told us in private, said in public. Pure.

Who is meant changes with the speaker ("my son", "your son"), and so do endings: words are compared by their beginnings,
and pronouns are all one. A stretch counts by the words in it that are neither grammar nor everyday words of customer
care.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from offhold.publishing.guard import personal
from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.lexicon import EVERYDAY, FUNCTION, SENSITIVE, spans
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.scene import Scene

_PERSON = frozenset(
    [
        "i",
        "me",
        "my",
        "mine",
        "you",
        "your",
        "yours",
        "we",
        "us",
        "our",
        "he",
        "she",
        "his",
        "her",
        "him",
        "they",
        "them",
        "their",
        "yo",
        "me",
        "mi",
        "mis",
        "tu",
        "tus",
        "te",
        "su",
        "sus",
        "le",
        "les",
        "lo",
        "la",
        "usted",
        "nosotros",
        "nuestro",
        "nuestra",
        "ich",
        "mich",
        "mir",
        "mein",
        "meine",
        "meiner",
        "meinem",
        "meinen",
        "sie",
        "ihr",
        "ihre",
        "ihrer",
        "ihrem",
        "ihren",
        "ihnen",
        "du",
        "dich",
        "dir",
        "dein",
        "deine",
        "wir",
        "uns",
        "je",
        "j",
        "m",
        "me",
        "moi",
        "mon",
        "ma",
        "mes",
        "tu",
        "te",
        "vous",
        "votre",
        "vos",
        "nous",
        "notre",
        "nos",
        "il",
        "elle",
        "son",
        "sa",
        "ses",
        "leur",
        "eu",
        "me",
        "mim",
        "meu",
        "minha",
        "meus",
        "minhas",
        "o",
        "a",
        "os",
        "as",
        "seu",
        "sua",
        "seus",
        "suas",
        "voce",
        "lhe",
        "nos",
        "nosso",
        "nossa",
    ]
)
_STEM = 4
_RUN, _REFUSED = 3, 5  # words in a row to be looked at; to be refused
_TELLING, _REFUSED_TELLING = 2, 3  # telling words among them
_SHORT = 4  # words; a private message of so few is a fact of its own
_NUMBER = re.compile(r"(?<![\w.,])[0-9](?:[.,\- ]?[0-9])*+(?!\w)")
_CURRENCY = re.compile(r"[$£€¥]|eur|usd|gbp|brl")


def private_words(scene: Scene) -> Iterator[Found]:
    """Stretches of private words, numbers and addresses, said in public."""
    reading, private, public = scene.reading, scene.private, scene.before
    if not private:
        return
    yield from _contacts(reading, private)
    yield from _stretches(reading, private, public)
    yield from _sensitive(reading, private, public)
    yield from _numbers(reading, private, public)


def _contacts(reading: Reading, private: list[Reading]) -> Iterator[Found]:
    """A telephone number or an e-mail address given in private: nobody else's business, whoever it belongs to."""
    given = {one for text in private for one in (*personal.mails_in(text), *personal.numbers_in(text))}
    for one, start, end in (*personal.mails(reading), *personal.numbers(reading)) if given else ():
        if one in given:
            yield Found(rule="private_words", words=one, spans=(reading.span(start, end),))


# --- stretches -------------------------------------------------------------------------------------------------------


def _stretches(reading: Reading, private: list[Reading], public: Reading) -> Iterator[Found]:
    said = [_stem(word) for word in reading.said]
    known = {run for text in private for run in _runs([_stem(word) for word in text.said])}
    known -= set(_runs([_stem(word) for word in public.said]))
    facts = _short_facts(private, public)
    for first, end in _joined(said, known | facts):
        telling = len({word for word in reading.said[first:end] if _tells(word)})
        if end - first >= _REFUSED and telling >= _REFUSED_TELLING:
            rule = "private_words"
        elif telling >= _TELLING or tuple(said[first:end]) in facts:
            rule = "private_detail"
        else:
            continue
        if telling:
            span = reading.span(reading.words[first].start, reading.words[end - 1].end)
            yield Found(rule=rule, words=" ".join(reading.said[first:end]), spans=(span,))


def _runs(stems: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(stems[at:] for at in range(_RUN)), strict=False)


def _joined(said: list[str], known: set[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Longest stretches of the text all of whose runs are known, and short facts."""
    sizes = sorted({len(run) for run in known}, reverse=True)
    first, end = -1, -1
    for at in range(len(said)):
        size = next((size for size in sizes if tuple(said[at : at + size]) in known), 0)
        if not size:
            continue
        if at >= end - (_RUN - 1) and at > 0 and first >= 0 and at < end:
            end = max(end, at + size)
            continue
        if first >= 0:
            yield first, end
        first, end = at, at + size
    if first >= 0:
        yield first, end


def _short_facts(private: list[Reading], public: Reading) -> set[tuple[str, ...]]:
    """Private messages of a few words that say something: "peanut allergy"."""
    facts = set()
    for text in private:
        words = text.said
        tells = 1 < len(words) <= _SHORT and any(_tells(word) and len(word) >= _STEM for word in words)
        if tells and not all(word in public.said for word in words):
            facts.add(tuple(map(_stem, words)))
    return facts


def _stem(word: str) -> str:
    return "~" if word in _PERSON else word[:_STEM]


def _tells(word: str) -> bool:
    return (
        len(word) > 2 and not word.isdigit() and word not in FUNCTION and word not in EVERYDAY and word not in _PERSON
    )


# --- what hurts most, and numbers ------------------------------------------------------------------------------------


def _sensitive(reading: Reading, private: list[Reading], public: Reading) -> Iterator[Found]:
    """Health, birth, death, money: named in private, named by us in public, and not by the customer there."""
    told = {text.said[first][:_STEM] for text in private for first, _ in _named_ills(text)}
    told -= {word[:_STEM] for word in public.said}
    for first, end in _named_ills(reading) if told else ():
        if reading.said[first][:_STEM] in told:
            span = reading.span(reading.words[first].start, reading.words[end - 1].end)
            yield Found(rule="private_detail", words=" ".join(reading.said[first:end]), spans=(span,))


def _named_ills(reading: Reading) -> set[tuple[int, int]]:
    return {(first, end) for first, end, _ in spans(reading, SENSITIVE)}


def _numbers(reading: Reading, private: list[Reading], public: Reading) -> Iterator[Found]:
    """Numbers of four digits and more, but years; of three, where they are money."""
    told = {number for text in private for number, _, _ in _long_numbers(text)}
    told -= {number for number, _, _ in _long_numbers(public)}
    for number, start, end in _long_numbers(reading) if told else ():
        if number in told:
            yield Found(rule="private_detail", words=number, spans=(reading.span(start, end),))


def _long_numbers(reading: Reading) -> Iterator[tuple[str, int, int]]:
    for found in _NUMBER.finditer(reading.plain):
        digits = re.sub(r"[^0-9]", "", found[0])
        money = _CURRENCY.search(reading.plain, max(0, found.start() - 2), found.end() + 5)
        if (len(digits) >= 4 and not _is_year(digits)) or (len(digits) == 3 and money):
            yield digits, *found.span()


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in {"19", "20"}
