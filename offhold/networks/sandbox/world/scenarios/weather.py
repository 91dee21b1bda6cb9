"""Ordinary weather: questions, problems, praise, rants, spam and small talk in seven languages, for ever."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from offhold.networks.sandbox.world.scenarios.speech import Speech
from offhold.networks.sandbox.world.scenarios.step import Actor, Applaud, Delete, Direct, Edit, Post, Step

OPEN = {"question": 34.0, "problem": 30.0, "rant": 10.0, "praise": 14.0, "human": 6.0}
SORRY = {
    "en": "sorry, typed in a hurry", "es": "perdón, escribí deprisa", "de": "sorry, schnell getippt",
    "fr": "pardon, écrit trop vite", "pt": "desculpem a pressa",
    "ja": "急いで書きました、すみません", "ar": "عذراً كتبت بسرعة",
}  # fmt: skip
PHOTOS = (
    "A suitcase with a cracked corner",
    "The departures board",
    "A boarding pass on a kitchen table",
    "Clouds over a wing",
    "An app screen with an error",
    "The queue in front of the desk",
)


def steps(dice: Random, company: str) -> Iterator[Step]:
    """One message every 5 to 15 seconds."""
    speech, at = Speech(dice, company), 0.0
    lately: list[tuple[str, Actor]] = []
    for number in _count():
        at += dice.uniform(5, 15)
        actor = dice.choice(lately)[1] if lately and dice.random() < 0.12 else speech.someone()
        ref = f"w{number}"
        step = _step(speech, dice, at, actor, ref, lately)
        yield step
        if isinstance(step.act, Post):
            after = _afterwards(dice, at, actor, step.act)
            yield from after
            if not any(isinstance(s.act, Delete) for s in after):
                lately = [*lately[-29:], (ref, actor)]


def _step(speech: Speech, dice: Random, at: float, actor: Actor, ref: str, lately: list[tuple[str, Actor]]) -> Step:
    roll = dice.random()
    if roll < 0.16:
        return Step(at, actor, Direct(speech.everyday(actor, "direct"), ref))
    if roll < 0.24 and lately:
        text = speech.everyday(actor, "problem" if actor.lang != "en" else "rant")
        return Step(at, actor, Post(text, ref, reply_to=dice.choice(lately)[0]))
    if roll < 0.28 and lately:
        return Step(at, actor, Post(speech.to_company(speech.everyday(actor, "human")), ref, quotes=lately[-1][0]))
    if roll < 0.33:
        spammer = speech.cast.anyone("en")
        return Step(at, spammer, Post(speech.to_company(speech.everyday(spammer, "spam")), ref))
    if roll < 0.37:
        return Step(at, actor, Post(speech.everyday(actor, "chatter"), ref))
    picture = dice.choice(PHOTOS) if dice.random() < 0.08 else None
    return Step(at, actor, Post(speech.to_company(speech.any_of(actor, OPEN)), ref, picture=picture))


def _afterwards(dice: Random, at: float, actor: Actor, act: Post) -> list[Step]:
    """Second thoughts, and other people's thumbs."""
    roll = dice.random()
    if roll < 0.02:
        return [Step(at + 3, actor, Delete(act.ref))]
    if roll < 0.05:
        return [Step(at + 3, actor, Edit(act.ref, f"{act.text} ({SORRY[actor.lang]})"))]
    if roll < 0.30:
        return [Step(at + 3, actor, Applaud(act.ref, dice.randrange(1, 9), dice.randrange(0, 2)))]
    return []


def _count() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1
