"""A storm day: a status from the company, then six hours of cancellations.

Dora writes three times in public and once in private: one customer, one matter, four messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from offhold.networks.sandbox.world.scenarios.compose import Exhausted
from offhold.networks.sandbox.world.scenarios.speech import Speech
from offhold.networks.sandbox.world.scenarios.step import Actor, AsCompany, Delete, Direct, Edit, Post, Step
from offhold.networks.sandbox.world.scenarios.words import english, storms

MESSAGES, LASTS = 900, 6 * 3600.0
DORA = Actor("dora_whitlock", "Dora Whitlock", "en", 214, "Cello, trains, two grown-up sons.")
STATUS = (
    "A storm over the North Sea has closed several airports. Flights from 14:00 on are cancelled or late; "
    "we are rebooking and will answer everyone here."
)
DORA_SAYS: tuple[tuple[float, Post | Direct], ...] = (
    (
        600,
        Post(
            "@{c} NW482 Lisbon to Oslo is cancelled. My mother's operation is tomorrow at noon, how do I get home?",
            "dora1",
        ),
    ),
    (2100, Post("@{c} it has been 25 minutes and gate B14 is empty. Is anybody reading this?", "dora2")),
    (
        4800,
        Post(
            "@{c} two hours now, the hotline cuts me off after nine minutes. I need a person, please.",
            "dora3",
            reply_to="dora1",
        ),
    ),
    (
        5400,
        Direct(
            "Hello, I am Dora Whitlock, booking K7TQ4M, NW482 today. I have to be in Oslo by ten tomorrow for my "
            "mother's operation. I can take any route, also by train from Gothenburg.",
            "dora4",
        ),
    ),
)


def steps(dice: Random, company: str) -> Iterator[Step]:
    speech = Speech(dice, company)
    yield Step(0.0, None, AsCompany(STATUS, "status"))
    people: list[tuple[Actor, str]] = []
    timed = sorted([(_moment(dice), None) for _ in range(MESSAGES)] + [(at, act) for at, act in DORA_SAYS], key=_at)
    for number, (at, hers) in enumerate(timed):
        if hers is not None:
            yield Step(at, DORA, _named(hers, company))
            continue
        again = bool(people) and dice.random() < 0.2
        actor, before = dice.choice(people) if again else (speech.cast.anyone(), "status")
        step = _complaint(speech, dice, at, actor, f"a{number}", before)
        yield step
        if isinstance(step.act, Post):
            thoughts = _second_thoughts(dice, at, actor, step.act)
            yield from thoughts
            if not any(isinstance(t.act, Delete) for t in thoughts):
                people = [*people[-80:], (actor, step.act.ref)]


def _complaint(speech: Speech, dice: Random, at: float, actor: Actor, ref: str, before: str) -> Step:
    roll = dice.random()
    if roll < 0.12:
        return Step(at, actor, Direct(speech.everyday(actor, "direct"), ref))
    if roll < 0.16:
        return Step(at, actor, Post(speech.to_company(speech.everyday(actor, "human")), ref))
    bank = dice.choices(
        (storms.AIR_QUESTION, storms.AIR_ANGER, storms.AIR_VULNERABLE, storms.AIR_KIND), (50, 38, 5, 7)
    )[0]
    more = [english.MORE] if dice.random() < 0.3 else []
    try:
        text = speech.own(actor, [bank, *more], {**english.SLOTS, **storms.AIR_SLOTS})
    except Exhausted:
        text = speech.own(actor, [storms.AIR_QUESTION], {**english.SLOTS, **storms.AIR_SLOTS})
    if roll < 0.36:
        return Step(at, actor, Post(text, ref, reply_to=before))
    picture = "The departures board, cancelled in every line" if dice.random() < 0.05 else None
    return Step(at, actor, Post(speech.to_company(text), ref, picture=picture))


def _second_thoughts(dice: Random, at: float, actor: Actor, act: Post) -> list[Step]:
    roll = dice.random()
    if roll < 0.02:
        return [Step(at + 1, actor, Delete(act.ref))]
    if roll < 0.04:
        return [Step(at + 1, actor, Edit(act.ref, f"{act.text} (edited: we are still waiting)"))]
    return []


def _moment(dice: Random) -> float:
    """Quick to rise, slow to calm down."""
    return 60 + dice.betavariate(1.6, 3.2) * (LASTS - 60)


def _at(timed: tuple[float, Post | Direct | None]) -> float:
    return timed[0]


def _named(act: Post | Direct, company: str) -> Post | Direct:
    if isinstance(act, Direct):
        return act
    return Post(act.text.replace("{c}", company), act.ref, act.reply_to)
