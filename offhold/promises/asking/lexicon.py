"""The maintained rules, one file for each language under `words/`. Pure.

A rule is a phrase: places with blanks between. A place is one of several (`talk|speak`), or a list by its name in
capitals; `_` is a blank within one of them (`real_person`), `*` whatever a word begins or ends with. A place that ends
in `?` may be missing. `..3` is up to three words of any kind (characters, in scripts without blanks); `<` and `>` are
where a sentence begins and ends, `<<` and `>>` where the message does. No phrase reaches over the end of a sentence,
but where a `/` says that one may be there.

`!` marks the place without which the phrase cannot stand: its words are looked up first, and a text that holds none of
any language is done with. All is compared folded.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

from offhold.promises.asking.reading import GONE, fold
from offhold.promises.asking.reasons import Reason

_FILES = Path(__file__).with_name("words")
_STEM = 4  # letters by which beginnings are found; each has so many at least
_MOST_ALONE = 12  # words of a message that a phrase can be the whole of
_BEYOND = f"<>.?{GONE}"  # what no phrase reaches over
_BEGINS = {"<": "[<.?]", "<<": "<"}
_ENDS = {">": "[>.?]", ">>": r"\??{blank}>"}
_OTHER_LETTERS = re.compile("[\u0600-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Rule(NamedTuple):
    """One phrase of one language, as written and as matched."""

    lang: str
    reason: Reason | None  # none: harmless, it explains away what another rule would take for a wish
    phrase: str
    pattern: re.Pattern[str]
    spaced: bool
    needs: frozenset[frozenset[str]]  # of each a word must stand in the text, else the pattern need not be tried


class Parts(NamedTuple):
    """A language whose words are found as parts of the text, and its rules by their places."""

    pattern: re.Pattern[str]
    rules: range


class Lexicon:
    """Every rule, and how those are found that a text could match: most texts hold no marked word at all."""

    def __init__(self, languages: Iterable[_Language]) -> None:
        self.rules: list[Rule] = []
        self.harmless: dict[str, list[Rule]] = {}
        self.nudges: set[str] = set()
        self._words: defaultdict[str, set[int]] = defaultdict(set)
        self._stems: defaultdict[str, set[int]] = defaultdict(set)
        self._parts: list[Parts] = []
        self._bits: defaultdict[str, int] = defaultdict(int)
        self._known: dict[frozenset[str], int] = {}
        self._needs: list[int] = []
        self._whole: list[bool] = []
        for language in languages:
            self._add(language)

    def may_match(self, folded: str, words: set[str]) -> list[Rule]:
        """The rules that could match a text of these words."""
        found: set[int] = set()
        for word in words & self._words.keys():
            found |= self._words[word]
        for stem in {word[:_STEM] for word in words} & self._stems.keys():
            found |= self._stems[stem]
        if not folded.isascii() and _OTHER_LETTERS.search(folded):
            closed_up = folded.replace(" ", "")
            found.update(*(parts.rules for parts in self._parts if parts.pattern.search(closed_up)))
        return self._supplied(found, words) if found else []

    def _supplied(self, found: set[int], words: set[str]) -> list[Rule]:
        """Those of which each need is met."""
        there = 0
        for word in words & self._bits.keys():
            there |= self._bits[word]
        short = len(words) <= _MOST_ALONE
        return [
            self.rules[at] for at in sorted(found) if not self._needs[at] & ~there and (short or not self._whole[at])
        ]

    def _add(self, language: _Language) -> None:
        first = len(self.rules)
        self.rules += language.rules
        self.harmless[language.lang] = language.harmless
        self.nudges.update(language.nudges)
        self._needs += [self._bits_of(rule.needs) for rule in language.rules]
        self._whole += [rule.phrase.startswith("<<") for rule in language.rules]
        if language.by_parts:
            parts = sorted({re.escape(word.strip("*")) for words in language.marked for word in words})
            self._parts.append(Parts(re.compile("|".join(parts)), range(first, len(self.rules))))
            return
        for at, words in enumerate(language.marked, first):
            for word in words:
                (self._stems[word[:_STEM]] if word.endswith("*") else self._words[word]).add(at)

    def _bits_of(self, needs: Iterable[frozenset[str]]) -> int:
        every = 0
        for need in needs:
            if need not in self._known:
                self._known[need] = 1 << len(self._known)
                for word in need:
                    self._bits[word] |= self._known[need]
            every |= self._known[need]
        return every


class _Language:
    """One file, while it is read."""

    def __init__(self, lang: str, told: dict[str, Any]) -> None:
        self.lang = lang
        self.spaced: bool = told.get("spaced", True)  # are there blanks between words?
        self.by_parts: bool = told.get("by_parts", False)  # words carry others before them, or no blanks around
        self.nudges = [fold(word) for word in told.get("nudges", "").split()]
        self._lists: dict[str, str] = told.get("lists", {})
        self._blank = " " if self.spaced else ""
        self._letter = rf"[^ {_BEYOND}]"
        sections: dict[str, list[str]] = told["rules"]
        phrases = [(reason, phrase) for reason in get_args(Reason) for phrase in sections.get(reason, ())]
        self.rules = [self._rule(reason, phrase) for reason, phrase in phrases]
        self.marked = [list(self._marked(phrase)) for _, phrase in phrases]
        self.harmless = [self._rule(None, phrase) for phrase in sections.get("harmless", ())]

    def _rule(self, reason: Reason | None, phrase: str) -> Rule:
        begins = f"(?<![^{self._blank}])" if self.spaced else ""
        pattern = begins + "".join(map(self._place, phrase.split()))
        needs = frozenset() if self.by_parts else frozenset(filter(None, map(self._need, phrase.split())))
        return Rule(self.lang, reason, phrase, re.compile(pattern), self.spaced, needs)

    def _need(self, place: str) -> frozenset[str]:
        """One of these words stands in every text in which this place is taken; empty where that is not known."""
        if place.endswith("?") or place.startswith("..") or place == "/":
            return frozenset()
        words = set(self._alternatives(place.lstrip("!")))
        open_ended = any("*" in word or word in _BEGINS or word in _ENDS for word in words)
        return frozenset() if open_ended else frozenset(map(_longest_word, words))

    def _place(self, place: str) -> str:
        if place == "/":
            return f"(?:[.?]{self._blank})?"
        if place.startswith(".."):
            return f"(?:{self._letter}{'+ ' if self.spaced else ''}){{0,{int(place[2:])}}}"
        return f"{self._any_of(self._alternatives(place.strip('!?')))}{'?' if place.endswith('?') else ''}"

    def _any_of(self, words: Iterable[str]) -> str:
        """The longest first; put together by their first letter, which is what most words of a text fail at."""
        by_letter: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(set(words), key=lambda word: (-len(word), word)):
            pattern = self._word(word)
            letter = pattern[0] if pattern[0].isalnum() else ""
            by_letter[letter].append(pattern.removeprefix(letter))
        return _either(f"{letter}{_either(rest)}" for letter, rest in by_letter.items())

    def _alternatives(self, place: str) -> Iterator[str]:
        for one in place.split("|"):
            if one in self._lists:
                for each in self._lists[one].split():
                    yield from self._alternatives(each)
            else:
                yield "_".join(map(fold, one.split("_")))

    def _word(self, word: str) -> str:
        if word in _BEGINS:
            return f"(?<={_BEGINS[word]}{self._blank})"
        if word in _ENDS:
            return f"(?={_ENDS[word].format(blank=f'{self._blank}?')})"
        before = f"{self._letter}{{0,4}}" if word.startswith("*") else ""
        behind = f"{self._letter}*" if word.endswith("*") else ""
        inside = self._blank.join(re.escape(part) for part in word.strip("*").replace("'", "").split("_"))
        return f"{before}{inside}{behind}{self._blank}"

    def _marked(self, phrase: str) -> Iterable[str]:
        (place,) = [place for place in phrase.split() if place.startswith("!")]
        return map(_longest_word, self._alternatives(place.strip("!?")))


def _either(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _longest_word(alternative: str) -> str:
    return max(alternative.replace("'", "").split("_"), key=len)


LEXICON = Lexicon(
    _Language(file.stem, tomllib.loads(file.read_text("utf-8"))) for file in sorted(_FILES.glob("*.toml"))
)
