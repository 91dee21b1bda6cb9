"""Hearing that a customer asks for a human: what is heard, where, why, and what is not."""

from __future__ import annotations

import time
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import pledge_hostile
from offhold.promises.asking.asked import asked
from offhold.promises.asking.lexicon import LEXICON
from offhold.promises.asking.reasons import LEVELS, Reason

QUESTION = "Where is my order 4471?"


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ("The app failed twice. Can I speak to a real person?", "wants_to_talk", "Can I speak to a real person"),
        ("Get me a HUMAN now", "wants_a_human", "Get me a HUMAN"),
        ("Order 12 is late, please call me back on my mobile", "wants_a_call", "please call me back"),
        ("I don't want a bot", "no_machine", "don't want a bot"),
        ("Is there a person there?", "human_there", "Is there a person there"),
        ("@acme_help Agent!!", "one_word", "Agent"),
        ("\U0001f64b\U0001f3fd\u200d\u2640\ufe0f", "one_word", "\U0001f64b\U0001f3fd\u200d\u2640\ufe0f"),
        ("Hello. Is anyone there?", "anyone_there", "Is anyone there"),
        ("are you a bot?", "is_it_a_machine", "are you a bot"),
        ("stop with the bot", "tired_of_machine", "stop with the bot"),
        ("you keep sending the same answer", "same_answer", "keep sending the same answer"),
        ("third time I ask", "asked_before", "third time I ask"),
        ("I am here and nobody answers me", "nobody_answers", "nobody answers"),
        ("please have somebody contact me", "someone_in_touch", "have somebody contact me"),
        ("Ｈｕｍａｎ, please", "one_word", "Ｈｕｍａｎ, please"),
        ("I WANT A H\u200bUMAN", "wants_a_human", "WANT A H\u200bUMAN"),
        ("can i talk to a humaaaan", "wants_to_talk", "can i talk to a humaaaan"),
        ("Me gustaría hablar con una persona", "wants_to_talk", "gustaría hablar con una persona"),
        ("我的包裹丢了。我要 真人 客服!", "wants_a_human", "我要 真人 客服"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8. 상담원 연결해 주세요", "wants_to_talk", "상담원 연결해 주세요"),
    ],
)
def test_heard(text: str, reason: Reason, words: str) -> None:
    heard = asked(text)
    assert heard
    assert (heard.reason, heard.level) == (reason, LEVELS[reason])
    assert words in text[heard.start : heard.end]
    assert len(text[heard.start : heard.end]) <= len(words) + 10


@pytest.mark.parametrize(
    "text",
    [
        "your agent was rude",
        "I spoke to a representative yesterday",
        "no need to talk to a person, the app did it",
        "she will call me tomorrow, all fine",
        'The recording says "I want to talk to a human" and laughs',
        "> can I talk to a human\nthat was my mail, it is solved",
        "RT @dora: can I talk to a human",
        "human rights need a lawyer",
        "",
        "\U0001f64b thanks for the raised hand, lovely service",
    ],
)
def test_not_heard(text: str) -> None:
    assert asked(text) is None


def test_a_whole_message_between_quotes_is_the_customers_own() -> None:
    assert asked('"I want to talk to a human"')


def test_a_wish_that_is_only_told_is_likely() -> None:
    told = asked("I tried to speak to someone for three days")
    assert told
    assert (told.level, told.reason) == ("likely", "nobody_answers")
    beside = asked("I tried to speak to someone for three days. Now let me talk to a manager!")
    assert beside
    assert (beside.level, beside.reason) == ("explicit", "wants_to_talk")


def test_what_explains_one_wish_away_leaves_the_next() -> None:
    heard = asked("I spoke to a representative yesterday. I want to speak to a manager")
    assert heard
    assert heard.start > len("I spoke to a representative yesterday")


@pytest.mark.parametrize(
    ("text", "before", "heard"),
    [
        (QUESTION, (QUESTION,), True),
        (f"@acme {QUESTION.upper()}", ("hello", QUESTION), True),
        ("hello??", (QUESTION,), True),
        ("???", (QUESTION,), True),
        ("any update please", (QUESTION,), True),
        ("¿alguna novedad?", ("¿Dónde está mi pedido?",), False),
        ("sigo esperando respuesta", ("¿Dónde está mi pedido?",), True),
        ("hello??", (), False),
        (QUESTION, ("When do you open?",), False),
        ("It was the blue one.", (QUESTION, "It is urgent.", "I live in Leeds."), False),
        ("and then it broke 3/3", ("I bought it 1/3", "it was fine 2/3"), False),
        ("still waiting", ("I bought it 1/3",), False),
        ("lol", ("lol",), False),
        ("...", (QUESTION,), False),
    ],
)
def test_turns_that_nobody_answered(text: str, before: tuple[str, ...], *, heard: bool) -> None:
    found = asked(text, before)
    assert (found is not None) == heard
    if found:
        assert (found.level, found.reason, found.start, found.end) == ("likely", "unanswered_turns", 0, len(text))


def test_what_is_pasted_beyond_any_message_is_not_read() -> None:
    assert asked("word " * 1_990 + "can I talk to a human")
    assert asked("word " * 2_000 + "can I talk to a human") is None


def test_every_reason_has_its_level() -> None:
    assert set(get_args(Reason)) == set(LEVELS)
    assert {rule.reason for rule in LEXICON.rules} | {"unanswered_turns"} == set(LEVELS)


_ANY = st.text(st.characters(exclude_categories=()), max_size=300)
_PIECES = """human agent talk to call me no bot ? . " > @a ' 1/2 _ 人工 상담원 موظف इंसान 担当者 ß İ ﬀ humaaan"""
_ODD = ["\n", " ", "\ud800", "\x00", "\u0301", "\u202e", "\U0001f64b", "\u1112\u1161"]
_WORDS = st.lists(st.sampled_from(_PIECES.split() + _ODD), max_size=60).map("".join)
_SPACED = st.lists(st.sampled_from(_PIECES.split() + _ODD), max_size=40).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(_ANY | _WORDS | _SPACED, st.lists(_ANY | _WORDS, max_size=3))
def test_any_text_is_taken_and_the_place_lies_in_it(text: str, before: list[str]) -> None:
    heard = asked(text, before)
    assert asked(text, before) == heard
    if heard:
        assert 0 <= heard.start < heard.end <= len(text)


def test_hostile_texts_cost_no_more_than_their_length() -> None:
    for text in pledge_hostile.hostile():
        began = time.thread_time()
        asked(text, (text, text))
        assert time.thread_time() - began < 1, text[:40]
