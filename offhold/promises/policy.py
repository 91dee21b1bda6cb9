"""What a workspace owes its customers and by when, unless somebody promises otherwise. Pure.

Rules are asked in their order and the first that says something of a kind counts; what no rule says, `usual` says. A
rule may look at the network, the channel, the audience and the tags, and at nothing that tells how loud, angry or
followed somebody is: there is no field for it.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec

from offhold.promises.workdays import TeamHours

Kind = Literal["first_reply", "next_word", "resolution", "pledge"]
# Why a clock may stand still: the case rests, or nobody but the customer can go on.
State = Literal["snoozed", "customer"]

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=200)]
Seconds = Annotated[int, msgspec.Meta(ge=60, le=400 * 86_400)]
States = Annotated[tuple[State, ...], msgspec.Meta(max_length=2)]


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`within` so many seconds, counted while any of these `hours` is open; no hours: day and night."""

    within: Seconds
    hours: Annotated[tuple[Name, ...], msgspec.Meta(max_length=20)] = ()


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The target of each kind; None: this says nothing of it. `pledge`: the customer asked for a human."""

    first_reply: Target | None = None
    next_word: Target | None = None
    resolution: Target | None = None
    pledge: Target | None = None

    def of(self, kind: Kind) -> Target | None:
        found: Target | None = getattr(self, kind)
        return found


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For whom `targets` hold: all that is named must be so, and of each list one is enough. Empty: for all."""

    name: Name
    networks: Names = ()
    channels: Names = ()
    audiences: Annotated[tuple[Literal["public", "private"], ...], msgspec.Meta(max_length=2)] = ()
    tags: Names = ()
    targets: Targets


class Pausing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which states the clock of a kind stands still; a pause without an end ends after `most_days`."""

    first_reply: States = ()
    next_word: States = ()
    resolution: States = ("snoozed", "customer")
    pledge: Annotated[tuple[State, ...], msgspec.Meta(max_length=0)] = ()
    most_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 14

    def of(self, kind: Kind) -> States:
        found: States = getattr(self, kind)
        return found


# Round the clock, since nobody has said yet when people are there. 15 days is the least a law asks of a final answer
# where we know of one (Ley 10/2025, Spain: 15 working days; a person on request within three minutes).
USUAL = Targets(Target(3_600), Target(4 * 3_600), Target(15 * 86_400), Target(180))


class PromisePolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The promises of a workspace. `hours`: the calendars that targets name."""

    hours: Annotated[dict[Name, TeamHours], msgspec.Meta(max_length=50)] = {}
    rules: Annotated[tuple[Rule, ...], msgspec.Meta(max_length=100)] = ()
    usual: Targets = USUAL
    pausing: Pausing = Pausing()


class Traits(msgspec.Struct, frozen=True):
    """What a rule may look at. Ids as strings."""

    network: str
    channel: str
    audience: str
    tags: frozenset[str] = frozenset()


class Terms(msgspec.Struct, frozen=True):
    """What holds for one promise, and by which rule; "" is the usual."""

    target: Target
    rule: str


def terms(policy: PromisePolicy, kind: Kind, traits: Traits) -> Terms | None:
    """What is owed to such a case; None: nothing of this kind, by any rule."""
    for rule in policy.rules:
        target = rule.targets.of(kind)
        if target is not None and _is_for(rule, traits):
            return Terms(target, rule.name)
    # whoever asks for a human reaches one: by when can be changed, and not that
    usual = policy.usual.of(kind) or (USUAL.pledge if kind == "pledge" else None)
    return None if usual is None else Terms(usual, "")


def _is_for(rule: Rule, traits: Traits) -> bool:
    return (
        (not rule.networks or traits.network in rule.networks)
        and (not rule.channels or traits.channel in rule.channels)
        and (not rule.audiences or traits.audience in rule.audiences)
        and (not rule.tags or not traits.tags.isdisjoint(rule.tags))
    )


def mistakes(policy: PromisePolicy) -> list[tuple[str, str]]:
    """What is wrong with a policy, as (code, name): hours that are not there or never come, no last promise, ..."""
    wrong = [(code, name) for name, hours in policy.hours.items() for code in hours.mistakes()]
    for name, targets in (("", policy.usual), *((rule.name, rule.targets) for rule in policy.rules)):
        told = [target for kind in get_args(Kind) if (target := targets.of(kind))]
        wrong += [("unknown_hours", hours) for target in told for hours in target.hours if hours not in policy.hours]
        if not told:
            wrong.append(("says_nothing", name))
    if policy.usual.resolution is None:
        wrong.append(("no_resolution", ""))
    names = [rule.name for rule in policy.rules]
    wrong += [("named_twice", name) for name in sorted({name for name in names if names.count(name) > 1})]
    return wrong
