"""The labelled lines and the real replies: what the bench measures, at a size for tests."""

from __future__ import annotations

import argparse
import os
from collections import Counter

import pytest

from bench import guard, guard_lines, guard_real
from offhold.publishing.guard.look import Policy, look
from offhold.publishing.guard.policy import DEFAULT_LEVELS

LINES = guard_lines.read(guard_lines.OURS)


def test_the_lines_are_what_they_promise() -> None:
    assert len(LINES) >= 600
    assert Counter(line.said.lang for line in LINES).keys() == {"en", "es", "de", "fr", "pt"}
    held = sum(line.hold for line in LINES)
    assert 0.45 < held / len(LINES) < 0.55
    assert {line.rule for line in LINES if line.hold} <= DEFAULT_LEVELS.keys()
    assert 0.25 < sum(line.part == "held_out" for line in LINES) / len(LINES) < 0.4


def test_the_marks_are_reached() -> None:
    score = guard_lines.score(LINES)
    assert score.caught >= guard.CAUGHT
    assert score.false_stops <= guard.FALSE_STOPS


def test_lines_of_others_need_no_more_than_the_common_form() -> None:
    plain = {"text": "Calm down.", "audience": "public", "lang": "en", "context": None, "expect": "hold"}
    bare = {"text": "Hi!", "audience": "public", "lang": "en", "context": {"private_facts": None}, "expect": "ok"}
    assert guard_lines.score([guard_lines.asked(plain), guard_lines.asked(bare)]) == (1.0, 1.0, 0.0)


def test_the_bench_says_what_it_promises() -> None:
    parser = argparse.ArgumentParser()
    guard.add_arguments(parser)
    result = guard.run(parser.parse_args(["--real", "nowhere"]))
    assert (result["bench"], result["lost"], result["double"]) == ("guard", 0, 0)
    assert {"caught", "false_stops", "caught_held_out", "false_stops_held_out", "p99_ms"} <= result["figures"].keys()
    assert "real_refused" not in result["figures"], "what was not measured is not said"


def test_quiet_on_real_replies() -> None:
    if not guard_real.there(guard_real.STORED):
        if os.environ.get("CI"):
            pytest.fail("the real replies are missing beside the repository")
        pytest.skip("the real replies are not beside the repository")
    every = guard_real.replies(guard_real.STORED)[::30]
    found = [look(said, around, Policy()) for said, around in guard_real.drawn(every, len(every), 1)]
    figures = guard.real_figures(found)
    for level, most in guard.QUIET.items():
        assert figures[guard.NAMES[level]] <= most
