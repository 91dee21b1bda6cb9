"""An empty parcel at night: everything in direct messages, by people who cannot sleep over it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from offhold.networks.sandbox.world.scenarios.compose import Exhausted
from offhold.networks.sandbox.world.scenarios.speech import Speech
from offhold.networks.sandbox.world.scenarios.step import Actor, Direct, Step
from offhold.networks.sandbox.world.scenarios.words import storms

OTHERS, NIGHT = 11, 7 * 3600.0
NOOR = Actor("noor_at_night", "Noor Haddad", "en", 88, "Photographs of ordinary streets.")
OPENING = (
    "Good evening, sorry to write this late. Order 58-204417 came today, sealed. I opened it just now: "
    "there is no camera in it, only brown paper. It cost 750 dollars."
)
NOOR_SAYS = (
    (0.0, OPENING),
    (240.0, "The label says 0.4 kg. The camera alone weighs more than that."),
    (1500.0, "Your phone line opens at eight, and the form wants me to send the camera back. There is none."),
    (5400.0, "I am a photographer and I have a job on Thursday. Is there a person who can decide this tonight?"),
    (21600.0, "Good morning. I did not sleep much. Is there any news on 58-204417?"),
)


def steps(dice: Random, company: str) -> Iterator[Step]:
    speech = Speech(dice, company)
    others = [speech.cast.anyone() for _ in range(OTHERS)]
    plan: list[tuple[float, Actor, str]] = [(at, NOOR, text) for at, text in NOOR_SAYS]
    for actor in others:
        plan += _night_of(speech, dice, actor)
    for at, actor, text in sorted(plan, key=lambda entry: (entry[0], entry[1].handle)):
        yield Step(at, actor, Direct(text))


def _night_of(speech: Speech, dice: Random, actor: Actor) -> Iterator[tuple[float, Actor, str]]:
    at = dice.uniform(300, NIGHT * 0.7)
    own = speech.details(storms.PARCEL_SLOTS, "order", "item", "found", "from", "money")
    yield at, actor, speech.own(actor, [storms.PARCEL_OPEN], storms.PARCEL_SLOTS, own)
    for bank in (storms.PARCEL_THEN, storms.PARCEL_THEN, storms.PARCEL_WAIT):
        if dice.random() < 0.6:
            at += dice.uniform(60, 2400)
            try:
                yield at, actor, speech.own(actor, [bank], storms.PARCEL_SLOTS, own | {"now": _clock(at)})
            except Exhausted:
                return


def _clock(at: float) -> str:
    """The story begins at 23:40."""
    minutes = (23 * 60 + 40 + int(at // 60)) % (24 * 60)
    return f"{minutes // 60}:{minutes % 60:02}"
