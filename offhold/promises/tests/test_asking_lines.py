"""The labelled lines and the real messages: what the bench measures, at a size for tests."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import pledge, pledge_lines, pledge_real
from offhold.promises.asking.asked import _may_match, asked
from offhold.promises.asking.lexicon import LEXICON, Rule
from offhold.promises.asking.reading import Reading, fold

LINES = pledge_lines.read(pledge_lines.OURS)
HELD_OUT = [line for line in LINES if line.part == "held_out"]


def test_the_lines_are_what_they_promise() -> None:
    assert len(LINES) >= 600
    assert len({line.text for line in LINES}) == len(LINES)
    asking = [line for line in LINES if line.label != "none"]
    assert sum(line.hard for line in HELD_OUT) / len(HELD_OUT) > 1 / 3
    assert sum(line.hard for line in LINES) / len(LINES) > 1 / 3
    assert len(HELD_OUT) == 325
    for lang in LEXICON.harmless:
        assert {line.label for line in asking if line.lang == lang} == {"explicit", "implicit"}, lang
        assert any(line.hard for line in LINES if line.lang == lang), lang


def test_the_marks_are_reached() -> None:
    score = pledge_lines.score(LINES)
    assert score.explicit_recall >= pledge.EXPLICIT
    assert score.implicit_recall >= 0.97
    assert score.hard_false_share <= 0.01
    assert score.overheard <= 0.01


def test_the_lines_that_no_rule_was_tuned_on() -> None:
    score = pledge_lines.score(HELD_OUT)
    assert score.explicit_recall >= 0.95
    assert score.implicit_recall >= pledge.IMPLICIT
    assert score.hard_false_share <= 0.02


@pytest.mark.parametrize("lang", LEXICON.harmless)
def test_every_language_is_heard_as_itself(lang: str) -> None:
    """A word that two languages share may be heard in either, but each language hears most of its own."""
    heard = Counter(found.lang for line in LINES if line.lang == lang and (found := asked(line.text)))
    assert heard[lang] > 0.8 * heard.total()


def test_no_rule_is_dead() -> None:
    """Each phrase is the reason why a line is heard; each harmless one explains words that would have been heard."""
    alive = {rule for line in LINES for rule in _rules_of(line.text)}
    every = {*LEXICON.rules, *(rule for rules in LEXICON.harmless.values() for rule in rules)}
    assert not [f"{rule.lang}: {rule.phrase}" for rule in every - alive]


def _rules_of(text: str) -> Iterator[Rule]:
    reading = Reading(text)
    for rule in LEXICON.rules:
        laid = reading.spaced if rule.spaced else reading.packed
        if rule.pattern.search(laid.text):
            yield rule
            yield from (other for other in LEXICON.harmless[rule.lang] if other.pattern.search(laid.text))


def test_the_look_up_passes_over_no_rule_that_would_match() -> None:
    for line in LINES:
        matching = {rule for rule in _rules_of(line.text) if rule.reason and rule.lang == line.lang}
        assert matching <= set(_may_match(fold(line.text))), line.text


def test_lines_of_others_need_no_more_than_the_common_form(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(
        '{"text": "Can I talk to a human?", "label": "explicit", "lang": "en"}\n\n'
        '{"text": "is anyone there", "label": "implicit", "lang": "en"}\n'
        '{"text": "stop with the bot", "label": "none", "lang": "en"}\n'
    )
    assert pledge_lines.score(pledge_lines.read(file)) == (1.0, 1.0, 1.0, 0.0)


def test_the_bench_says_what_it_promises() -> None:
    parser = argparse.ArgumentParser()
    pledge.add_arguments(parser)
    result = pledge.run(parser.parse_args(["--real", "nowhere"]))
    assert (result["bench"], result["lost"], result["double"]) == ("pledge", 0, 0)
    assert {"explicit_recall", "implicit_recall", "hard_false_share", "usual_us"} <= result["figures"].keys()
    assert "real_precision" not in result["figures"], "what was not measured is not said"


@pytest.mark.parametrize("start", [0, 20_000, 40_000])
def test_real_messages(start: int) -> None:
    if not pledge_real.there(pledge_real.STORED):
        if os.environ.get("CI"):
            pytest.fail("the real messages are missing beside the repository")
        pytest.skip("the real messages are not beside the repository")
    figures = pledge_real.heard(pledge_real.drawn(pledge_real.STORED, start, 5_000))
    assert figures["real_precision"] >= pledge.PRECISION
    assert figures["real_false_share"] <= pledge.FALSE
    assert figures["real_heard"] > 0.003
    assert figures["real_unread"] == 0
