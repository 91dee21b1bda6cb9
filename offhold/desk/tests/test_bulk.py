"""Acts on many cases, and the views people keep of lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from offhold.cases import acts, resting, tagging
from offhold.cases.merging import do_merge, lock_two
from offhold.cases.tests.stories import public
from offhold.desk import bulk, saved_views
from offhold.desk.filters import Filter
from offhold.desk.saved_views import Wanted
from offhold.desk.tests.company import Company
from offhold.kernel import ids
from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import Forbidden, NotFound


class Desk(Company):
    """Five cases of five customers."""

    def __init__(self) -> None:
        super().__init__()
        self.hear(*[public(f"m{n}", f"c{n}", "Where is it?", n) for n in range(5)])
        self.five = self.cases()

    def does(self, act: bulk.Act, cases: list[int] | None = None) -> bulk.Outcome:
        with transaction(self.workspace.id) as tx:
            return bulk.do(tx, self.bob, cases or self.five, act)

    def undoes(self, outcome: bulk.Outcome) -> bulk.Outcome:
        with transaction(self.workspace.id) as tx:
            return bulk.undo(tx, self.bob, outcome.steps)

    def standing(self) -> list[Any]:
        """What acts change, of all of them."""
        return self.rows(
            "SELECT id, state, assignee_id, queue_id, coalesce(tags, '{}'), snoozed_at IS NOT NULL, snoozed_until"
            " FROM cases ORDER BY id"
        )

    def tag(self, name: str) -> int:
        with transaction(self.workspace.id) as tx:
            return int(tagging.do_add_tag(tx, self.workspace.id, name, "dot", "soft").id)


@pytest.fixture
def desk(database: str) -> Desk:
    return Desk()


def every_act(desk: Desk) -> dict[str, bulk.Act]:
    queue = ids.new()
    with transaction(desk.workspace.id) as tx:
        tx.run("INSERT INTO queues (workspace_id, id, name) VALUES (%s, %s, 'Second')", (desk.workspace.id, queue))
        soon = tx.at + timedelta(hours=1)
    return {
        "assign": bulk.Assign(desk.alice.membership_id), "move": bulk.Move(queue), "snooze": bulk.Snooze(soon),
        "rest": bulk.Snooze(None), "resolve": bulk.Resolve(), "tag": bulk.Tags(add=(desk.tag("Bag"),)),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["assign", "move", "snooze", "rest", "resolve", "tag"])
def test_what_is_undone_is_as_it_was(desk: Desk, name: str) -> None:
    act, mine = every_act(desk)[name], desk.tag("Mine")
    with transaction(desk.workspace.id) as tx:  # not all alike
        acts.do_assign(tx, acts.lock(tx, desk.workspace.id, desk.five[0]), desk.bob.membership_id, "Bob")
        tagging.do_set_tags(tx, acts.lock(tx, desk.workspace.id, desk.five[1]), {mine}, "Bob")
    before = desk.standing()
    with transaction(desk.workspace.id) as tx:
        seen = bulk.preview(tx, desk.bob, desk.five, act)
    assert desk.standing() == before
    done = desk.does(act)
    assert done.changed == seen.changed == desk.five
    assert desk.standing() != before
    assert desk.does(act).unchanged == 5
    assert desk.undoes(done).changed == desk.five
    assert desk.standing() == before


def test_one_that_cannot_take_part_stops_no_other(desk: Desk) -> None:
    with transaction(desk.workspace.id) as tx:
        acts.do_resolve(tx, acts.lock(tx, desk.workspace.id, desk.five[1]), "Bob")
        merged, into = lock_two(tx, desk.workspace.id, desk.five[2], desk.five[3])
        do_merge(tx, merged, into, by="Bob", by_id=None)
    done = desk.does(bulk.Snooze(None), [*desk.five, 77])
    assert done.changed == [desk.five[0], desk.five[3], desk.five[4]]
    assert {each.case_id: each.code for each in done.refused} == {
        desk.five[1]: "not_open", desk.five[2]: "case_merged", 77: "not_found"
    }  # fmt: skip


def test_undoing_leaves_what_somebody_did_since(desk: Desk) -> None:
    done = desk.does(bulk.Assign(desk.alice.membership_id))
    with transaction(desk.workspace.id) as tx:
        acts.do_assign(tx, acts.lock(tx, desk.workspace.id, desk.five[0]), desk.bob.membership_id, "Bob")
    desk.hear(public("more", "c1", "Hello?", 60))  # news of the customer are no reason not to
    undone = desk.undoes(done)
    assert undone.changed == desk.five[1:]
    assert [(each.case_id, each.code) for each in undone.refused] == [(desk.five[0], "changed_since")]


def test_two_cases_of_one_customer_are_not_both_opened(desk: Desk) -> None:
    desk.does(bulk.Resolve(), desk.five[:1])
    with transaction(desk.workspace.id) as tx:
        tx.run("UPDATE cases SET resolved_at = resolved_at - interval '1 year' WHERE id = %s", (desk.five[0],))
        tx.run("UPDATE cases SET opened_at = opened_at - interval '1 year' WHERE id = %s", (desk.five[0],))
    desk.hear(public("later", "c0", "Another matter", 60))
    both = [case for case in desk.cases() if case not in desk.five[1:]]
    assert len(both) == 2
    desk.does(bulk.Resolve(), both)
    outcome = desk.does(bulk.Reopen(), both)
    assert len(outcome.changed) == 1
    assert [each.code for each in outcome.refused] == ["another_case_open"]


def test_a_strangers_tag_or_queue_is_refused(desk: Desk) -> None:
    other = Desk()
    for act in (bulk.Tags(add=(other.tag("Bag"),)), bulk.Move(other.workspace.queue_id)):
        outcome = desk.does(act)
        assert outcome.changed == []
        assert {each.code for each in outcome.refused} == {"not_found"}


# --- views that people keep


def kept(name: str, scope: Any = "mine", **more: Any) -> Wanted:
    return Wanted(name=name, scope=scope, queue_id=None, filter=Filter(**more), sort="newest")


def test_a_view_counts_what_it_shows_and_is_its_owners(desk: Desk) -> None:
    with transaction(desk.workspace.id) as tx:
        resting.do_snooze(tx, acts.lock(tx, desk.workspace.id, desk.five[0]), None, "Bob")
        saved_views.do_add_view(tx, desk.bob, kept("Awake", state="awake"))
        saved_views.do_add_view(tx, desk.alice, kept("All", "everyone"))
    with transaction(desk.workspace.id) as tx:
        bobs = {view.name: (view.count, view.may_change) for view in saved_views.views(tx, desk.bob)}
        alices = {view.name: (view.count, view.may_change) for view in saved_views.views(tx, desk.alice)}
    assert bobs == {"Awake": (4, True), "All": (5, False)}
    assert alices == {"All": (5, True)}


def test_a_long_view_says_more_than_it_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "COUNTED", 3)
    with transaction(desk.workspace.id) as tx:
        saved_views.do_add_view(tx, desk.bob, kept("Open"))
        (view,) = saved_views.views(tx, desk.bob)
    assert (view.count, view.more) == (3, True)


def test_shared_views_are_made_by_those_who_lead_and_own_ones_are_not_anothers(desk: Desk) -> None:
    with transaction(desk.workspace.id) as tx:
        with pytest.raises(Forbidden):
            saved_views.check_view(tx, desk.bob, kept("All", "everyone"))
        with pytest.raises(NotFound):
            saved_views.check_view(tx, desk.bob, kept("Theirs", tags=("77",)))
        view = saved_views.do_add_view(tx, desk.bob, kept("Mine"))
        with pytest.raises(NotFound):
            saved_views.check_own_view(tx, desk.alice, view)
