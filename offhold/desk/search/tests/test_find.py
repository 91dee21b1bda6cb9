"""Finding what was said, as each role may: newest first, by what it says now, in the case it is in now."""

from __future__ import annotations

import uuid
from datetime import UTC, timedelta

import pytest

from offhold.cases import acts, merging
from offhold.cases.tests.stories import deleted, direct, edited, public
from offhold.desk.notes import do_add_note
from offhold.desk.search import filing, find
from offhold.desk.search.views import SearchPage
from offhold.desk.tests.company import Company
from offhold.kernel.db.tx import looking, transaction, transaction_over
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor
from tests.support.database import acting
from tests.support.fixtures import OwnerSql
from tests.support.site import Browser, Member, signed_in


@pytest.fixture
def company(database: str) -> Company:
    return Company()


def file() -> None:
    """As the worker does."""
    with acting("pipeline"):
        filing.file_all()


def search(company: Company, typed: str, who: Actor | None = None, cursor: str | None = None) -> SearchPage:
    with looking(company.workspace.id) as tx:
        return find.page(tx, who or company.bob, typed, UTC, cursor)


def texts(page: SearchPage) -> list[str]:
    return ["".join(part.text for part in hit.parts) for group in page.groups for hit in group.hits]


def found(company: Company, typed: str, who: Actor | None = None) -> list[str]:
    return texts(search(company, typed, who))


def test_words_phrases_people_and_filters(company: Company) -> None:
    company.hear(
        public("1", "dora", "My suitcase has not arrived in Málaga", 1),
        public("2", "emil", "not a suitcase in sight, #Lost", 2),
        direct("3", "dora", "The suitcase is red", 3),
    )
    file()
    assert found(company, "suitcase") == [  # by case, and these by their newest
        "The suitcase is red", "My suitcase has not arrived in Málaga", "not a suitcase in sight, #Lost"
    ]  # fmt: skip
    assert found(company, "SUITCASE malaga") == ["My suitcase has not arrived in Málaga"]
    assert found(company, '"not arrived"') == ["My suitcase has not arrived in Málaga"]
    assert found(company, "#lost") == ["not a suitcase in sight, #Lost"]
    assert found(company, "suitcase from:@dora in:direct") == ["The suitcase is red"]
    assert found(company, "from:emil") == ["not a suitcase in sight, #Lost"]
    assert found(company, "suitcase before:2026-11-01") == []
    assert len(found(company, "suitcase after:2026-11-01 network:fake is:open assignee:none")) == 3
    assert found(company, "suitcase is:resolved") == []
    assert found(company, "nothing") == []


def test_what_is_found_is_marked_and_stands_in_its_case(company: Company) -> None:
    company.hear(public("1", "dora", "Where is my suitcase?", 1), public("2", "dora", "My SUITCASE is red", 2))
    file()
    (group,) = search(company, "suitcase").groups
    assert group.case is not None
    assert group.case.identity.handle == "dora"
    assert [[p.text for p in hit.parts if p.found] for hit in group.hits] == [["SUITCASE"], ["suitcase"]]


def test_edits_and_deletions_are_followed_and_hold_at_once(company: Company) -> None:
    company.hear(public("1", "dora", "first words", 1), public("2", "dora", "other words", 2))
    file()
    company.hear(edited("1", "second thoughts", 3), deleted("2", 4))
    assert found(company, "words") == [], "what was taken back is found by nobody, filed or not"
    file()
    assert found(company, "thoughts") == ["second thoughts"]
    assert found(company, "words") == []
    assert company.rows("SELECT count(*) FROM search_items") == [(1,)]


def test_direct_messages_and_notes_are_for_those_who_see_them(company: Company) -> None:
    company.hear(public("1", "dora", "a public zebra", 1), direct("2", "dora", "a private zebra", 2))
    (case,) = company.cases()
    with transaction(company.workspace.id) as tx:
        do_add_note(tx, company.bob, acts.lock(tx, company.workspace.id, case), uuid.uuid4(), "a zebra between us")
    file()
    assert sorted(found(company, "zebra")) == ["a private zebra", "a public zebra", "a zebra between us"]
    assert found(company, "zebra in:notes") == ["a zebra between us"]
    assert found(company, "zebra", company.oscar) == ["a public zebra"]
    assert found(company, "zebra in:direct", company.oscar) == []
    assert found(company, "zebra in:notes", company.oscar) == []


def test_merged_cases_are_found_as_what_they_are_now(company: Company) -> None:
    company.hear(public("1", "dora", "the zebra", 1), public("2", "emil", "another zebra", 2))
    file()
    one, other = company.cases()
    with transaction(company.workspace.id) as tx:
        merging.do_merge(
            tx, *merging.lock_two(tx, company.workspace.id, one, other), by="Bob", by_id=company.bob.membership_id
        )
    (group,) = search(company, "zebra").groups
    assert group.case is not None
    assert group.case.id == str(other)
    assert len(group.hits) == 2
    with transaction(company.workspace.id) as tx:
        acts.do_resolve(tx, acts.lock(tx, company.workspace.id, other), "Bob")
    assert len(found(company, "zebra is:resolved")) == 2


