"""A filter means the same in SQL, as a test of one row, and in the browser."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from offhold.cases import acts, resting, rows, tagging
from offhold.cases.tests.stories import direct, public
from offhold.cases.views import CaseRow
from offhold.desk import inbox
from offhold.desk.api_views import filter_in
from offhold.desk.filters import SORTS, VIEWS, Filter, Sort, belongs, place
from offhold.desk.tests.company import Company
from offhold.desk.tests.filter_examples import FILE, FILTERS, Examples, examples
from offhold.kernel import ids
from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import Invalid


class Shelf:
    """A company with forty cases of all sorts, read by many random filters."""

    def __init__(self) -> None:
        self.company, rng = Company(), random.Random(4)
        company = self.company
        for n in range(40):
            said = (public if rng.random() < 0.7 else direct)(f"m{n}", f"c{n}", "Where is it?", rng.randrange(20))
            company.hear(said)
        with transaction(company.workspace.id) as tx:
            self.tags = [tagging.do_add_tag(tx, company.workspace.id, name, "dot", "soft").id for name in "abc"]
            self.queues = [str(company.workspace.queue_id), str(ids.new())]
            tx.run("INSERT INTO queues (workspace_id, id, name) VALUES (%s, %s, 'Second')",
                   (company.workspace.id, int(self.queues[1])))  # fmt: skip
        for case in company.cases():
            self._lived(rng, case)
        keys = [(company.workspace.id, case) for case in company.cases()]
        with transaction(company.workspace.id) as tx:
            self.rows = list(rows.load(tx, keys).values())

    def _lived(self, rng: random.Random, case_id: int) -> None:
        company, workspace = self.company, self.company.workspace.id
        with transaction(workspace) as tx:
            case = acts.lock(tx, workspace, case_id)
            who = rng.choice((None, company.bob.membership_id, company.alice.membership_id))
            acts.do_assign(tx, case, who, "Bob")
            tagging.do_set_tags(tx, case, {int(tag) for tag in self.tags if rng.random() < 0.3}, "Bob")
            tx.run("UPDATE cases SET queue_id = %s WHERE id = %s", (rng.choice(self.queues), case_id))
            tx.run("UPDATE identities SET followers = %s WHERE id = %s", (rng.choice((None, 9, 5_000)), case.identity))
            if rng.random() < 0.2:
                acts.do_resolve(tx, case, "Bob")
            elif rng.random() < 0.3:
                resting.do_snooze(tx, case, None, "Bob")
            if rng.random() < 0.3:
                tx.run("UPDATE cases SET waiting_since = NULL WHERE id = %s", (case_id,))

    def filters(self) -> st.SearchStrategy[Filter]:
        def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
            return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)

        bob, alice = (str(who.membership_id) for who in (self.company.bob, self.company.alice))
        return st.builds(
            Filter, state=st.sampled_from(("awake", "snoozed", "open", "resolved")),
            waiting=st.sampled_from((None, None, True, False)), assignees=some("me", "nobody", bob, alice),
            queues=some(*self.queues), channels=some(str(self.company.channel.id), "77"), networks=some("fake", "x"),
            audience=st.sampled_from((None, None, "public", "private")), tags=some(*self.tags),
            without_tags=some(*self.tags), reach_from=st.sampled_from((None, None, 0, 1_000)),
        )  # fmt: skip


@pytest.fixture(scope="module")
def shelf(database: str) -> Shelf:
    return Shelf()


@settings(max_examples=150, deadline=None, phases=(Phase.explicit, Phase.generate),
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data(), sort=st.sampled_from(SORTS), limit=st.integers(1, 9))
def test_a_list_is_what_belongs_in_its_order(shelf: Shelf, data: st.DataObject, sort: Sort, limit: int) -> None:
    """Page by page, each case once."""
    wanted, me = data.draw(shelf.filters()), shelf.company.bob
    expected = [row for row in shelf.rows if belongs(wanted, row, str(me.membership_id))]
    expected.sort(key=lambda row: place(row, sort))
    found: list[CaseRow] = []
    cursor = None
    with transaction(shelf.company.workspace.id) as tx:
        while True:
            page = inbox.listed(tx, me, wanted, sort, cursor=cursor, limit=limit)
            found += page.rows
            if (cursor := page.next) is None:
                break
        ((count,),) = tx.together(inbox.counting(me, wanted, 1_000))[0]
    assert [row.id for row in found] == [row.id for row in expected]
    assert count == len(expected)


def test_the_views_of_the_shelf_are_not_empty(shelf: Shelf) -> None:
    """Else the test above would prove little."""
    me = str(shelf.company.bob.membership_id)
    assert {
        name: sum(belongs(view, row, me) for row in shelf.rows) > 1 for name, view in VIEWS.items()
    } == dict.fromkeys(VIEWS, True)


def test_the_browsers_examples_are_those_of_this_code() -> None:
    """`python -m offhold.desk.tests.filter_examples` writes them anew; the browser's tests read the same file."""
    kept = msgspec.json.decode(FILE.read_bytes(), type=Examples)
    assert kept == examples()
    assert sum(bool(wanted.belong) for wanted in kept.filters) > FILTERS / 3


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"state": "merged"}', '{"tags": ["x"]}', '{"tags": [1]}', '{"tags": ["99999999999999999999"]}',
     '{"assignees": ["1 OR 1=1"]}', '{"networks": ["\'"]}', '{"reach_from": -1}', '{"other": 1}', '{"waiting": "yes"}'],
)  # fmt: skip
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        filter_in(text)


def test_a_filter_reads_as_it_was_written() -> None:
    for wanted in VIEWS.values():
        assert filter_in(msgspec.json.encode(wanted).decode()) == wanted
