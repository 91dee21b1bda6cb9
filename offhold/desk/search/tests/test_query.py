"""What people type, and what nobody should: every line is read or refused by name."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.desk.search.query import FILTERS, LONGEST, Query, read
from offhold.kernel.errors import Invalid


def terms(query: Query) -> list[list[str]]:
    return [[atom.sign + atom.word for atom in term] for term in query.terms]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("suitcase Madrid", [["suitcase"], ["madrid"]]),
        ('"not arrived" yet', [["not", "arrived"], ["yet"]]),
        ("AB-1234", [["ab", "1234"]]),
        ("#Lost @dora.bsky.social", [["#lost"], ["@dora", "bsky", "social"]]),
        ('"never closed is:open', [["never", "closed", "is", "open"]]),
        ('""', []),
        ("Café ÉTÉ", [["cafe"], ["ete"]]),
        ("充電", [["充", "電"]]),
        ("Re: https://example.com/a", [["re"], ["https", "example", "com", "a"]]),
        ("14:24", [["14", "24"]]),
        ("a\0b\x01c", [["a"], ["b"], ["c"]]),
        ("\ud800word", [["word"]]),
        ("🔥", []),
    ],
)
def test_words(typed: str, meant: list[list[str]]) -> None:
    assert terms(read(typed)) == meant


def test_filters() -> None:
    query = read('refund network:Bluesky is:open is:waiting in:public from:@dora tag:"lost bag" assignee:me queue:Bags')
    assert (query.network, query.where) == ("bluesky", "public")
    assert query.states == {"open", "waiting"}
    assert (query.by, query.tags, query.assignee, query.queue) == ("@dora", ("lost bag",), "me", "Bags")
    assert terms(query) == [["refund"]]


def test_days_begin_where_the_person_is() -> None:
    query = read("after:2026-11-01 before:2026-11-02", ZoneInfo("Europe/Madrid"))
    assert query.after == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert query.before == datetime(2026, 11, 1, 23, tzinfo=UTC)


def test_a_reference_is_a_case() -> None:
    assert read("oh-4821").number == 4821
    assert read('"oh-4821"').number is None


@pytest.mark.parametrize(
    ("typed", "code", "name"),
    [
        ("color:red", "search.unknown_filter", "color"),
        ("is:", "search.empty_filter", "is"),
        ('tag:""', "search.empty_filter", "tag"),
        ("is:odd", "search.not_one_of", "is"),
        ("in:nowhere", "search.not_one_of", "in"),
        ("before:tomorrow", "search.not_a_day", "before"),
        ("after:9999-99-99", "search.not_a_day", "after"),
        ("after:0001-01-01 after:0001-01-02", "search.twice", "after"),
        ("after:2026-11-02 before:2026-11-02", "search.no_day", "after"),
        ("in:public in:direct", "search.twice", "in"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_name(typed: str, code: str, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(typed, ZoneInfo("Europe/Madrid") if "0001" not in typed else UTC)
    assert (refused.value.code, refused.value.params["filter"]) == (code, name)


@pytest.mark.parametrize("typed", ["x" * 10_000, "a " * 30, "is:open " * 20])
def test_too_much_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read(typed)


PIECES = st.lists(st.sampled_from([*(f"{name}:" for name in FILTERS), '"', " ", "\0", "x"])).map("".join)


@given(st.text(max_size=LONGEST) | PIECES)
def test_anything_is_read_or_refused(typed: str) -> None:
    with contextlib.suppress(Invalid):
        assert read(typed).terms == read(typed).terms
