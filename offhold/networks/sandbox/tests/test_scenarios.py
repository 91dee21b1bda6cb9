"""Scenarios: the same seed tells the same story, nothing is said twice, and what is said reads as people write."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise
from random import Random

import pytest

from offhold.networks.sandbox.world.acts import PRIVATE_LIMIT, PUBLIC_LIMIT
from offhold.networks.sandbox.world.scenarios.airline import DORA
from offhold.networks.sandbox.world.scenarios.catalogue import SCENARIOS
from offhold.networks.sandbox.world.scenarios.compose import Composer, Exhausted, sentences
from offhold.networks.sandbox.world.scenarios.famous import STAR
from offhold.networks.sandbox.world.scenarios.step import Direct, Post, Step

EVERY = sorted(SCENARIOS)
STAMP = re.compile(r"[{}]|\bNone\b|  |\( \)| ,|\.\.$")


def story(name: str, seed: int = 1, length: int = 4000) -> list[Step]:
    return list(islice(SCENARIOS[name].steps(Random(seed), "northair"), length))


def texts(steps: list[Step]) -> list[str]:
    return [s.act.text for s in steps if isinstance(s.act, Post | Direct)]


@pytest.mark.parametrize("name", EVERY)
def test_the_same_seed_tells_the_same_story(name: str) -> None:
    assert story(name, 7, 800) == story(name, 7, 800)
    assert texts(story(name, 7, 800)) != texts(story(name, 8, 800))


@pytest.mark.parametrize("name", EVERY)
def test_time_goes_forward(name: str) -> None:
    times = [s.at for s in story(name)]
    if name == "calm":  # second thoughts come a few seconds late, by design
        assert all(after - before > -15 for before, after in pairwise(times))
    else:
        assert all(after - before > -2 for before, after in pairwise(times))


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("seed", range(5))
def test_no_text_and_no_longer_sentence_comes_twice(name: str, seed: int) -> None:
    said = texts(story(name, seed))
    assert len(set(said)) == len(said)
    counted = Counter(sentence for text in said for sentence in set(sentences(text)))
    assert [s for s, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("name", ["calm", "famous"])
def test_thousands_of_distinct_texts(name: str) -> None:
    assert len(set(texts(story(name, 3)))) >= 3000


@pytest.mark.parametrize("name", EVERY)
def test_texts_are_whole_and_fit(name: str) -> None:
    for step in story(name, 2):
        if isinstance(step.act, Post | Direct):
            text = step.act.text
            assert not STAMP.search(text.removesuffix("...").replace("!!", "!")), text
            assert len(text) >= 12, text
            assert len(text) <= (PUBLIC_LIMIT if isinstance(step.act, Post) else PRIVATE_LIMIT)


def test_a_story_builds_only_on_what_was_posted_before() -> None:
    for name in EVERY:
        known: set[str] = set()
        for step in story(name):
            above = getattr(step.act, "reply_to", None) or getattr(step.act, "of", None)
            assert above is None or above in known, f"{name}: {above}"
            known.add(getattr(step.act, "ref", ""))


def test_ordinary_weather_has_many_languages_and_a_modest_rate() -> None:
    steps = story("calm", 4, 3000)
    langs = Counter(s.actor.lang for s in steps if s.actor)
    assert set(langs) >= {"en", "es", "de", "fr", "pt", "ja", "ar"}
    said = [s.at for s in steps if isinstance(s.act, Post | Direct)]
    assert 5 <= (said[-1] - said[0]) / (len(said) - 1) <= 15


def test_dora_writes_three_times_in_public_and_once_in_private() -> None:
    hers = [s.act for s in story("airline") if s.actor == DORA]
    assert [type(act) for act in hers] == [Post, Post, Post, Direct]


def test_the_cable_hits_a_hundred_customers_for_days() -> None:
    steps = story("cable")
    assert len({s.actor.handle for s in steps if s.actor}) == 100
    assert {int(s.at // 86_400) for s in steps} >= set(range(12))


def test_the_empty_parcel_stays_in_direct_messages() -> None:
    assert all(isinstance(s.act, Direct) for s in story("parcel"))


def test_the_famous_post_has_thousands_of_answers_and_few_are_owed() -> None:
    steps = story("famous", length=6000)
    assert steps[0].actor == STAR
    assert STAR.followers == 3_200_000
    answers = [s.act for s in steps[1:] if isinstance(s.act, Post)]
    assert len(answers) >= 5000
    assert 0.02 < sum("@northair" in a.text for a in answers) / len(answers) < 0.06


def test_a_bank_that_has_run_dry_says_so() -> None:
    composer = Composer(Random(1))
    assert composer.say(["just {one}"], {"one": ["this"]}) == "just this"
    with pytest.raises(Exhausted):
        composer.say(["just {one}"], {"one": ["this"]})
    assert composer.join([["one {n}"], ["just {one}"]], {"one": ["this"], "n": ["more"]}) == "one more"
