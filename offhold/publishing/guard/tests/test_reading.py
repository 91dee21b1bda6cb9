"""A text as a person reads it, and the way back to what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.publishing.guard.reading import LONGEST, MOST_WORDS, Reading, fold


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Plain", "plain"),
        ("Ｆｕｌｌ　４１１１", "full 4111"),
        ("\u0664\u0661\u0661\u0661", "4111"),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("État Ñu Straße", "etat nu strasse"),
        ("E\u0301tat", "etat"),
        ("don’t — won`t", "don't - won't"),
        ("К7X", "k7x"),  # a Cyrillic letter among others
        ("Привет", "привет"),  # a word all its own is left alone
        ("ﬁne ½", "fine 1⁄2"),
        ("①②", "12"),
        ("\u2800x\u3164", "x"),
    ],
)
def test_reads(typed: str, read: str) -> None:
    assert fold(typed) == read


@given(st.text(max_size=80))
def test_leads_back_to_what_was_typed(text: str) -> None:
    reading = Reading(text)
    assert len(reading.kept) == len(reading.plain)
    for word in reading.words:
        start, end = reading.span(word.start, word.end)
        assert 0 <= start < end <= len(text)
        assert word.text in fold(text[start:end])


def test_a_span_covers_what_was_folded_away() -> None:
    text = "→ 4\u200b1 ﬁ x"
    reading = Reading(text)
    start = reading.plain.index("41")
    assert text[slice(*reading.span(start, start + 2))] == "4\u200b1"
    at = reading.plain.index("fi")
    assert text[slice(*reading.span(at, at + 2))] == "ﬁ"


def test_reads_no_more_than_people_write() -> None:
    assert not Reading("a" * LONGEST).cut
    assert Reading("a" * (LONGEST + 1)).cut
    assert len(Reading("a" * 100_000).plain) == LONGEST
    assert not Reading("a " * MOST_WORDS).cut
    assert Reading("a " * (MOST_WORDS + 1)).cut


def test_signatures_mentions_and_links_are_delivery() -> None:
    said = Reading("@jo @ann@social.example Please wait. https://t.example/x 1/2 ^MK").bare_words
    assert said == ["please", "wait"]
