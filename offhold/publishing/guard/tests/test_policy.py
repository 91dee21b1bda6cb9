"""The law: what may refuse, what an author may wave away, what a lead may except, what private replies are asked."""

from __future__ import annotations

import pytest

from offhold.publishing.guard import reasons
from offhold.publishing.guard.findings import STEPS, Level, heaviest
from offhold.publishing.guard.look import Policy
from offhold.publishing.guard.policy import DEFAULT_LEVELS, MAY_REFUSE, MOST_IN_PRIVATE, NEVER_EXCEPTED
from offhold.publishing.guard.tests.asking import accepting, asked

CARD = "Card 4111 1111 1111 1111."
MAIL = "We wrote to jo@post.example."


def test_only_proven_data_refuses() -> None:
    assert {"card_number", "iban", "case_code", "private_words", "page_link"} == MAY_REFUSE
    assert {rule for rule, level in DEFAULT_LEVELS.items() if level == "refuse"} == MAY_REFUSE


@pytest.mark.parametrize("rule", DEFAULT_LEVELS)
def test_a_policy_cannot_make_a_guess_refuse(rule: str) -> None:
    if rule in MAY_REFUSE:
        assert Policy(levels={rule: "refuse"}).levels == {rule: "refuse"}
    else:
        with pytest.raises(ValueError, match="guess"):
            Policy(levels={rule: "refuse"})


def test_a_policy_names_what_there_is() -> None:
    with pytest.raises(ValueError, match="no rule 'nonsense'"):
        Policy(levels={"nonsense": "note"})
    with pytest.raises(ValueError, match="no level"):
        Policy(levels={"email": "loud"})  # type: ignore[dict-item]  # what the server must refuse


@pytest.mark.parametrize("level", ["off", "note", "second_look"])
def test_a_policy_raises_and_lowers(level: Level) -> None:
    assert heaviest(asked(MAIL, policy=Policy(levels={"email": level}))) == level
    assert heaviest(asked(CARD, policy=Policy(levels={"card_number": level}))) == level


@pytest.mark.parametrize("rule", MOST_IN_PRIVATE)
def test_private_levels_never_exceed_theirs(rule: str) -> None:
    texts = {
        "card_number": CARD, "insult": "You idiot.", "rude": "Calm down.", "shouting": "READ THE FAQ NOW",
        "blank": "Hello {customer.name}",
    }  # fmt: skip
    for level in STEPS:
        if level == "refuse" and rule not in MAY_REFUSE:
            continue
        found = [one.level for one in asked(texts[rule], audience="private", policy=Policy(levels={rule: level}))]
        least = min(level, MOST_IN_PRIVATE[rule], key=STEPS.__getitem__)
        assert found == ([] if least == "off" else [least])


def test_the_author_is_stopped_once_for_a_cause() -> None:
    (mail,) = asked(MAIL)
    assert asked(MAIL, policy=accepting(mail)) == []
    again = "Hello, please note that we wrote to JO@post.example yesterday."
    assert asked(again, policy=accepting(mail)) == []
    assert [one.rule for one in asked("And to ann@post.example.", policy=accepting(mail))] == ["email"]


def test_the_author_cannot_wave_a_refusal_away() -> None:
    (card,) = asked(CARD)
    assert asked(CARD, policy=accepting(card)) == [card]
    lowered = Policy(levels={"card_number": "second_look"}, accepted=frozenset({card.cause}))
    assert asked(CARD, policy=lowered) == []


def test_a_lead_excepts_words_or_causes() -> None:
    (mail,) = asked(MAIL)
    for exception in ("JO@post.example", mail.cause):
        assert asked(MAIL, policy=Policy(exceptions=frozenset({exception}))) == []
    assert asked(CARD, policy=Policy(exceptions=frozenset({"4111111111111111"}))) == []


def test_what_is_one_customers_is_never_excepted() -> None:
    assert {"case_code", "private_words", "page_link"} == NEVER_EXCEPTED
    (code,) = asked("It is K7X9QP.", case_codes=("K7X9QP",))
    policy = Policy(exceptions=frozenset({"K7X9QP", "k7x9qp", code.cause}))
    assert asked("It is K7X9QP.", case_codes=("K7X9QP",), policy=policy) == [code]


def test_the_same_cause_has_the_same_name_and_says_nothing() -> None:
    (one,), (other,) = asked(MAIL), asked("Sure: jo@post.example")
    assert one.cause == other.cause
    assert "jo" not in one.cause
    assert len({finding.cause for finding in asked(CARD + MAIL)}) == 2


def test_each_rule_has_its_words_and_ways_out() -> None:
    listed = {"insult", "rude", "legal", "promise"}
    assert set(reasons.REASONS) | listed == set(DEFAULT_LEVELS)
    assert set(reasons.FIXES) == set(DEFAULT_LEVELS)
    for rule in DEFAULT_LEVELS:
        assert "not_a_problem" in reasons.fixes(rule, "second_look")
        assert "not_a_problem" not in reasons.fixes(rule, "refuse")
        assert "second_person" not in reasons.fixes(rule, "refuse")


def test_heaviest() -> None:
    assert heaviest([]) == "off"
    assert heaviest(asked(CARD + MAIL)) == "refuse"
