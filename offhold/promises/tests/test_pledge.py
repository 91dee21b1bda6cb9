"""Whoever asks for a human reaches one: no way leads from asking to an end but the ones there are."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
import pytest

from offhold.app.pipeline import thread_and_store
from offhold.cases import acts
from offhold.cases.merging import do_merge, do_unmerge, find, lock_two
from offhold.cases.tests.stories import at, direct, edited, incoming, public
from offhold.connectors.contract import Signal
from offhold.kernel.db.tx import transaction_over
from offhold.kernel.errors import Conflict, Invalid, OffholdError
from offhold.people.actors import Actor
from offhold.promises.look import look
from offhold.promises.pledge import deciding, hearing, reaching, record, rows
from offhold.promises.pledge.ledger import verified
from offhold.promises.pledge.reaching import Spoke
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")


class Desk:
    def __init__(self) -> None:
        self.here = builders.workspace()
        self.channel = builders.channel(self.here, network="fake", account_id="us")
        self.mia = Actor(1, 11, self.here.id, "agent", "Mia", "MI", "mia@example.com")
        self.ben = Actor(2, 12, self.here.id, "agent", "Ben", "BE", "ben@example.com")

    def hears(self, *signals: Signal) -> None:
        with transaction_over([self.here.id]) as tx:
            thread_and_store(tx, incoming(self.here, self.channel, signals))

    def does(self, act: Callable[[Any], Any], minute: float = 5) -> Any:
        with transaction_over([self.here.id]) as tx:
            tx.at = at(minute)
            return act(tx)

    def one(self, query: str) -> Any:
        return self.does(lambda tx: tx.rows(query))[0][0]

    @property
    def cases(self) -> list[int]:
        return [row[0] for row in self.does(lambda tx: tx.rows("SELECT id FROM cases ORDER BY opened_at, id"))]

    @property
    def states(self) -> list[str]:
        return [row[0] for row in self.does(lambda tx: tx.rows("SELECT state FROM pledges ORDER BY asked_at, id"))]

    @property
    def record(self) -> list[str]:
        """The kinds of the entries, from a record that holds."""
        whole = self.does(lambda tx: record.export(tx, self.here.id))
        assert verified(whole) == []
        return [msgspec.json.decode(line.entry)["kind"] for line in whole.entries]

    @property
    def pledge(self) -> int:
        return int(self.one("SELECT id FROM pledges ORDER BY id DESC LIMIT 1"))

    def message(self, name: str) -> int:
        return int(self.one(f"SELECT id FROM messages WHERE network_id = '{name}'"))

    def speaks(self, minute: float, by: Actor | None = None, *, substance: bool = True) -> None:
        who, case = by or self.mia, self.cases[0]
        spoke = Spoke(at(minute), substance, who.membership_id, who.duty_name)
        self.does(lambda tx: reaching.do_reach(tx, self.here.id, case, spoke), minute)

    def closes(self, case: int) -> None:
        self.does(lambda tx: acts.do_resolve(tx, acts.lock(tx, self.here.id, case), "Mia"))

    def decides(self, act: Callable[[Any, Actor, rows.Row], None], by: Actor | None = None) -> None:
        pledge = self.pledge
        self.does(lambda tx: act(tx, by or self.mia, rows.held(tx, self.here.id, pledge)))

    def looks(self, minute: float) -> None:
        def all_due(tx: Any) -> None:
            tx.at = at(minute)
            look(tx, tx.rows("SELECT workspace_id, case_id FROM case_watch WHERE look_at <= %s", (tx.at,)))

        self.does(all_due, minute)


@pytest.fixture
def desk(database: str) -> Desk:
    return Desk()


def test_words_open_a_pledge_in_the_same_transaction_and_its_clock_runs(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Can I speak to a real person please?", 0))
    assert (desk.states, desk.record) == (["asked"], ["asked"])
    desk.looks(1)
    kinds = desk.does(lambda tx: tx.rows("SELECT kind, due_at FROM promises WHERE kind = 'pledge'"))
    assert kinds == [("pledge", at(3))]
    assert desk.one("SELECT code FROM pledges") is not None


def test_a_wish_that_only_sounds_like_one_binds_machines_and_nobody_else(desk: Desk) -> None:
    desk.hears(direct("a", "ann", "is anyone there??", 0))
    assert (desk.states, desk.record) == (["likely"], ["likely"])
    desk.looks(1)
    assert desk.one("SELECT count(*) FROM promises WHERE kind = 'pledge'") == 0
    case = desk.cases[0]
    assert desk.does(lambda tx: rows.binds(tx, desk.here.id, case))
    desk.closes(case)


def test_said_plainly_then_it_binds_us(desk: Desk) -> None:
    desk.hears(direct("a", "ann", "is anyone there??", 0))
    desk.hears(direct("b", "ann", "I want to talk to a human", 4))
    assert (desk.states, desk.record) == (["asked"], ["likely", "asked"])
    assert desk.one("SELECT asked_at FROM pledges") == at(4)


def test_a_person_says_whether_it_is_one(desk: Desk) -> None:
    desk.hears(direct("a", "ann", "is anyone there??", 0))
    desk.decides(deciding.do_dismiss)
    assert desk.states == ["unlikely"]
    desk.hears(direct("b", "bob", "is anyone there??", 1))
    desk.decides(deciding.do_confirm)
    assert desk.states == ["unlikely", "asked"]
    assert desk.record == ["likely", "unlikely", "likely", "asked"]


def test_one_open_pledge_for_a_customer_however_often_they_say_it(desk: Desk) -> None:
    desk.hears(public("a", "ann", "HUMAN", 0), public("b", "ann", "let me talk to a person", 1))
    desk.hears(public("a", "ann", "HUMAN", 0))
    assert (desk.states, desk.record) == (["asked"], ["asked"])


def test_an_edit_may_ask_too(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.hears(edited("a", "Where is my bag? I want to speak to a human.", 2))
    assert desk.states == ["asked"]


def test_only_words_of_substance_by_a_person_reach(desk: Desk) -> None:
    desk.hears(public("a", "ann", "I want to talk to a human", 0))
    desk.speaks(1, substance=False)
    assert desk.states == ["asked"]
    desk.speaks(-1)
    assert desk.states == ["asked"], "said before they asked"
    desk.speaks(2)
    assert (desk.states, desk.record) == (["reached"], ["asked", "reached"])
    desk.looks(3)
    found = desk.does(lambda tx: tx.rows("SELECT state, how, wall_s FROM promises WHERE kind = 'pledge'"))
    assert found == [("kept", "answered", 120)]


def test_somebody_outside_the_desk_reaches_them_too(desk: Desk) -> None:
    desk.hears(public("a", "ann", "I want to talk to a human", 0))
    desk.hears(public("b", "us", "Ann, your bag is in Lisbon and flies to you tonight.", 2, root="a", parent="a"))
    assert desk.states == ["reached"]
    assert '"by":"outside"' in desk.one("SELECT entry FROM pledge_ledger ORDER BY n DESC LIMIT 1")


def test_late_it_is_broken_and_still_owed(desk: Desk) -> None:
    desk.hears(public("a", "ann", "I want to talk to a human", 0))
    desk.looks(4)
    assert desk.one("SELECT kind FROM case_watch") == "pledge"
    assert desk.one("SELECT late FROM case_watch") is True
    desk.speaks(9)
    desk.looks(10)
    assert desk.one("SELECT state FROM promises WHERE kind = 'pledge'") == "broken"


@pytest.mark.parametrize(("by", "stay"), [("mia", "stayed"), ("ben", "left"), ("named", "stayed")])
def test_reached_is_not_yet_stayed(desk: Desk, by: str, stay: str, owner_sql: Any) -> None:
    desk.hears(public("a", "ann", "I want to talk to a human", 0))
    desk.speaks(2)
    desk.speaks(3, desk.ben)
    assert desk.one("SELECT stay FROM pledges") is None, "the customer has not written since"
    desk.hears(public("b", "ann", "Thank you. And when does it come?", 5, root="a", parent="a"))
    if by == "named":
        owner_sql("UPDATE cases SET assignee_id = 12 WHERE id = %s", (desk.cases[0],))
    desk.speaks(7, desk.mia if by == "mia" else desk.ben)
    assert desk.one("SELECT stay FROM pledges") == stay
    assert desk.record == ["asked", "reached", stay]


def test_a_case_in_which_somebody_waits_is_closed_by_nobody(desk: Desk) -> None:
    desk.hears(public("a", "ann", "I want to talk to a human", 0))
    case = desk.cases[0]
    with pytest.raises(Conflict, match="not reached one"):
        desk.does(lambda tx: rows.check_may_close(tx, desk.here.id, case))
    with pytest.raises(psycopg.Error, match="waits for a human"):
        desk.closes(case)
    desk.speaks(2)
    desk.closes(case)


def test_only_their_own_later_words_take_it_back(desk: Desk) -> None:
    desk.hears(public("z", "ann", "Where is my bag?", -3))
    desk.hears(public("a", "ann", "I want to talk to a human", 0, root="z", parent="z"))
    desk.hears(public("c", "ann", "never mind, found it", 3, root="z", parent="z"), direct("d", "bob", "never mind", 3))

    def by_message(name: str) -> None:
        said = desk.message(name)

        def withdraw(tx: Any, by: Actor, pledge: rows.Row) -> None:
            deciding.do_withdraw(tx, by, pledge, deciding.check_withdraw(tx, pledge, said))

        desk.decides(withdraw)

    for wrong in ("z", "d"):
        with pytest.raises(Invalid):
            by_message(wrong)
    by_message("c")
    assert desk.record == ["asked", "withdrawn"]


def test_a_release_is_looked_at_by_somebody_else(desk: Desk) -> None:
    desk.hears(public("a", "ann", "I want to talk to a human", 0))
    desk.decides(lambda tx, by, pledge: deciding.do_release(tx, by, pledge, "not_a_request", "It is a song."))
    with pytest.raises(Conflict, match="Somebody else"):
        desk.decides(lambda tx, by, pledge: deciding.check_look(tx, by, pledge, agrees=True))
    desk.decides(lambda tx, by, pledge: deciding.do_look(tx, by, pledge, agrees=False), desk.ben)
    assert desk.states == ["asked"]
    desk.decides(lambda tx, by, pledge: deciding.do_release(tx, by, pledge, "duplicate", "Served by phone."))
    desk.decides(lambda tx, by, pledge: deciding.do_look(tx, by, pledge, agrees=True), desk.ben)
    assert desk.record == ["asked", "released", "reopened", "released", "looked"]
    desk.looks(6)
    assert desk.one("SELECT state FROM promises WHERE kind = 'pledge'") == "released"


def test_it_goes_along_with_its_case_and_back(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0), public("b", "bob", "I want to talk to a human", 1))
    ann, bob = desk.cases
    merged = desk.does(lambda tx: do_merge(tx, *lock_two(tx, desk.here.id, bob, ann), by="Mia", by_id=11))
    with pytest.raises(Conflict):
        desk.does(lambda tx: rows.check_may_close(tx, desk.here.id, ann))
    desk.does(lambda tx: do_unmerge(tx, desk.here.id, find(tx, desk.here.id, merged, "case"), by="Mia"))
    desk.does(lambda tx: rows.check_may_close(tx, desk.here.id, ann))
    with pytest.raises(Conflict):
        desk.does(lambda tx: rows.check_may_close(tx, desk.here.id, bob))


def test_nobody_changes_the_record_afterwards(desk: Desk, owner_sql: Any) -> None:
    desk.hears(public("a", "ann", "I want to talk to a human", 0))
    for change in ("UPDATE pledge_ledger SET entry = '{}'", "DELETE FROM pledge_ledger"):
        with pytest.raises(psycopg.Error), transaction_over([desk.here.id]) as tx:
            tx.run(change)
        with pytest.raises(psycopg.Error, match="stays as it is"):
            owner_sql(change)


def test_cut_off_anywhere_there_is_a_pledge_with_its_entry_or_neither(desk: Desk) -> None:
    """The transaction is broken off after each of its statements in turn."""
    for cut in range(1, 60):
        count = 0

        class Cut(Exception):
            pass

        def counting(tx: Any, cut: int = cut) -> None:
            nonlocal count
            run = tx.run

            def limited(*args: Any) -> Any:
                nonlocal count
                count += 1
                if count == cut:
                    raise Cut
                return run(*args)

            tx.run = limited
            said = [public(f"a{cut}", "ann", "I want to talk to a human", 0)]
            thread_and_store(tx, incoming(desk.here, desk.channel, said))

        try:
            desk.does(counting)
        except Cut:
            assert (desk.states, desk.record) == ([], [])
            continue
        assert (desk.states, desk.record) == (["asked"], ["asked"])
        return
    pytest.fail("it never came to an end")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_people_and_customers_do_only_the_named_ways_end_a_wait(  # noqa: C901 - one story
    desk: Desk, seed: int
) -> None:
    """Random acts in a random order; after each, every pledge that ended has the entry that says how."""
    print(f"seed {seed}")
    chance = random.Random(seed)
    desk.hears(public("a", "ann", "I want to talk to a human", 0))

    def release(tx: Any, by: Actor, pledge: rows.Row) -> None:
        rows.check_state(pledge, "asked")
        deciding.do_release(tx, by, pledge, "duplicate", "Served by phone.")

    def look_at_it(tx: Any, by: Actor, pledge: rows.Row) -> None:
        agrees = chance.random() < 0.5
        deciding.check_look(tx, by, pledge, agrees=agrees)
        deciding.do_look(tx, by, pledge, agrees=agrees)

    def decide(tx: Any, by: Actor, pledge: rows.Row) -> None:
        rows.check_state(pledge, "likely")
        chance.choice([deciding.do_confirm, deciding.do_dismiss])(tx, by, pledge)

    def ask(tx: Any) -> None:
        hearing.check_open(tx, desk.mia, acts.lock(tx, desk.here.id, last))
        hearing.do_open_by_person(tx, desk.mia, last)

    done = 0
    for minute in range(1, 40):
        last = desk.cases[-1]
        act = chance.choice(["hears", "hears", "speaks", "decides", "releases", "looks", "closes", "asks"])
        try:
            match act:
                case "hears":
                    desk.hears(public(f"m{minute}", "ann", chance.choice(["Hello?", "HUMAN", "thanks"]), minute))
                case "speaks":
                    desk.speaks(minute, chance.choice([desk.mia, desk.ben]), substance=chance.random() < 0.5)
                case "decides":
                    desk.decides(decide)
                case "releases":
                    desk.decides(release)
                case "looks":
                    desk.decides(look_at_it, desk.ben)
                case "closes":
                    desk.closes(last)
                case "asks":
                    desk.does(ask)
        except (OffholdError, psycopg.Error):
            continue
        done += 1
        _holds(desk)
    assert done > 8


def _holds(desk: Desk) -> None:
    assert desk.record
    last = desk.does(
        lambda tx: tx.rows(
            "SELECT p.state, coalesce(p.stay, ''), (SELECT l.entry::jsonb ->> 'kind' FROM pledge_ledger l"
            " WHERE l.workspace_id = p.workspace_id AND l.pledge_id = p.id ORDER BY n DESC LIMIT 1) FROM pledges p"
        )
    )
    for state, stay, kind in last:
        same = {"asked": ("asked", "reopened"), "released": ("released", "looked")}.get(state, (state,))
        assert kind in ((stay,) if stay else same), (state, stay, kind)
    waiting = desk.does(
        lambda tx: tx.rows("SELECT c.state FROM pledges p JOIN cases c ON c.id = p.case_id WHERE p.state = 'asked'")
    )
    assert all(state != "resolved" for (state,) in waiting)
