"""Names: a colleague's legal one, which customers never see, and a customer called by another's. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.lexicon import LANGUAGES
from offhold.publishing.guard.reading import Reading, Word, fold
from offhold.publishing.guard.said import Around
from offhold.publishing.guard.scene import Scene

_GREETINGS = frozenset(greeting for language in LANGUAGES.values() for greeting in language.greetings)
_TITLES = frozenset().union(*(language.titles for language in LANGUAGES.values()))
_NOT_NAMES = frozenset().union(*(language.not_names | language.function for language in LANGUAGES.values()))
_LONGEST_GREETING = max(greeting.count(" ") + 1 for greeting in _GREETINGS)
_THANKS = frozenset(
    [
        "thanks",
        "sorry",
        "gracias",
        "danke",
        "merci",
        "obrigado",
        "obrigada",
        "perdon",
        "pardon",
        "entschuldigung",
        "desculpe",
    ]
)
# Short forms that share no beginning with the whole name.
_SHORT = {
    "bob": "robert", "rob": "robert", "bill": "william", "will": "william", "liz": "elizabeth", "beth": "elizabeth",
    "betty": "elizabeth", "peggy": "margaret", "meg": "margaret", "dick": "richard", "jim": "james", "jack": "john",
    "ted": "edward", "ned": "edward", "harry": "henry", "hank": "henry", "tony": "anthony", "chuck": "charles",
    "mike": "michael", "mick": "michael", "bella": "isabella", "ania": "anna", "kate": "katherine", "tom": "thomas",
    "pepe": "jose", "paco": "francisco", "curro": "francisco", "pancho": "francisco", "lola": "dolores",
    "nacho": "ignacio", "chema": "jose", "quique": "enrique", "kiko": "francisco", "charo": "rosario",
    "ze": "jose", "chico": "francisco", "tonho": "antonio", "xico": "francisco", "beto": "roberto", "nando": "fernando",
    "hansi": "johann", "hans": "johannes", "sepp": "josef", "klaus": "nikolaus", "gitte": "brigitte", "uschi": "ursula",
    "sasha": "alexander", "sandro": "alessandro", "tina": "christina", "nina": "antonina", "mia": "maria",
}  # fmt: skip
_DOUBLED = re.compile(r"(.)\1")
_ONLY_NAMES = re.compile(r"[^\W\d_]+(?:[ .'ªº\-]{1,2}[^\W\d_]+)*\.?")
_EXPANDED = str.maketrans({"y": "i", "w": "v"})


def colleagues(scene: Scene) -> Iterator[Found]:
    """A full name, in either order, or the family name with a title; unless the customer is called the same."""
    reading, said = scene.reading, frozenset(scene.reading.said)
    customer = set(_parts(scene.around.customer_name or ""))
    for name in scene.around.colleagues:
        parts = _parts(name)
        if len(parts) < 2 or parts[-1] not in said or customer.issuperset(parts):
            continue
        for start, end in _named(reading, parts):
            span = reading.span(reading.words[start].start, reading.words[end - 1].end)
            yield Found(rule="colleague_name", words=" ".join(parts), spans=(span,))


def wrong_name(scene: Scene) -> Iterator[Found]:
    """Greeted or thanked by a name that cannot be this customer's."""
    reading, called = scene.reading, scene.around.customer_name or ""
    known = _parts(called)
    if not _judgeable(called, known):
        return
    handles = fold(" ".join(scene.around.customer_handles))
    for name in _addressed(reading):
        if not any(_fits(one, known, handles) or _heard(scene, one) for one in _whole(reading, name)):
            shown = {"said": reading.kept[name.start : name.end], "name": called}
            yield Found(rule="wrong_name", words=name.text, spans=(reading.span(name.start, name.end),), params=shown)


def _whole(reading: Reading, name: Word) -> list[str]:
    """A name with the capitalised words right behind it: María José."""
    at = reading.words.index(name)
    return [reading.words[at].text, *(reading.words[to].text for to in range(at + 1, _family_at(reading, at) + 1))]


def _heard(scene: Scene, name: str) -> bool:
    """Did the customer say this name? Then it is theirs, or somebody's they speak of."""
    return any(name in text.said for text in (scene.before, *scene.private))


def called(words: list[str], around: Around) -> set[int]:
    """Numbers of the words that name the customer, or stand where a name does."""
    known = frozenset(_parts(around.customer_name or ""))
    named = {at for at, word in enumerate(words) if word in known}
    end = _greeting_end(words, 0)
    return named | ({end} if 0 < end < len(words) else set())


def _parts(name: str) -> list[str]:
    return [word for word in Reading(name[:200]).said if len(word) > 1 and word.isalpha()]


