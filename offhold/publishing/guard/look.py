"""The one entry: what somebody should know before these words go out. Pure, and linear in the text.

The same check runs while an agent types and again on the server. Rules say what they saw (`Found`); the policy says how
much it weighs. In public every rule looks; in private only those of `policy.MOST_IN_PRIVATE`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from offhold.publishing.guard import (
    address,
    blanks,
    codes,
    language,
    links,
    names,
    numbers,
    personal,
    quoted,
    reasons,
    shape,
    substance,
    tone,
)
from offhold.publishing.guard.findings import Finding, Found, Level, Weight, cause, gathered, heaviest, settled
from offhold.publishing.guard.policy import Policy, excepted, level_in_private, level_in_public
from offhold.publishing.guard.reading import LONGEST, fold
from offhold.publishing.guard.said import Around, Picture, Said
from offhold.publishing.guard.scene import Scene

__all__ = ["Around", "Finding", "Picture", "Policy", "Said", "heaviest", "look"]

Rule = Callable[[Scene], Iterable[Found]]
_MOST = 50  # places of one rule that are shown; more would say no more


def look(said: Said, around: Around, policy: Policy) -> list[Finding]:
    """Every finding, in the order of the text; those about the whole reply first. Never raises."""
    levels = level_in_public if said.audience == "public" else level_in_private
    scene = Scene(said, around, policy)
    words = frozenset(map(fold, policy.exceptions))
    seen = (
        _weighed(found, levels(policy, found.rule), policy)
        for rule in RULES
        for found in gathered(itertools.islice(rule(scene), _MOST))
        if not excepted(policy, found, words)
    )
    return settled([finding for finding in seen if finding is not None])


def _weighed(found: Found, level: Level, policy: Policy) -> Finding | None:
    named = cause(found.rule, found.words)
    if level == "off" or (level != "refuse" and named in policy.accepted):
        return None
    weight: Weight = level
    return Finding(
        rule=found.rule, level=weight, spans=found.spans, params=found.params, cause=named,
        reason=reasons.reason(found), fixes=reasons.fixes(found.rule, weight),
    )  # fmt: skip


def too_long(scene: Scene) -> Iterator[Found]:
    """What is cut off is not read, and a person should."""
    if scene.reading.cut:
        yield Found(rule="too_long_to_check", words="", params={"checked": str(LONGEST)})


def moved(scene: Scene) -> Iterator[Found]:
    """The words of a direct message are for one person, whichever box they end up in."""
    if scene.said.written_as == "private":
        yield Found(rule="moved_to_public", words="")


RULES: tuple[Rule, ...] = (
    too_long,
    moved,
    blanks.blanks,
    numbers.card_numbers,
    numbers.ibans,
    codes.of_this_case,
    codes.like_ours,
    quoted.private_words,
    links.pages,
    links.elsewhere,
    personal.emails,
    personal.phones,
    address.addresses,
    names.colleagues,
    names.wrong_name,
    tone.sayings,
    language.wrong_language,
    substance.only_asks_for_private,
    shape.shouting,
    shape.missing_alt,
    shape.identical,
)
