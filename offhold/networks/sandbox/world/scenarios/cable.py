"""A digger cuts a cable: 100 customers are without a line for up to fifteen days, and want one word a day."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from offhold.networks.sandbox.world.scenarios.speech import Speech
from offhold.networks.sandbox.world.scenarios.step import Actor, Direct, Post, Step
from offhold.networks.sandbox.world.scenarios.words import storms

CUSTOMERS, DAYS, DAY = 100, 15, 86_400.0


def steps(dice: Random, company: str) -> Iterator[Step]:
    """Everybody writes on the first day; each of the next days some ask again; the line comes back street by street."""
    speech = Speech(dice, company)
    people = [speech.cast.anyone() for _ in range(CUSTOMERS)]
    homes = [speech.details(storms.CABLE_SLOTS, "postcode", "place") for _ in people]
    back = {p.handle: dice.randrange(9, DAYS + 1) for p in people}
    plan = sorted(
        (entry for number, p in enumerate(people) for entry in _plan(dice, number, back[p.handle])), key=_order
    )
    for at, number, kind in plan:
        yield _say(speech, at, people[number], homes[number], ref=f"c{number}", kind=kind)


def _plan(dice: Random, number: int, back: int) -> Iterator[tuple[float, int, str]]:
    yield dice.betavariate(1.2, 4) * 4 * 3600, number, "first"
    for day in range(1, back):
        if dice.random() < 0.22:
            yield day * DAY + dice.uniform(0, 12 * 3600), number, "later"
    if dice.random() < 0.6:
        yield back * DAY + dice.uniform(0, 12 * 3600), number, "back"


def _say(speech: Speech, at: float, actor: Actor, home: dict[str, str], *, ref: str, kind: str) -> Step:
    bank = {"first": storms.CABLE_FIRST, "later": storms.CABLE_LATER, "back": storms.CABLE_BACK}[kind]
    day = {"day": str(int(at // 86_400) + 1)}
    text = speech.own(actor, [bank], storms.CABLE_SLOTS, home | day)
    if speech.dice.random() < 0.2:
        return Step(at, actor, Direct(text))
    if kind == "first":
        return Step(at, actor, Post(speech.to_company(text), ref))
    return Step(at, actor, Post(speech.to_company(text)))


def _order(entry: tuple[float, int, str]) -> tuple[float, int]:
    return entry[0], entry[1]
