"""Looking far back: rare words a slice at a time, few cases by what they hold, and no longer than a page may take."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from offhold.cases import acts, tagging
from offhold.cases.tests.stories import direct, edited, public
from offhold.desk.notes import do_add_note
from offhold.desk.search import filing, find
from offhold.desk.search.tests.test_find import file, found, search, texts
from offhold.desk.tests.company import Company
from offhold.kernel.db.tx import transaction
from tests.support.fixtures import OwnerSql


@pytest.fixture
def company(database: str) -> Company:
    return Company()


ZEBRAS = [f"zebra number {n}" for n in (5, 600, 1200, 2000)]


@pytest.fixture
def long_ago(company: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    """2,600 messages in pieces of 520, two to a slice; four of them say zebra, every second says horse."""
    monkeypatch.setattr(filing, "PIECE", 520)
    monkeypatch.setattr(filing, "PIECES", 2)
    words = {n: f"zebra number {n}" for n in (5, 600, 1200, 2000)}
    company.hear(*(public(str(n), f"p{n % 50}", words.get(n, f"{'horse' if n % 2 else 'mule'} {n}"), n)
                   for n in range(2600)))  # fmt: skip
    file()
    return company


def test_a_rare_word_is_found_wherever_it_is(long_ago: Company) -> None:
    assert long_ago.rows("SELECT count(*), count(DISTINCT slice), sum(items) FROM search_pieces") == [(5, 3, 2600)]
    assert found(long_ago, "zebra") == list(reversed(ZEBRAS))
    assert found(long_ago, "zebra number") == list(reversed(ZEBRAS))
    assert found(long_ago, '"number 1200"') == ["zebra number 1200"]
    assert found(long_ago, "from:p5") == [f"horse {n}" for n in range(2555, 1050, -50)][:30]
    long_ago.hear(edited("600", "a donkey", 3000))
    file()
    assert found(long_ago, "zebra") == [z for z in reversed(ZEBRAS) if z != "zebra number 600"]
    assert found(long_ago, "donkey") == ["a donkey"], "it is filed anew where it was"


def test_what_is_rare_is_looked_for_a_slice_at_a_time(long_ago: Company, owner_sql: OwnerSql) -> None:
    """The newest piece, which shows how rare it is, and the two slices before it: not all five pieces."""
    owner_sql("ANALYZE search_items")
    before = _looks(long_ago, owner_sql)
    assert len(found(long_ago, "zebra")) == 4
    assert _looks(long_ago, owner_sql) - before == 3


def _looks(company: Company, owner_sql: OwnerSql) -> int:
    company.rows("SELECT pg_stat_force_next_flush()")
    return int(owner_sql("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'search_items_keys'")[0][0])


def test_pages_of_a_rare_word_go_on(long_ago: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "PAGE", 1)
    assert _all_pages(long_ago, "zebra") == list(reversed(ZEBRAS))


@pytest.mark.parametrize("items", [2, 600], ids=["piece by piece", "slice by slice"])
def test_in_no_time_it_says_how_far_it_looked_and_goes_on(
    company: Company, owner_sql: OwnerSql, monkeypatch: pytest.MonkeyPatch, items: int
) -> None:
    """With 24 slices of one piece, of which it is told that they hold little or much."""
    monkeypatch.setattr(filing, "PIECE", 2)
    monkeypatch.setattr(filing, "PIECES", 1)
    monkeypatch.setattr(find, "PATIENCE", timedelta())
    company.hear(*(public(str(n), "dora", "the zebra" if n == 3 else "a horse", n) for n in range(48)))
    file()
    owner_sql("UPDATE search_pieces SET items = %s", (items,))
    page = search(company, "zebra")
    assert texts(page) == []
    assert page.next is not None
    assert page.looked_back_to is not None
    assert _all_pages(company, "zebra") == ["the zebra"]
    assert len(_all_pages(company, "horse")) == 47


def _all_pages(company: Company, typed: str) -> list[str]:
    page = search(company, typed)
    told = texts(page)
    while page.next is not None:
        page = search(company, typed, cursor=page.next)
        told += texts(page)
    return told


def test_what_few_cases_hold_is_found_however_common_the_words(
    long_ago: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the words alone would have been looked through for a page and nothing found."""
    monkeypatch.setattr(find, "AT_ONCE", (40, 60))
    (case,) = long_ago.rows("SELECT case_id FROM messages WHERE network_id = '5'")[0]
    with transaction(long_ago.workspace.id) as tx:
        tag = int(tagging.do_add_tag(tx, long_ago.workspace.id, "Safari", "dot", "soft").id)
        locked = acts.lock(tx, long_ago.workspace.id, case)
        tagging.do_set_tags(tx, locked, {tag}, "Bob")
        acts.do_assign(tx, locked, long_ago.bob.membership_id, "Bob")
    theirs = [f"horse {n}" for n in range(2555, 10, -50)]  # what the same customer said
    assert _all_pages(long_ago, "horse tag:safari") == theirs
    assert found(long_ago, "horse assignee:me is:open") == theirs[:30]
    page = search(long_ago, "horse assignee:me is:open")
    assert page.looked_back_to is None
    assert found(long_ago, "zebra tag:safari") == ["zebra number 5"]
    assert found(long_ago, "mule tag:safari") == []


def test_few_cases_show_nobody_more_than_the_words_would(company: Company) -> None:
    company.hear(public("1", "dora", "a public zebra", 1), direct("2", "dora", "a private zebra", 2))
    (case,) = company.cases()
    with transaction(company.workspace.id) as tx:
        locked = acts.lock(tx, company.workspace.id, case)
        acts.do_assign(tx, locked, company.bob.membership_id, "Bob")
        do_add_note(tx, company.bob, locked, uuid.uuid4(), "a zebra between us")
    file()
    theirs = "zebra assignee:agent is:open"
    assert sorted(found(company, theirs)) == ["a private zebra", "a public zebra", "a zebra between us"]
    assert found(company, f"{theirs} in:notes") == ["a zebra between us"]
    assert found(company, f"{theirs} in:direct") == ["a private zebra"]
    assert found(company, f"{theirs} from:dora in:public") == ["a public zebra"]
    assert found(company, theirs, company.oscar) == ["a public zebra"]
    assert found(company, "zebra is:snoozed") == []


def test_few_cases_of_others_are_none_of_ours(company: Company) -> None:
    other = Company()
    for one in (company, other):
        one.hear(public("1", "dora", f"the zebra of {one.workspace.id}", 1))
    file()
    (theirs,) = other.cases()
    with transaction(company.workspace.id) as tx:
        among = tx.rows(AMONG, (theirs,))
    assert among == []
    with transaction(other.workspace.id) as tx:
        assert len(tx.rows(AMONG, (theirs,))) == 1


AMONG = """
SELECT id FROM search_find(
  '{}', NULL, 'mn', true, '-infinity', 'infinity', ARRAY[%s::bigint], 8388607, 'infinity', 0, 1000, '1 s')
"""
