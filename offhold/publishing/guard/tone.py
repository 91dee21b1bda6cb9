"""What people hear as rude, insulting, a promise or a legal statement, by the maintained lists. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.lexicon import SAYINGS, Saying, spans
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.scene import Scene

_MOST = 40  # places that are looked at
_WITHOUT_GOODWILL = "refund"  # entries of this rule are promises only while nothing was given in the case


def sayings(scene: Scene) -> Iterator[Found]:
    """One finding for each entry of the lists and place in the text; the longest where two overlap.

    What one language calls harmless ("El idiota, de ...") is not held against the text by another language's list.
    """
    reading = scene.reading
    around = scene.around
    found = sorted(itertools.islice(spans(reading, SAYINGS), _MOST), key=lambda one: (one[0], -one[1]))
    harmless = [(first, end) for first, end, saying in found if saying and _harmless(reading, first, end, saying)]
    taken = -1
    for first, end, saying in found:
        assert saying is not None, "every entry of the lists has its why"
        if first < taken or any(first < stop and start < end for start, stop in harmless):
            continue
        if saying.rule == _WITHOUT_GOODWILL and around.goodwill:
            continue
        taken = end
        rule = "promise" if saying.rule == _WITHOUT_GOODWILL else saying.rule
        start, stop = reading.words[first].start, reading.words[end - 1].end
        yield Found(
            rule=rule, words=" ".join(reading.said[first:end]), spans=(reading.span(start, stop),),
            params={"kind": saying.kind, "why": saying.why, "lang": saying.lang},
        )  # fmt: skip


def _harmless(reading: Reading, first: int, end: int, saying: Saying) -> bool:
    """Does the same sentence hold what makes it harmless? Looked for in a few words on either side."""
    lo, hi = max(0, first - 6), min(len(reading.words), end + 6)
    while lo < first and not reading.one_breath(lo, first):
        lo += 1
    while hi > end and not reading.one_breath(end - 1, hi - 1):
        hi -= 1
    words = reading.said[lo:hi]
    return any(phrase.ends(words, at) is not None for phrase in saying.unless for at in range(len(words)))
