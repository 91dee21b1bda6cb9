"""A text as words, and where they stand in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.desk.search.filed import filed, number
from offhold.desk.search.query import read
from offhold.desk.search.shown import AROUND, found_in, stretch
from offhold.desk.search.words import asked_keys, atoms, keys


def found(typed: str, text: str) -> list[str] | None:
    ranges = found_in(read(typed).terms, text)
    return None if ranges is None else [text[start:end] for start, end in ranges]


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("cafe", "Un CAFÉ, por favor", ["CAFÉ"]),
        ("café", "cafe\u0301!", ["cafe\u0301"]),
        ("straße", "STRASSE 5", ["STRASSE"]),
        ("not arrived", "arrived? not", ["arrived", "not"]),
        ('"not arrived"', "arrived, not", None),
        ('"not arrived"', "has NOT  arrived.", ["NOT  arrived"]),
        ("dora", "hi @dora.bsky.social", ["@dora"]),
        ("@dora", "hi dora", None),
        ("@dora", "hi @dora.bsky.social", ["@dora"]),
        ("@dora.bsky.social", "hi @dora.bsky.social", ["@dora.bsky.social"]),
        ("#lost", "it is #Lost", ["#Lost"]),
        ("充電", "スマホが充電できない", ["充電"]),
        ("電", "スマホが充電できない", ["電"]),
        ("電充", "スマホが充電できない", None),
        ("حقيبة", "أين حَقِيبَة ؟", ["حَقِيبَة"]),
        ("arriv", "arrived", None),
        ("AB-1234", "booking ab 1234", ["ab 1234"]),
    ],
)
def test_what_stands_in_a_text(typed: str, text: str, shown: list[str] | None) -> None:
    assert found(typed, text) == shown


@given(st.text(), st.text())
def test_what_stands_in_a_text_is_filed(typed: str, text: str) -> None:
    term = tuple(atoms(typed))[:20]
    if term and found_in((term,), text):
        gone = asked_keys(term) - keys(atoms(text))
        # signs of scripts without spaces are filed in pairs only where they stand together
        assert all(len(key) == 2 for key in gone)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_a_text_is_found_by_its_own_words(before: str, middle: str, after: str) -> None:
    text = f"{before} {middle} {after}"
    said = atoms(text)
    for atom in said:
        assert asked_keys((atom,)) <= keys(said)
        assert found_in(((atom,),), text)


@given(st.text(max_size=900), st.data())
def test_what_is_shown_is_the_text(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    ranges = list(zip(cuts[::2], cuts[1::2], strict=False))
    parts, cut = stretch(text, ranges)
    whole = "".join(part.text for part in parts)
    assert whole.removesuffix("…") in text
    assert len(whole) <= AROUND + 1
    assert cut or not text or text.startswith(whole[:1])
    if ranges and ranges[0][1] - ranges[0][0] < AROUND - 100:
        first = next(part.text for part in parts if part.found)
        assert first == text[slice(*ranges[0])]


def test_a_word_has_one_number() -> None:
    assert number("suitcase") == 0x15B7493D07, "stored words would not be found any more"
    assert len(set(filed("one two two", " *"))) == 3