def _named(reading: Reading, parts: list[str]) -> Iterator[tuple[int, int]]:
    first, last, words = parts[0], parts[-1], reading.said
    for at, word in enumerate(words):
        if words[at : at + len(parts)] == parts:
            yield at, at + len(parts)
        elif words[at : at + 2] in ([first, last], [last, first]) or (
            word in _TITLES and words[at + 1 : at + 2] == [last]
        ):
            yield at, at + 2


# --- whom we address -------------------------------------------------------------------------------------------------


def _addressed(reading: Reading) -> Iterator[Word]:
    words = reading.words
    start = _after_mentions(reading)
    end = _greeting_end(reading.said, start)
    titled = end > start and end < len(words) and words[end].text in _TITLES
    while end > start and end < len(words) and words[end].text in _TITLES:
        end += 1
    if start < end < len(words) and _a_name(reading, words[end], titled=titled):
        yield words[end] if not titled else _family(reading, end)
    for at in range(len(words) - 1):
        if words[at].text in _THANKS and _a_name(reading, words[at + 1], titled=False) and _vocative(reading, at):
            yield words[at + 1]


def _after_mentions(reading: Reading) -> int:
    """The number of the first word that is no mention."""
    for at, word in enumerate(reading.words):
        if reading.plain[max(0, word.start - 1) : word.start] not in {"@", "_", "."}:
            return at
    return len(reading.words)


def _greeting_end(words: list[str], start: int) -> int:
    """Behind the greeting that begins here; `start` where there is none."""
    for size in range(_LONGEST_GREETING, 0, -1):
        if " ".join(words[start : start + size]) in _GREETINGS:
            return start + size
    return start


def _a_name(reading: Reading, word: Word, *, titled: bool) -> bool:
    """A capital first, and no word that stands there for everyone; what follows must not make it part of a phrase."""
    written = reading.kept[word.start : word.end]
    if not written[:1].isupper() or not written.isalpha() or len(written) < 2 or word.text in _NOT_NAMES:
        return False
    behind = reading.kept[word.end : word.end + 2].lstrip()
    return (
        titled or behind[:1] in {"", ",", ".", "!", ":", ";", "-", "\n"} or behind[:1].islower() or behind[:1].isupper()
    )


def _family(reading: Reading, at: int) -> Word:
    """Behind a title the family name counts, which comes last: "Mrs Anna Jones"."""
    return reading.words[_family_at(reading, at)]


def _family_at(reading: Reading, at: int) -> int:
    words = reading.words
    while (
        at + 1 < len(words) and reading.kept[words[at].end : words[at + 1].start] == " " and _capital(reading, at + 1)
    ):
        at += 1
    return at


def _capital(reading: Reading, at: int) -> bool:
    return reading.kept[reading.words[at].start].isupper()


def _vocative(reading: Reading, at: int) -> bool:
    """`Thanks, Derek!`, and not `Thanks, Mia` at the end, which signs."""
    between = reading.plain[reading.words[at].end : reading.words[at + 1].start]
    end = reading.words[at + 1].end
    return between in {" ", ", "} and reading.plain[end : end + 1] in {"!", ".", ","} and end + 1 < len(reading.plain)


# --- whether it fits -------------------------------------------------------------------------------------------------


def _judgeable(name: str, parts: list[str]) -> bool:
    """A name that looks like one: Latin letters, and a capital or two parts. `xX_cat_77` says nothing of who it is."""
    looks = _ONLY_NAMES.fullmatch(name.strip()[:80]) is not None and (name[:1].isupper() or len(parts) > 1)
    return looks and bool(parts) and all(part.isascii() for part in parts)


def _fits(said: str, known: Iterable[str], handles: str) -> bool:
    if not said.isascii():
        return True
    if len(said) > 2 and said in handles:
        return True
    return any(_alike(ours, theirs) for one in known for ours in _forms(said) for theirs in _forms(one))


def _forms(name: str) -> set[str]:
    """A name as it is, and the one it is short for."""
    return {_plain(name), _plain(_SHORT.get(name, name))}


def _plain(name: str) -> str:
    """`Mueller` as `Müller`, `Ana` as `Anna`."""
    name = name.replace("ue", "u").replace("oe", "o").replace("ae", "a").translate(_EXPANDED)
    return _DOUBLED.sub(r"\1", name)


def _alike(one: str, other: str) -> bool:
    if one == other or (len(one) >= 3 and len(other) >= 3 and one[:3] == other[:3]):
        return True
    return min(len(one), len(other)) >= 4 and _one_apart(one, other)


def _one_apart(one: str, other: str) -> bool:
    """One letter more, fewer or other: a slip of the finger."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[same + 1 :] in (other[same:], other[same + 1 :]) or one[same:] == other[same + 1 :]
