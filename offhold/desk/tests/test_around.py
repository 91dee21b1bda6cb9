"""What others say around a case, cases like it, and who may be the same person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from offhold.cases.tests.stories import direct, public
from offhold.cases.voices import do_promote
from offhold.desk import around, references, similar
from offhold.desk.around import PAGE, AroundPage, Kind
from offhold.desk.similar import Seen, Similar, alike, plain_handle, plain_name, telling
from offhold.desk.tests.company import SECRET, Company
from offhold.kernel import ids
from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import NotFound


@pytest.fixture
def company(database: str) -> Company:
    return Company()


def page(company: Company, case: int, *, kind: Kind | None = None, before: int = 2**63 - 1,
         thread: int | None = None) -> AroundPage:  # fmt: skip
    with transaction(company.workspace.id) as tx:
        return around.page(tx, company.workspace.id, case, thread=thread, kind=kind, before=before)


def storm(company: Company, others: int) -> int:
    """A post of ours, a question of Dora's under it, and so many thanks by others. Returns Dora's case."""
    company.hear(public("root", "us", "We cancel all flights.", 0))
    company.hear(public("q", "dora", "When can I fly?", 1, root="root", parent="root"))
    company.hear(*[public(f"v{n}", f"fan{n}", "Thanks!", 2, root="root", parent="root") for n in range(others)])
    found: int = company.rows("SELECT case_id FROM messages WHERE network_id = 'q'")[0][0]
    return found


def test_others_are_counted_by_what_they_are_and_read_in_pages(company: Company) -> None:
    case = storm(company, 120)
    first = page(company, case)
    (thread,) = first.threads
    assert thread.root is not None
    assert thread.root.text == "We cancel all flights."
    assert [(group.kind, group.count) for group in first.groups] == [("thanks", 120)]
    seen: list[str] = []
    now: AroundPage | None = first
    while now:
        assert len(now.voices) <= PAGE
        seen += [voice.id for voice in now.voices]
        now = page(company, case, before=int(now.next)) if now.next else None
    assert len(set(seen)) == len(seen) == 120
    assert page(company, case, kind="busy_post").voices == []


def test_who_is_promoted_has_a_case_of_their_own(company: Company) -> None:
    case = storm(company, 3)
    voice = int(page(company, case).voices[0].id)
    with transaction(company.workspace.id) as tx:
        do_promote(tx, company.workspace.id, [voice], "Bob")
    after = page(company, case)
    assert [group.count for group in after.groups] == [2]
    assert [thread.own_cases for thread in after.threads] == [1]


def test_a_case_without_public_words_has_nothing_around_it(company: Company) -> None:
    company.hear(direct("d", "dora", "in private", 1))
    (case,) = company.cases()
    found = page(company, case)
    assert (found.threads, found.groups, found.voices, found.thread) == ([], [], [], None)
    with pytest.raises(NotFound):
        page(company, case, thread=7)


# --- similar

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def seen(title: str, *, tags: Any = (), numbers: Any = ()) -> Seen:
    return Seen(ids.new(), ids.new(), NOW, telling(title), frozenset(tags), frozenset(numbers))


OTHERS = [seen(f"Where is my order {n} please, it was promised for Monday") for n in range(40)]


def why(case: Seen, *others: Seen) -> list[tuple[int, dict[str, list[str]]]]:
    return [(found, {each.kind: each.what for each in said}) for found, said in alike(case, [*OTHERS, *others])]


def test_rare_words_make_cases_alike_and_are_named() -> None:
    like = seen("The pram never came out at Madrid")
    assert why(seen("My pram was lost in Madrid!"), like, seen("My pram is fine")) == [
        (like.id, {"words": ["madrid", "pram"]})
    ]


def test_what_everybody_says_makes_nothing_alike() -> None:
    assert why(seen("Where is my order please, it was promised")) == []


def test_one_word_is_enough_with_a_tag_and_a_number_elsewhere_alone() -> None:
    tagged, called = seen("a pram again", tags=[7]), seen("", numbers=["NW-1"])
    assert why(seen("pram", tags=[7]), tagged) == [(tagged.id, {"words": ["pram"], "tags": ["7"]})]
    assert why(seen("pram"), called) == [(called.id, {"reference": ["NW-1"]})]


def test_japanese_is_compared_by_pairs_of_signs() -> None:
    like = seen("荷物がまだ届きません")
    assert [found for found, _ in why(seen("荷物が届かない"), like)] == [like.id]


def test_the_same_customers_cases_are_not_similar_ones_but_earlier_ones() -> None:
    case = seen("My pram was lost in Madrid")
    again = Seen(ids.new(), case.customer, NOW, case.words, frozenset())
    assert why(case, again) == []


def found(company: Company, who: Any, case: int) -> list[Similar]:
    with transaction(company.workspace.id) as tx:
        return similar.similar(tx, who, case)


def test_an_observer_learns_nothing_private_from_likeness(company: Company) -> None:
    words = f"lost pram in Madrid {SECRET}"
    company.hear(direct("d1", "dora", words, 1), direct("d2", "emil", words, 2))
    company.hear(*[public(f"p{n}", f"customer{n}", f"Where is order {n}?", n) for n in range(3, 25)])
    (one,) = company.rows("SELECT case_id FROM messages WHERE network_id = 'd1'")[0]
    with transaction(company.workspace.id) as tx:
        for case in company_cases(company, tx):
            references.do_add(tx, company.bob, case, None, "NW-1")
    (like, *_) = found(company, company.bob, one)
    assert like.why[0].what == ["NW-1"]
    assert "pram" in next(each for each in like.why if each.kind == "words").what
    assert found(company, company.oscar, one) == []


def company_cases(company: Company, tx: Any) -> list[Any]:
    from offhold.cases import acts

    rows = tx.rows("SELECT case_id FROM messages WHERE network_id IN ('d1', 'd2')")
    return [acts.lock(tx, company.workspace.id, case) for (case,) in rows]


def test_it_is_of_one_workspace(company: Company) -> None:
    other = Company()
    for each in (company, other):
        each.hear(public("p", "dora", "My pram was lost in Madrid", 1))
    (case,) = company.cases()
    assert found(company, company.bob, case) == []
    assert found(company, company.bob, other.cases()[0]) == []


# --- the same person elsewhere


@pytest.mark.parametrize(
    ("handle", "plain"),
    [
        ("Dora", "dora"),
        ("dora.bsky.social", "dora"),
        ("dora@mastodon.example", "dora"),
        ("dora.example", "dora.example"),
    ],
)
def test_a_handle_without_its_server(handle: str, plain: str) -> None:
    assert plain_handle(handle) == plain


@pytest.mark.parametrize(("name", "plain"), [("Dora Maar", "dora maar"), ("Dora", None), ("", None), ("🙂", None)])
def test_a_name_of_two_words(name: str, plain: str | None) -> None:
    assert plain_name(name) == plain
