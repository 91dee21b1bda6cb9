"""How much each rule weighs, and the law that policies cannot break. Pure."""

from __future__ import annotations

import msgspec

from offhold.publishing.guard.findings import STEPS, Found, Level, cause
from offhold.publishing.guard.patterns import Pattern

DEFAULT_LEVELS: dict[str, Level] = {
    "card_number": "refuse",
    "iban": "refuse",
    "case_code": "refuse",
    "private_words": "refuse",
    "page_link": "refuse",
    "private_detail": "second_look",
    "email": "second_look",
    "phone": "second_look",
    "address": "second_look",
    "code": "second_look",
    "colleague_name": "second_look",
    "wrong_name": "second_look",
    "insult": "second_look",
    "rude": "second_look",
    "legal": "second_look",
    "promise": "note",
    "wrong_language": "second_look",
    "moved_to_public": "second_look",
    "too_long_to_check": "second_look",
    "blank": "second_look",
    "shouting": "note",
    "missing_alt": "note",
    "only_asks_for_private": "note",
    "identical": "note",
    "link_elsewhere": "note",
}

# Only these may refuse: what a checksum proves, and what belongs to this one customer without doubt. Everything else is
# a guess, and a guess must never lock an agent out.
MAY_REFUSE = frozenset({"card_number", "iban", "case_code", "private_words", "page_link"})
# What belongs to one customer cannot be excepted for a whole company.
NEVER_EXCEPTED = frozenset({"case_code", "private_words", "page_link"})
# And it is looked at once more at the least, whatever a policy says: whoever lowered it for the company was not this
# customer.
LEAST: dict[str, Level] = dict.fromkeys(NEVER_EXCEPTED, "second_look")
# A private reply is looked at for these alone, and never more heavily than this: a screenshot makes it public, and a
# place nobody filled in reads badly anywhere.
MOST_IN_PRIVATE: dict[str, Level] = {
    "card_number": "second_look",
    "blank": "second_look",
    "insult": "note",
    "rude": "note",
    "shouting": "note",
}


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace's policy as the caller resolved it for one channel and one role.

    - `levels` by rule; what is not named has its default. ValueError for a rule that does not exist, and for `refuse`
      where it may not stand (`MAY_REFUSE`)
    - `accepted`: causes the author has seen and said "not a problem here" to, for this reply
    - `exceptions`: words (`"+34 900 123 456"`) or causes a lead allowed for good
    - `patterns`: how the workspace's own codes look; see `patterns.py`. ValueError where one cannot be read
    """

    levels: dict[str, Level] = {}
    accepted: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    exceptions: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for rule, level in self.levels.items():
            check_level(rule, level)
        for pattern in self.patterns:
            Pattern.of(pattern)


def check_level(rule: str, level: Level) -> None:
    """ValueError, with the reason in words, unless `rule` may have this level."""
    if rule not in DEFAULT_LEVELS:
        raise ValueError(f"there is no rule {rule!r}")
    if level not in STEPS:
        raise ValueError(f"there is no level {level!r}")
    if level == "refuse" and rule not in MAY_REFUSE:
        raise ValueError(f"{rule} is a guess, so it cannot refuse")


def check_not_too_low(levels: dict[str, Level]) -> None:
    """ValueError, with the reason in words, for a level that would not count (`LEAST`)."""
    for rule, level in levels.items():
        if STEPS[level] < STEPS[LEAST.get(rule, "off")]:
            raise ValueError(f"{rule} is about one customer, so it is looked at once more at the least")


def level_in_public(policy: Policy, rule: str) -> Level:
    """What a rule weighs where everyone reads."""
    return max(policy.levels.get(rule, DEFAULT_LEVELS[rule]), LEAST.get(rule, "off"), key=STEPS.__getitem__)


def level_in_private(policy: Policy, rule: str) -> Level:
    """What a rule weighs where one customer reads."""
    return min(level_in_public(policy, rule), MOST_IN_PRIVATE.get(rule, "off"), key=STEPS.__getitem__)


def excepted(policy: Policy, found: Found, excepted_words: frozenset[str]) -> bool:
    """Has a lead allowed this for good? `excepted_words`: `policy.exceptions`, folded as `found.words` is."""
    if found.rule in NEVER_EXCEPTED:
        return False
    return (found.words != "" and found.words in excepted_words) or cause(found.rule, found.words) in policy.exceptions
