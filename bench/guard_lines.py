"""The labelled lines of the guard's bench: JSON Lines of what must be stopped and what must be left alone.

A line is `{"text", "audience", "lang", "context": {"customer_name", "private_facts": [], "last_public"}, "expect"}`,
with `expect` ok or hold. Ours carry more: the `rule` that must speak, the `part` (tuned or held_out), and in the
context what a rule needs to know (`allowed_hosts`, `colleagues`, `alts`, `written_as` ...).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from offhold.publishing.guard.codes import learn_codes
from offhold.publishing.guard.findings import STEPS, Finding, heaviest
from offhold.publishing.guard.language import detect
from offhold.publishing.guard.look import Around, Picture, Policy, Said, look
from offhold.publishing.guard.reading import Reading

OURS = Path(__file__).with_name("data") / "guard.jsonl"
_LISTS = (
    "colleagues",
    "earlier_elsewhere",
    "allowed_hosts",
    "page_hosts",
    "page_paths",
    "own_contacts",
    "customer_handles",
)


class Asked(NamedTuple):
    """One line as the guard is asked about it."""

    said: Said
    around: Around
    policy: Policy
    hold: bool
    rule: str | None
    part: str


class Score(NamedTuple):
    """Shares of lines, from 0 to 1. `stopped`: of those to be held, what gets a second look at least."""

    caught: float
    stopped: float
    false_stops: float


def read(file: Path) -> list[Asked]:
    """The lines of a file; blank ones are passed over."""
    return [asked(json.loads(line)) for line in file.read_text("utf-8").splitlines() if line.strip()]


def asked(line: dict[str, Any]) -> Asked:
    """One line. Codes are learnt from the private facts, as the product learns them from private messages."""
    context = line.get("context") or {}
    facts = tuple(context.get("private_facts") or ())
    patterns = tuple(context.get("patterns") or ())
    audience = line["audience"]
    said = Said(
        text=line["text"], audience=audience, written_as=context.get("written_as", audience), lang=line.get("lang"),
        pictures=tuple(Picture(alt=alt) for alt in context.get("alts") or ()),
    )  # fmt: skip
    around = Around(
        customer_name=context.get("customer_name"), customer_lang=_customers(context, line.get("lang")),
        last_public=context.get("last_public"), private_words=facts, case_codes=learn_codes(facts, patterns),
        goodwill=bool(context.get("goodwill")), **{name: tuple(context.get(name) or ()) for name in _LISTS},
    )  # fmt: skip
    held = line["expect"] == "hold"
    return Asked(said, around, Policy(patterns=patterns), held, line.get("rule"), line.get("part", "given"))


def _customers(context: dict[str, Any], lang: str | None) -> str | None:
    """The customer's language: as told, else that of the last public message where it is clear, else the line's."""
    if told := context.get("customer_lang"):
        return str(told)
    return detect(Reading(context.get("last_public") or "")) or lang


def score(lines: Iterable[Asked]) -> Score:
    """Caught: the guard says something, of the named rule where one is named. A false stop is any word at all."""
    held: list[tuple[Asked, list[Finding]]] = []
    fine: list[tuple[Asked, list[Finding]]] = []
    for line in lines:
        findings = look(line.said, line.around, line.policy)
        (held if line.hold else fine).append((line, findings))
    return Score(
        caught=share(_caught(line, findings) for line, findings in held),
        stopped=share(
            _caught(line, findings) and STEPS[heaviest(findings)] >= STEPS["second_look"] for line, findings in held
        ),
        false_stops=share(bool(findings) for _, findings in fine),
    )


def mistakes(lines: Iterable[Asked]) -> Iterator[str]:
    """What went wrong, in words. Of the held-out part nothing is shown, so that nobody tunes on it."""
    for line in lines:
        if line.part == "held_out":
            continue
        findings = look(line.said, line.around, line.policy)
        if line.hold and not _caught(line, findings):
            yield f"missed ({line.rule or 'anything'}): {line.said.text}"
        if not line.hold and findings:
            yield f"stopped ({', '.join(finding.rule for finding in findings)}): {line.said.text}"


def _caught(line: Asked, findings: list[Finding]) -> bool:
    return any(line.rule in (None, finding.rule) for finding in findings)


def share(said: Iterable[bool]) -> float:
    """The share of yes; 0.0 of nothing."""
    answers = list(said)
    return sum(answers) / len(answers) if answers else 0.0
