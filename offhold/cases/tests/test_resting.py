"""A case put to rest comes back by itself: never later than its time, and at once when its customer writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from offhold.app.waking import wake_due
from offhold.cases import acts, resting, tagging
from offhold.cases.merging import check_merge, do_merge, lock_two
from offhold.cases.tests.stories import arrive, direct, edited, public
from offhold.connectors.contract import Signal
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction_over
from offhold.kernel.errors import Conflict, Invalid, NotFound
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")


class Desk:
    def __init__(self) -> None:
        self.here = builders.workspace()
        self.channel = builders.channel(self.here, network="fake", account_id="us")
        self.hears(public("a", "ann", "Where is my bag?", 0))
        self.case = int(self.rows("SELECT id FROM cases")[0][0])

    def hears(self, *signals: Signal) -> None:
        arrive(self.here, self.channel, list(signals))

    def rows(self, query: str) -> list[Any]:
        with transaction_over([self.here.id]) as tx:
            return tx.rows(query)

    @property
    def rests(self) -> bool:
        return bool(self.rows(f"SELECT snoozed_at IS NOT NULL FROM cases WHERE id = {self.case}")[0][0])

    @property
    def counted(self) -> tuple[int, ...]:
        """open, to answer, unassigned, snoozed: as counted by the trigger."""
        return tuple(self.rows("SELECT open, to_answer, unassigned, snoozed FROM queue_counters")[0])

    @property
    def last(self) -> tuple[str, Any]:
        return tuple(self.rows("SELECT kind, params FROM case_events ORDER BY id DESC LIMIT 1")[0])

    def snooze(self, hours: float | None = None) -> None:
        with transaction_over([self.here.id]) as tx:
            case = acts.lock(tx, self.here.id, self.case)
            until = None if hours is None else tx.at + timedelta(hours=hours)
            resting.check_snooze(tx, case, until)
            resting.do_snooze(tx, case, until, "Mia")


@pytest.fixture
def desk(database: str) -> Desk:
    return Desk()


def test_what_rests_is_in_nobodys_way_and_still_open(desk: Desk) -> None:
    assert desk.counted == (1, 1, 1, 0)
    desk.snooze(1)
    assert desk.counted == (1, 0, 0, 1)
    assert desk.last[0] == "case.snoozed"


@pytest.mark.parametrize(
    "said",
    [
        public("b", "ann", "Is anybody there?", 5),
        direct("c", "ann", "Is anybody there?", 5),
        public("d", "ann", "I wrote this before, it comes late", -60),
        edited("a", "Where is my other bag?", 5),
    ],
    ids=["public", "direct", "late", "edited"],
)
def test_owed_words_wake_it(desk: Desk, said: Signal) -> None:
    desk.snooze()
    desk.hears(said)
    assert not desk.rests
    assert desk.counted == (1, 1, 1, 0)
    assert desk.last == ("case.woken", '{"why": "customer_wrote"}')


def test_others_words_and_ours_do_not(desk: Desk) -> None:
    desk.snooze()
    desk.hears(public("b", "us", "We are looking.", 5, root="a", parent="a"), public("c", "bob", "And mine?", 6))
    assert desk.rests


def test_its_time_wakes_it(desk: Desk, clock_offset: Callable[[float], None]) -> None:
    desk.snooze(1)
    clock_offset(3601)
    assert wake_due() > 0
    assert not desk.rests
    assert desk.last == ("case.woken", '{"why": "time"}')


def test_a_time_that_is_over_and_a_case_that_is_solved_are_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match="over"):
        desk.snooze(-1)
    with transaction_over([desk.here.id]) as tx:
        acts.do_resolve(tx, acts.lock(tx, desk.here.id, desk.case), "Mia")
    with pytest.raises(Conflict, match="open"):
        desk.snooze(1)


def test_solving_ends_the_rest(desk: Desk) -> None:
    desk.snooze(1)
    with transaction_over([desk.here.id]) as tx:
        acts.do_resolve(tx, acts.lock(tx, desk.here.id, desk.case), "Mia")
    assert desk.counted == (0, 0, 0, 0)


@pytest.mark.parametrize("into_rests", [True, False])
def test_a_merge_leaves_nothing_hidden(desk: Desk, into_rests: bool) -> None:
    """What was to be answered is to be answered afterwards, whichever of the two rested."""
    if into_rests:
        desk.snooze()
    first = desk.case
    desk.hears(public("b", "bob", "Where is mine?", 5))
    other = int(desk.rows(f"SELECT id FROM cases WHERE id <> {first}")[0][0])
    with transaction_over([desk.here.id]) as tx:
        case, into = lock_two(tx, desk.here.id, other, first)
        check_merge(case, into)
        do_merge(tx, case, into, by="Mia", by_id=None)
    assert desk.counted == (1, 1, 1, 0)


def test_tags_are_said_twice_alike(desk: Desk) -> None:
    with transaction_over([desk.here.id]) as tx:
        bag, refund = (tagging.do_add_tag(tx, desk.here.id, name, "dot", "soft") for name in ("Bag", "Refund"))
    for wanted in ({bag.id, refund.id}, {bag.id}, set[str]()):
        with transaction_over([desk.here.id]) as tx:
            case, chosen = acts.lock(tx, desk.here.id, desk.case), {int(tag) for tag in wanted}
            tagging.check_tags(tx, case, chosen)
            tagging.do_set_tags(tx, case, chosen, "Mia")
        assert desk.rows("SELECT coalesce(tags, '{}') FROM cases")[0][0] == sorted(chosen)
        assert [tag for (tag,) in desk.rows("SELECT tag_id FROM case_tags ORDER BY tag_id")] == sorted(chosen)
    assert desk.last[1] == '{"by": "Mia", "added": "", "removed": "Bag"}'


def test_an_archived_tag_stays_and_goes_on_no_other(desk: Desk) -> None:
    with transaction_over([desk.here.id]) as tx:
        bag = int(tagging.do_add_tag(tx, desk.here.id, "Bag", "dot", "soft").id)
        case = acts.lock(tx, desk.here.id, desk.case)
        tagging.do_set_tags(tx, case, {bag}, "Mia")
        tagging.do_archive_tag(tx, desk.here.id, bag)
        tagging.check_tags(tx, case, {bag})
        tagging.do_set_tags(tx, case, set(), "Mia")
        with pytest.raises(NotFound):
            tagging.check_tags(tx, case, {bag})
        tagging.check_tag(tx, "bag")  # its name is free again


def test_the_time_is_the_businesss(desk: Desk) -> None:
    desk.snooze(1)
    until = desk.rows("SELECT snoozed_until FROM cases")[0][0]
    assert timedelta(minutes=59) < until - clock.now() <= timedelta(hours=1)
