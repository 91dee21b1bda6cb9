"""The maintained lists of words, one file for each language under `words/`, each entry with its why. Pure.

A phrase is words with blanks between. `a|b` is either (`a_b|c`: two words or one), `prefix*` any word that begins so,
`..` up to three words of any kind. A phrase never reaches over the end of a sentence. All is compared folded: lower
case, without accents.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from offhold.publishing.guard.reading import Reading, fold

_FILES = Path(__file__).with_name("words")
_GAP = 3
_ANY = "*"
_KEY = 3  # letters by which beginnings are found; each has so many at least


class Part(NamedTuple):
    """One place of a phrase: either of these words, or whatever begins so. Neither: a gap."""

    whole: frozenset[str]
    begins: tuple[str, ...]

    def takes(self, word: str) -> bool:
        return word in self.whole or word.startswith(self.begins)


GAP = Part(frozenset(), ())


class Phrase(NamedTuple):
    """One way to say it. An empty part is a gap."""

    parts: tuple[Part, ...]

    def ends(self, words: list[str], at: int) -> int | None:
        """Behind the last word, where the phrase stands at `at`."""
        return _ends(self.parts, words, at)


class Saying(NamedTuple):
    """An entry: what it is heard as (`rule`, `kind`), why, and what makes it harmless in the same sentence."""

    rule: str
    kind: str
    lang: str
    why: str
    unless: tuple[Phrase, ...]


Entry = tuple[Phrase, "Saying | None"]


class Language(NamedTuple):
    """The plain lists of one language, folded."""

    function: frozenset[str]
    everyday: frozenset[str]
    filler: frozenset[str]
    greetings: tuple[str, ...]
    titles: frozenset[str]
    not_names: frozenset[str]


class Index:
    """Phrases by their first two words: a text is matched in one walk over its words."""

    def __init__(self) -> None:
        self._whole: dict[str, dict[str, list[Entry]]] = {}
        self._beginning: dict[str, list[Entry]] = {}

    def add(self, written: str, saying: Saying | None = None) -> None:
        for phrase in phrases_of(written):
            for begins in phrase.parts[0].begins:
                self._beginning.setdefault(begins[:_KEY], []).append((phrase, saying))
            for word in phrase.parts[0].whole:
                for second in _seconds(phrase):
                    self._whole.setdefault(word, {}).setdefault(second, []).append((phrase, saying))

    def find(self, words: list[str]) -> Iterator[tuple[int, int, Saying | None]]:
        """First word, behind the last word, and the entry, of each phrase in these words."""
        for at, word in enumerate(words):
            for phrase, saying in self._candidates(words, at, word):
                end = phrase.ends(words, at)
                if end is not None:
                    yield at, end, saying

    def _candidates(self, words: list[str], at: int, word: str) -> Iterable[Entry]:
        begun = self._beginning.get(word[:_KEY], ())
        whole = self._whole.get(word)
        if whole is None:
            return begun
        after = words[at + 1] if at + 1 < len(words) else ""
        return (*begun, *whole.get(_ANY, ()), *whole.get(after, ()))


def _seconds(phrase: Phrase) -> Iterable[str]:
    """The words that may come second, or `_ANY` where that is open."""
    if len(phrase.parts) < 2 or phrase.parts[1] == GAP or phrase.parts[1].begins:
        return (_ANY,)
    return phrase.parts[1].whole


def phrases_of(written: str) -> list[Phrase]:
    """The phrases a line of the lists stands for: one, or one for each alternative of several words."""
    return [Phrase(tuple(itertools.chain(*ways))) for ways in itertools.product(*map(_ways, written.split()))]


def _ways(written: str) -> list[tuple[Part, ...]]:
    """How one place can be filled: by one of some single words, or by several words in a row."""
    if written == "..":
        return [(GAP,)]
    words = [one.replace("_", " ").replace("-", " ").split() for one in written.split("|")]
    single = [way[0] for way in words if len(way) == 1]
    return [
        *([(_part(single),)] if single else []),
        *(tuple(_part([word]) for word in way) for way in words if len(way) > 1),
    ]


def _part(words: list[str]) -> Part:
    return Part(
        frozenset(fold(word) for word in words if not word.endswith("*")),
        tuple(fold(word[:-1]) for word in words if word.endswith("*")),
    )


def _ends(parts: tuple[Part, ...], words: list[str], at: int) -> int | None:
    for number, part in enumerate(parts):
        if part is GAP:
            rest = parts[number + 1 :]
            ends = (_ends(rest, words, at + skipped) for skipped in range(_GAP + 1))
            return next((end for end in ends if end is not None), None)
        if at >= len(words) or not part.takes(words[at]):
            return None
        at += 1
    return at


def spans(reading: Reading, index: Index) -> Iterator[tuple[int, int, Saying | None]]:
    """What an index finds in a text, each within one sentence; word numbers, the second one past the last."""
    for first, end, saying in index.find(reading.said):
        if reading.one_breath(first, end - 1):
            yield first, end, saying


def _set(table: dict[str, Any], name: str) -> frozenset[str]:
    return frozenset(fold(" ".join(table.get(name, "").split())).split())


def _index(name: str) -> Index:
    """A plain list of phrases, of all languages together."""
    index = Index()
    for table in _tables.values():
        for written in table.get(name, ()):
            index.add(written)
    return index


def _language(table: dict[str, Any]) -> Language:
    return Language(
        function=_set(table, "function"), everyday=_set(table, "everyday"), filler=_set(table, "filler"),

        greetings=tuple(fold(one) for one in table.get("greetings", ())),
        titles=_set(table, "titles"), not_names=_set(table, "not_names"),
    )  # fmt: skip


def _sayings(tables: dict[str, dict[str, Any]]) -> Index:
    index = Index()
    for lang, table in tables.items():
        for entry in table["says"]:
            saying = Saying(
                entry["rule"],
                entry["kind"],
                lang,
                entry["why"],
                tuple(itertools.chain(*map(phrases_of, entry.get("unless", ())))),
            )
            for written in entry["words"]:
                index.add(written, saying)
    return index


_tables = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(_FILES.glob("*.toml"))}
LANGUAGES = {lang: _language(table) for lang, table in _tables.items()}
SAYINGS = _sayings({lang: table for lang, table in _tables.items() if "says" in table})
SENSITIVE = _index("sensitive")
ASKS_FOR_PRIVATE = _index("private")
FUNCTION = frozenset().union(*(language.function for language in LANGUAGES.values()))
EVERYDAY = frozenset().union(*(language.everyday | language.filler for language in LANGUAGES.values()))
EVERYDAY_FILLER = FUNCTION | frozenset().union(*(language.filler for language in LANGUAGES.values()))
