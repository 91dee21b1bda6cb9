"""One person says one thing: the bank's sentence in their manner, the company named where people name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from offhold.networks.sandbox.world.scenarios.compose import Composer, Exhausted, Slots, in_manner, manner
from offhold.networks.sandbox.world.scenarios.step import Actor
from offhold.networks.sandbox.world.scenarios.words import english
from offhold.networks.sandbox.world.scenarios.words.details import ALL
from offhold.networks.sandbox.world.scenarios.words.languages import TONGUES
from offhold.networks.sandbox.world.scenarios.words.names import Cast

MANNERED = ("en", "es", "de", "fr", "pt")
LANGS, LANG_WEIGHTS = ("en", *TONGUES), (62, 9, 8, 6, 6, 5, 4)


class Speech:
    """All that is said in one run comes from here, so that nothing is said twice."""

    def __init__(self, dice: Random, company: str) -> None:
        self.dice, self.company = dice, company
        self.cast, self.composer = Cast(dice), Composer(dice)
        self._manners: dict[str, str] = {}

    def someone(self) -> Actor:
        return self.cast.anyone(self.dice.choices(LANGS, LANG_WEIGHTS)[0])

    def own(
        self, actor: Actor, parts: Sequence[Sequence[str]], slots: Slots, given: Mapping[str, str] | None = None
    ) -> str:
        """A sentence of each part, as this person writes. Raises Exhausted when the first part has run dry.

        `given`: details that are this person's own and stay with them, such as their order's number.
        """
        text = self.composer.join(parts, {**ALL, **slots}, {"company": self.company, **(given or {})})
        if actor.lang not in MANNERED:
            return text
        how = self._manners.setdefault(actor.handle, manner(self.dice))
        return in_manner(_capital(text) if how == "plain" else text, how, self.dice)

    def details(self, slots: Slots, *names: str) -> dict[str, str]:
        """What a person keeps for all they say."""
        return {name: self.composer.fill(f"{{{name}}}", {**ALL, **slots}, {}) for name in names}

    def to_company(self, text: str) -> str:
        """With the company's handle in front, or at the end."""
        return f"@{self.company} {text}" if self.dice.random() < 0.75 else f"{text} @{self.company}"

    def everyday(self, actor: Actor, what: str) -> str:
        """`what`: question, problem, rant, praise, human, direct, thanks, spam, chatter; other languages know fewer."""
        if actor.lang == "en":
            bank: Sequence[str] = getattr(english, what.upper())
            more = [english.MORE] if what in ("question", "problem") and self.dice.random() < 0.35 else []
            return self.own(actor, [bank, *more], english.SLOTS)
        tongue = TONGUES[actor.lang]
        bank = getattr(tongue, {"rant": "problem", "spam": "question", "chatter": "praise"}.get(what, what))
        return self.own(actor, [bank], tongue.slots)

    def any_of(self, actor: Actor, banks: Mapping[str, float]) -> str:
        """An everyday text of a kind drawn by weight; of another kind where that one has run dry."""
        kinds = self.dice.choices(list(banks), list(banks.values()), k=4)
        for kind in kinds:
            try:
                return self.everyday(actor, kind)
            except Exhausted:
                continue
        return self.everyday(actor, "question")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