def test_pages_go_on_where_the_last_one_ended(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "PIECE", 7)
    monkeypatch.setattr(find, "PAGE", 5)
    company.hear(*(public(str(n), "dora", f"zebra number {n}", n) for n in range(40)))
    file()
    pages, cursor = [], None
    for _ in range(12):
        page = search(company, "zebra", cursor=cursor)
        pages += texts(page)
        cursor = page.next
        if cursor is None:
            break
    assert pages == [f"zebra number {n}" for n in reversed(range(40))]


def test_a_rare_state_looks_back_only_so_far(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "AT_ONCE", (4, 8))
    company.hear(*(public(str(n), "dora", f"zebra number {n}", n) for n in range(20)))
    file()
    page = search(company, "zebra is:resolved")
    assert texts(page) == []
    assert page.next is not None
    assert page.looked_back_to is not None


def test_it_says_how_far_it_is(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    file()
    company.hear(public("1", "dora", "the zebra", 1))
    monkeypatch.setattr(find, "LATE", timedelta(seconds=-1))
    assert search(company, "zebra").filed_to is not None
    file()
    assert search(company, "zebra").filed_to is None


def test_cut_off_anywhere_nothing_is_half_done(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.hear(public("1", "dora", "the zebra", 1))

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(filing, "_name", cut)
        with pytest.raises(KeyboardInterrupt):
            file()
    assert found(company, "zebra") == []
    file()
    assert found(company, "zebra") == ["the zebra"]


def test_people_and_references(company: Company) -> None:
    company.hear(public("1", "dora", "the zebra", 1))
    file()
    page = search(company, "dor OH-1")
    assert [person.identity.handle for person in page.people] == ["dora"]
    assert page.case is not None
    assert page.case.reference == "OH-1"
    with pytest.raises(Invalid) as refused:
        search(company, "from:nobody")
    assert refused.value.params == {"filter": "from", "name": "nobody"}


def test_nothing_crosses_workspaces(company: Company) -> None:
    other = Company()
    company.hear(public("1", "dora", "our zebra", 1))
    other.hear(public("1", "dora", "their zebra", 1))
    file()
    assert found(company, "zebra") == ["our zebra"]
    assert found(other, "zebra") == ["their zebra"]
    with transaction(None) as tx:
        assert tx.rows(EVERYTHING) == []
    with acting("pipeline"), transaction_over([company.workspace.id, other.workspace.id]) as tx:
        assert tx.rows(EVERYTHING) == [], "not even for who sees both"


EVERYTHING = """
SELECT id FROM search_find(
  '{}', NULL, 'mn', true, '-infinity', 'infinity', NULL, 8388607, 'infinity', 0, 1000, '1 s')
"""


def test_the_index_is_used_as_the_app(company: Company, owner_sql: OwnerSql) -> None:
    """The function is a definer's because under row-level security no index could serve `@>`."""
    company.hear(*(public(str(n), "dora", f"zebra number {n}", n) for n in range(200)))
    file()
    owner_sql("ANALYZE search_items")
    with transaction(company.workspace.id) as tx:
        assert tx.one("SELECT current_user") == ("offhold_app",)
        before = _scans(owner_sql)
        assert tx.rows(EVERYTHING.replace("'{}'", "ARRAY[1::bigint]")) == []
        tx.rows("SELECT pg_stat_force_next_flush()")
    assert _scans(owner_sql) > before


def _scans(owner_sql: OwnerSql) -> int:
    return int(owner_sql("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'search_items_keys'")[0][0])


# --- over HTTP


@pytest.fixture
def browser(site: str, company: Company) -> Browser:
    return signed_in(site, Member(company.workspace, "agent"))


@pytest.mark.parametrize(
    ("typed", "status", "code"),
    [
        ("x" * 10_000, 422, "invalid"),
        ("x" * 1_000, 422, "search.too_long"),
        ("color:red", 422, "search.unknown_filter"),
        ("network:nowhere", 422, "search.not_one_of"),
        ("tag:nothing", 422, "search.none_called"),
        ('"zebra', 200, None),
        ("zebra\0", 200, None),
        ("", 200, None),
        ("'; DROP TABLE messages; --", 200, None),
        ("from:us", 200, None),
        ("in:direct is:voice before:9999-12-31 after:0001-01-02", 200, None),
        ("OH-999999999999999999", 200, None),
        ("assignee:" + "a" * 400, 422, "search.none_called"),
    ],
)
def test_hostile_queries_are_read_or_refused(browser: Browser, typed: str, status: int, code: str | None) -> None:
    answer = browser.get("/api/search", params={"q": typed})
    assert answer.status_code == status, answer.text
    assert answer.json().get("code") == code


def test_hostile_cursors_and_zones(browser: Browser) -> None:
    for more in ({"cursor": "1-1-9223372036854775808"}, {"cursor": "x"}, {"zone": "../../etc/passwd"}, {"zone": "No"}):
        assert browser.get("/api/search", params={"q": "zebra", **more}).status_code == 422
    assert browser.get("/api/search/quick", params={"q": "9" * 400}).status_code == 200
    assert browser.get("/api/search/quick", params={"q": "\0"}).status_code == 422
