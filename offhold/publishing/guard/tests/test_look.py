"""Laws that hold for every text: nothing raises, spans point into it, causes stay quiet, and time is bounded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.guard_hostile import hostile
from offhold.publishing.guard.findings import Finding
from offhold.publishing.guard.look import RULES, Around, Picture, Policy, Said, look
from offhold.publishing.guard.policy import DEFAULT_LEVELS, LEAST, MOST_IN_PRIVATE
from offhold.publishing.guard.reading import LONGEST
from offhold.publishing.guard.tests.asking import LOUD, accepting, asked

AROUND: dict[str, Any] = {
    "customer_name": "Anna Kowalska",
    "customer_lang": "es",
    "case_codes": ("K7X9QP",),
    "private_words": ("my son has asthma and cannot breathe", "call +44 7700 900123"),
    "last_public": "¿Dónde está mi maleta? Nadie me dice nada en el aeropuerto",
    "colleagues": ("Samira Whitfield",),
    "earlier_elsewhere": ("Your order of 12 March is delayed to the 30th.",),
    "allowed_hosts": ("northair.example",),
    "page_hosts": ("care.northair.example",),
    "page_paths": ("/c/",),
}
PIECES = st.sampled_from(
    [
        "4111 1111 1111 1111", "GB82 WEST 1234 5698 7654 32", "K7X9QP", "K 7 X 9 Q P", "jo@post.example", "@jo ",
        "+44 7700 900123", "14 Elmwood Road", "calle Mayor 12", "Hi Peter, ", "Samira Whitfield", "calm down",
        "you idiot", "we guarantee ", "your son has asthma and cannot breathe", "https://evil.example/x",
        "care.northair.example/c/9f", "READ THE FAQ NOW", "Please DM us. ", "\u200b", "１２", "ß", "ﷺ", "\n", ". ", " ",
        "é", "日本語", "\U0001f600", "\ud800", "(at)", "№", "Ⅷ",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=14).map("".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["public", "private"]), st.sampled_from(["public", "private"]))
def test_never_raises_and_points_into_the_text(text: str, audience: Any, written_as: Any) -> None:
    said = Said(text=text, audience=audience, written_as=written_as, pictures=(Picture(alt=text),))
    findings = look(said, Around(**AROUND), Policy(patterns=("NA-######",)))
    for finding in findings:
        assert all(0 <= start < end <= len(text) for start, end in finding.spans)
        assert list(finding.spans) == sorted(finding.spans)
        assert finding.reason
        assert finding.level in {"note", "second_look", "refuse"}
    assert findings == sorted(findings, key=lambda finding: finding.spans)
    if audience == "private":
        assert {finding.rule for finding in findings} <= MOST_IN_PRIVATE.keys()
        assert all(finding.level != "refuse" for finding in findings)


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_what_was_accepted_stays_quiet(text: str) -> None:
    findings = asked(text, **AROUND)
    again = asked(text, policy=accepting(*findings), **AROUND)
    assert all(finding.level == "refuse" for finding in again)
    assert {finding.cause for finding in again} == {one.cause for one in findings if one.level == "refuse"}


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_whatever_is_around_raises_nothing(text: str, other: str) -> None:
    around = Around(
        customer_name=other, customer_handles=(other,), customer_lang=other, case_codes=(other, ""),
        private_words=(other,), last_public=other, colleagues=(other, ""), earlier_elsewhere=(other, text),
        allowed_hosts=(other,), page_hosts=(other,), page_paths=(other, "/c/"), own_handles=(other,),
        own_contacts=(other,),
    )  # fmt: skip
    look(Said(text=text, audience="public", written_as="public"), around, LOUD)


# One text for each rule, with what must be known around it. In public it speaks; in private only where it may.
SPEAKS: dict[str, tuple[str, dict[str, Any]]] = {
    "card_number": ("It is 4111 1111 1111 1111.", {}),
    "iban": ("It is GB82 WEST 1234 5698 7654 32.", {}),
    "case_code": ("It is K7X9QP.", {"case_codes": ("K7X9QP",)}),
    "private_words": ("We tried 07700 900123 for you.", {"private_words": ("call 07700 900123",)}),
    "page_link": ("care.example/c/9f", {"page_hosts": ("care.example",), "page_paths": ("/c/",)}),
    "private_detail": ("A wheelchair waits.", {"private_words": ("I use a wheelchair",)}),
    "email": ("jo@post.example", {}),
    "phone": ("We call you on +44 7700 900123.", {}),
    "address": ("It goes to 14 Elmwood Road.", {}),
    "code": ("Your booking code is HV4K2M.", {}),
    "colleague_name": ("Samira Whitfield calls.", {"colleagues": ("Samira Whitfield",)}),
    "wrong_name": ("Hi Peter, done.", {"customer_name": "Anna Kowalska"}),
    "insult": ("You idiot.", {}),
    "rude": ("Calm down.", {}),
    "legal": ("See you in court.", {}),
    "promise": ("We guarantee that.", {}),
    "wrong_language": ("We have found your bag and it will be here soon.", {"customer_lang": "es"}),
    "moved_to_public": ("All is done.", {"written_as": "private"}),
    "too_long_to_check": ("word " * LONGEST, {}),
    "blank": ("Hello ⟦customer.name⟧, done.", {}),
    "shouting": ("READ THE FAQ NOW", {}),
    "missing_alt": ("Look.", {"alts": ("",)}),
    "only_asks_for_private": ("Please DM us.", {}),
    "identical": (
        "Your order of 12 March comes on the 30th.",
        {"last_public": "Your order of 12 March comes on the 30th."},
    ),
    "link_elsewhere": ("https://evil.example/x", {"allowed_hosts": ("northair.example",)}),
}


def test_every_rule_is_here() -> None:
    assert SPEAKS.keys() == DEFAULT_LEVELS.keys()


@pytest.mark.parametrize("rule", SPEAKS)
def test_public_and_private_are_not_the_same_question(rule: str) -> None:
    text, known = SPEAKS[rule]
    public = {one.rule: one for one in asked(text, audience="public", **known)}
    private = {one.rule: one for one in asked(text, audience="private", **known)}
    assert public[rule].level == DEFAULT_LEVELS[rule]
    assert private.keys() <= MOST_IN_PRIVATE.keys()
    assert (rule in private) == (rule in MOST_IN_PRIVATE)
    if rule in private:
        assert private[rule].level == MOST_IN_PRIVATE[rule]


@pytest.mark.parametrize("rule", SPEAKS)
def test_a_rule_turned_off_is_silent_or_as_quiet_as_it_may_be(rule: str) -> None:
    text, known = SPEAKS[rule]
    found = {one.rule: one.level for one in asked(text, policy=Policy(levels={rule: "off"}), **known)}
    assert found.get(rule) == LEAST.get(rule)


# --- time, by counting what is done and not by a clock ---------------------------------------------------------------


def steps(work: Callable[[], object]) -> int:
    """Lines of Python that ran."""
    count = 0

    def tracer(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("number", range(0, len(hostile()), 5))
def test_a_hostile_text_costs_no_more_than_its_length(number: int) -> None:
    said, around = hostile()[number]
    longer = Said(text=said.text * 3, audience="public", written_as="public")
    once = steps(lambda: look(said, around, Policy()))
    assert once < 60_000
    assert steps(lambda: look(longer, around, Policy())) <= once * 1.05 + 50


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("piece", ["1 ", "a@", "we will ", "K7X9QP "])
def test_twice_the_text_is_twice_the_work_of_a_rule(rule: Any, piece: str) -> None:
    def work(size: int) -> int:
        said = Said(text=(piece * size)[:size], audience="public", written_as="public")
        return steps(lambda: list(rule(rule_scene(said))))

    assert work(800) <= work(400) * 2.6 + 300


def rule_scene(said: Said) -> Any:
    from offhold.publishing.guard.scene import Scene

    return Scene(said, Around(**AROUND), Policy())


def test_many_places_are_one_finding_or_few() -> None:
    findings: list[Finding] = asked("jo@post.example " * 60)
    assert len(findings) == 1
    assert len(findings[0].spans) == 50
