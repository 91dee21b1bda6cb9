"""Somebody with 3.2 million followers wants a human, and thousands answer with stories of their own."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from offhold.networks.sandbox.world.scenarios.compose import Exhausted
from offhold.networks.sandbox.world.scenarios.speech import Speech
from offhold.networks.sandbox.world.scenarios.step import Actor, Applaud, Post, Step
from offhold.networks.sandbox.world.scenarios.words import english, storms

REPLIES, LASTS = 5000, 3 * 3600.0
STAR = Actor("marisavale", "Marisa Vale", "en", 3_200_000, "I read the letters you send me. All of them.")
STORIES = {"es": storms.STORY_ES, "de": storms.STORY_DE, "fr": storms.STORY_FR, "pt": storms.STORY_PT}
OWED_SHARE = 0.04


def steps(dice: Random, company: str) -> Iterator[Step]:
    """5,000 answers in three hours, most in the first; one in 25 wants something of the company itself."""
    speech = Speech(dice, company)
    yield Step(0.0, STAR, Post(speech.own(STAR, [storms.FAMOUS], english.SLOTS), "root"))
    told = ["root"]
    for number, at in enumerate(sorted(30 + dice.betavariate(1.1, 4) * (LASTS - 30) for _ in range(REPLIES))):
        actor = speech.someone()
        ref = f"r{number}" if number % 40 == 0 else ""
        yield _answer(speech, dice, at, actor, ref, told)
        if ref:
            told = [*told[-12:], ref]
        if number % 50 == 0:
            yield Step(at, None, Applaud("root", dice.randrange(400, 1600), dice.randrange(60, 300)))


def _answer(speech: Speech, dice: Random, at: float, actor: Actor, ref: str, told: list[str]) -> Step:
    under = "root" if dice.random() < 0.85 else dice.choice(told)
    if dice.random() < OWED_SHARE:
        text = speech.own(actor, [storms.STORY_OWED], {**english.SLOTS, **storms.STORY_SLOTS})
        return Step(at, actor, Post(text, ref, reply_to=under))
    text = _story(speech, dice, actor)
    if dice.random() < 0.03:
        return Step(at, actor, Post(text, ref, quotes="root"))
    return Step(at, actor, Post(text, ref, reply_to=under))


def _story(speech: Speech, dice: Random, actor: Actor) -> str:
    slots = {**english.SLOTS, **storms.STORY_SLOTS}
    try:
        if actor.lang in STORIES:
            return speech.own(actor, [STORIES[actor.lang]], slots)
        if actor.lang != "en":
            return speech.everyday(actor, "problem")
        tail = [storms.STORY_TAIL] if dice.random() < 0.4 else []
        return speech.own(actor, [storms.STORY, *tail], slots)
    except Exhausted:
        return speech.own(actor, [storms.STORY], slots)
