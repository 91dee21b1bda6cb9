"""Short ways to ask the guard in tests."""

from __future__ import annotations

from typing import Any

from offhold.connectors.contract import Audience
from offhold.publishing.guard.findings import Finding
from offhold.publishing.guard.look import Around, Picture, Policy, Said, look
from offhold.publishing.guard.policy import DEFAULT_LEVELS

# Every rule speaks wherever it may, so that tests are about what rules see.
LOUD = Policy(levels=dict.fromkeys(DEFAULT_LEVELS, "second_look"))


def asked(
    text: str,
    *,
    audience: Audience = "public",
    written_as: Audience | None = None,
    alts: tuple[str, ...] = (),
    policy: Policy | None = None,
    **around: Any,
) -> list[Finding]:
    """The findings; whatever else is named goes into `Around`."""
    pictures = tuple(Picture(alt=alt) for alt in alts)
    said = Said(text=text, audience=audience, written_as=written_as or audience, pictures=pictures)
    return look(said, Around(**around), policy or Policy())


def marked(rule: str, text: str, **around: Any) -> list[str]:
    """What a rule marks in a text, as it was typed."""
    return [text[start:end] for one in asked(text, **around) if one.rule == rule for start, end in one.spans]


def rules(text: str, **around: Any) -> set[str]:
    """Which rules speak."""
    return {finding.rule for finding in asked(text, **around)}


def accepting(*findings: Finding) -> Policy:
    """The author has seen these, and said that they are no problem here."""
    return Policy(accepted=frozenset(finding.cause for finding in findings))
