"""Which language is this? By script, and by the little words that every sentence has. Pure, and silent in doubt.

A model would know a hundred languages at the price of tens of megabytes in every process. The guard asks one thing: is
this clearly another language than the customer's? So it says nothing wherever it is not clear.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.lexicon import LANGUAGES
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.scene import Scene

_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\u1100-\u11ff\uac00-\ud7af]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u052f]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
}
# One script, several languages: where the customer's is one of these, the script says nothing against it.
_SHARED = {
    "ru": frozenset({"uk", "bg", "sr", "mk", "be", "kk", "mn"}),
    "ar": frozenset({"fa", "ur", "ps", "ku", "sd"}),
    "zh": frozenset({"ja", "yue"}),
    "hi": frozenset({"mr", "ne"}),
    "he": frozenset({"yi"}),
}
# Close enough that the little words of a short text may mislead.
_CLOSE = (frozenset({"es", "pt", "gl", "ca"}), frozenset({"no", "nb", "nn", "da", "sv"}), frozenset({"ms", "id"}),
          frozenset({"de", "nl", "lb"}), frozenset({"cs", "sk"}), frozenset({"hr", "sr", "bs", "sl"}))  # fmt: skip
_LEAST, _SHARE, _AHEAD, _AHEAD_OF_CLOSE = 3.0, 0.25, 2.0, 3.0
_ENOUGH = 120  # words
_LETTERS = re.compile(r"[^\W\d_]")
# "Kindly tweet us in English": then another language is what it is about.
_NAMES_ONE = re.compile(
    r"\b(?:english|ingles|englisch|anglais|ingles|spanish|espanol|german|deutsch|french|francais|portugues|italiano)\b"
)


def detect(reading: Reading) -> str | None:
    """The language's code, or None where it is not clear."""
    return _by_script(reading.bare) or _by_little_words(reading.bare_words[:_ENOUGH])


def wrong_language(scene: Scene) -> Iterator[Found]:
    """Clearly another language than the customer's, as far as that is known or clear."""
    reading = scene.reading
    wanted = base(scene.around.customer_lang) or detect(scene.before)
    if wanted is None or _NAMES_ONE.search(reading.plain):
        return
    said = detect(reading)
    if said is not None and said != wanted and wanted not in _SHARED.get(said, ()):
        yield Found(rule="wrong_language", words=f"{said} {wanted}", params={"said": said, "wanted": wanted})


def base(tag: str | None) -> str | None:
    """`pt-BR` is `pt`; `und` is nothing."""
    base = (tag or "").replace("_", "-").partition("-")[0].lower()
    return base if base and base not in {"und", "zxx", "mul", "qme", "qst"} else None


def _by_script(text: str) -> str | None:
    if text.isascii():
        return None
    letters = len(_LETTERS.findall(text))
    for lang, script in _SCRIPTS.items():
        share = 0.2 if lang == "ja" else 0.5
        if letters >= 4 and len(script.findall(text)) > share * letters:
            return lang
    return None


def _by_little_words(words: list[str]) -> str | None:
    score: defaultdict[str, float] = defaultdict(float)
    for word in words:
        knows = _LANGUAGES_OF.get(word, ())
        for lang in knows:
            score[lang] += 1 / len(knows)
    if not score:
        return None
    (best, most), *others = sorted(score.items(), key=lambda one: -one[1])
    if most < _LEAST or most < _SHARE * len(words):
        return None
    clear = all(most >= (_AHEAD_OF_CLOSE if _close(best, lang) else _AHEAD) * points for lang, points in others[:3])
    return best if clear else None


def _close(one: str, other: str) -> bool:
    return any(one in group and other in group for group in _CLOSE)


def _languages_of() -> dict[str, tuple[str, ...]]:
    known: dict[str, list[str]] = {}
    for lang, language in LANGUAGES.items():
        for word in language.function:
            known.setdefault(word, []).append(lang)
    return {word: tuple(langs) for word, langs in known.items()}


_LANGUAGES_OF = _languages_of()
