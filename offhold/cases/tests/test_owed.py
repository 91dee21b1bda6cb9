"""What is owed an answer, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.cases.owed import decide

TABLE = [
    ("Where is my bag?", "question"),
    ("¿Dónde está mi maleta", "question"),
    ("荷物はどこですか？", "question"),
    ("I need a refund for flight 302", "request"),
    ("Could someone look at my order", "request"),
    ("still waiting since Monday", "request"),
    ("Bitte um Rückruf", "request"),
    ("I want to talk to a human", "asks_for_a_human"),
    ("we've had enough, let me speak with a real person", "asks_for_a_human"),
    ("quiero hablar con una persona", "asks_for_a_human"),
    ("Ich will mit einem Menschen sprechen", "asks_for_a_human"),
    ("the charger caught fire in my hand", "safety"),
    ("my son was injured on board", "safety"),
    ("Thanks!", "thanks"),
    ("@northair thank you so much", "thanks"),
    ("Great, thanks Mia", "thanks"),
    ("muchas gracias", "thanks"),
    ("Worst airline ever", "addressed"),
    ("thanks for nothing, you cancelled my flight", "addressed"),
    ("see https://example.com/?q=1", "addressed"),
]


@pytest.mark.parametrize(("text", "reason"), TABLE)
def test_reason_of_a_public_message_to_us(text: str, reason: str) -> None:
    assert decide(text, audience="public", addressed=True, busy=False).reason == reason


def test_a_busy_post_turns_statements_into_voices_and_nothing_else() -> None:
    for text, reason in TABLE:
        verdict = decide(text, audience="public", addressed=True, busy=True)
        assert verdict.reason == ("busy_post" if reason == "addressed" else reason)
        assert verdict.owed == verdict.always


def test_what_is_not_said_to_us_is_a_voice_unless_human_or_danger() -> None:
    assert decide("Where is my bag?", audience="public", addressed=False, busy=False).reason == "not_addressed"
    assert decide("I need a real person", audience="public", addressed=False, busy=False).owed


def test_a_direct_message_is_owed_unless_it_only_thanks() -> None:
    assert decide("Q7K2MX", audience="private", addressed=True, busy=True).owed
    assert not decide("thank you!", audience="private", addressed=True, busy=False).owed


@given(st.text(max_size=300), st.booleans(), st.booleans())
def test_any_text_is_decided(text: str, addressed: bool, busy: bool) -> None:
    verdict = decide(text, audience="public", addressed=addressed, busy=busy)
    assert verdict.owed or not verdict.always
