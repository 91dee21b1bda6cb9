"""A text as the posts it goes out as: the table that the composer is held to as well, and any text at all."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from offhold.connectors import counting
from offhold.connectors.contract import Counter, ThreadRule
from offhold.connectors.splitting import split


class Splits(msgspec.Struct):
    """Texts, and the posts each goes out as under these rules; None: there is no way."""

    counter: Counter
    rule: ThreadRule
    texts: list[tuple[str, list[str] | None]]


TABLE = msgspec.json.decode(Path(__file__).with_name("splits.json").read_bytes(), type=list[Splits])
POST = Counter(limit=20, rule="graphemes", max_bytes=60)


@pytest.mark.parametrize(
    ("counter", "rule", "text", "expected"),
    [(group.counter, group.rule, text, expected) for group in TABLE for text, expected in group.texts],
)
def test_how_a_text_is_split(counter: Counter, rule: ThreadRule, text: str, expected: list[str] | None) -> None:
    parts = split(text, counter, rule)
    assert (None if parts is None else list(parts)) == expected


@pytest.mark.parametrize("numbered", [False, True])
@given(text=st.text(alphabet=st.sampled_from("ab .!\n\r。\u00e9\u0301\U0001f44b\U0001f3fd\u200d7"), max_size=120))
def test_every_part_fits_and_no_word_is_lost_or_said_twice(text: str, numbered: bool) -> None:
    parts = split(text, POST, ThreadRule(most=30, numbered=numbered))
    if parts is None:
        return
    assert all(counting.fits(part, POST) for part in parts)
    if numbered and len(parts) > 1:
        ends = [f" {n}/{len(parts)}" for n in range(1, len(parts) + 1)]
        assert all(part.endswith(end) for part, end in zip(parts, ends, strict=True))
        parts = tuple(part.removesuffix(end) for part, end in zip(parts, ends, strict=True))
    assert regex.sub(r"\s", "", "".join(parts)) == regex.sub(r"\s", "", text)
