"""Mentions, links and hashtags: the table that the composer's preview is held to as well, and any text at all."""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.connectors.contract import Marking
from offhold.connectors.marking import marks


class Texts(msgspec.Struct):
    """A text, and what it holds: kind, the words, where they lead."""

    marking: Marking
    texts: list[tuple[str, list[tuple[str, str, str]]]]


TABLE = msgspec.json.decode(Path(__file__).with_name("marks.json").read_bytes(), type=list[Texts])
EVERYTHING = Marking(mentions="domain", links=True, tags=True)


@pytest.mark.parametrize(
    ("marking", "text", "expected"),
    [(group.marking, text, expected) for group in TABLE for text, expected in group.texts],
)
def test_what_is_found(marking: Marking, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(kind, text[start:end], target) for kind, start, end, target in marks(text, marking)] == expected


@given(st.text(alphabet=st.sampled_from("ab.@#/:(w)\u00df\U0001f44b\U0001f3fd \nhttps"), max_size=60))
def test_no_two_marks_overlap(text: str) -> None:
    ends = [(mark.start, mark.end) for mark in marks(text, EVERYTHING)]
    assert all(start < end for start, end in ends)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(ends))
