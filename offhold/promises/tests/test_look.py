"""Looking at real cases: promises open, are kept, broken, moved and released, whatever way things happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from offhold.cases import acts, resting
from offhold.cases.merging import check_merge, do_merge, do_unmerge, find, lock_two
from offhold.cases.tests.stories import START, arrive, deleted, direct, public
from offhold.connectors.contract import Signal
from offhold.kernel.db.tx import transaction_over
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.people.actors import Actor
from offhold.promises import actions, policies, watch
from offhold.promises.actions import Word
from offhold.promises.given import Rhythm
from offhold.promises.look import look
from offhold.promises.policy import PromisePolicy, Rule, Target, Targets
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")


class Desk:
    def __init__(self) -> None:
        self.here = builders.workspace()
        self.channel = builders.channel(self.here, network="fake", account_id="us")
        self.mia = Actor(1, 11, self.here.id, "lead", "Mia", "MI", "mia@example.com")
        self.now = START

    def hears(self, *signals: Signal) -> None:
        arrive(self.here, self.channel, list(signals))

    def rows(self, query: str, *params: Any) -> list[Any]:
        with transaction_over([self.here.id]) as tx:
            return tx.rows(query, params)

    @property
    def cases(self) -> list[int]:
        return [row[0] for row in self.rows("SELECT id FROM cases ORDER BY id")]

    def looks(self, minutes: float | None = None) -> None:
        """As the watcher does, at a time in minutes after the beginning of the story."""
        self.now = self.now if minutes is None else START + timedelta(minutes=minutes)
        with transaction_over([self.here.id]) as tx:
            tx.at = self.now
            due = tx.rows("SELECT workspace_id, case_id FROM case_watch WHERE look_at <= %s", (tx.at,))
            look(tx, [(workspace, case) for workspace, case in due])

    def does(self, act: Callable[[Any], Any]) -> Any:
        with transaction_over([self.here.id]) as tx:
            tx.at = self.now
            return act(tx)

    def locked(self, tx: Any, case: int) -> acts.Locked:
        return acts.lock(tx, self.here.id, case)

    def owes(self, case: int | None = None) -> list[tuple[Any, ...]]:
        """(kind, state, how, started, due, late), times in minutes."""
        of = "" if case is None else f"AND case_id = {case}"
        found = self.rows(
            "SELECT kind, state, how, starts_at, due_at, late_at IS NOT NULL FROM promises"
            f" WHERE kind <> 'resolution' {of} ORDER BY starts_at, id"
        )
        return [(kind, state, how, minutes(start), minutes(due), late) for kind, state, how, start, due, late in found]

    def line(self, case: int) -> tuple[Any, ...]:
        row = self.rows("SELECT kind, due_at, late, paused, owed, look_at FROM case_watch WHERE case_id = %s", case)
        return tuple(row[0]) if row else ()

    def gives(self, case: int, word: Word) -> None:
        def give(tx: Any) -> None:
            held = self.locked(tx, case)
            actions.do_give(tx, self.mia, held, word, actions.check_give(tx, held, word), uuid4())

        self.does(give)

    def policy(self, policy: PromisePolicy, *, also_open: bool = False) -> None:
        def change(tx: Any) -> None:
            version = policies.load(tx, self.here.id).version
            policies.do_change_policy(tx, self.mia, version, policy, also_open=also_open)

        self.does(change)


def minutes(when: datetime) -> float:
    return round((when - START) / timedelta(minutes=1), 3)


@pytest.fixture
def desk(database: str) -> Desk:
    return Desk()


FIRST = ("first_reply", "open", None, 0.0, 60.0, False)


def test_a_case_is_owed_a_first_reply_and_an_end_and_is_watched(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(1)
    assert desk.owes() == [FIRST]
    assert desk.line(desk.cases[0]) == (
        "first_reply", START + timedelta(hours=1), False, False, 2, START + timedelta(hours=1),
    )  # fmt: skip


def test_a_look_changes_nothing_twice(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0), public("b", "us", "On its way.", 5, root="a", parent="a"))
    desk.looks(10)
    before = desk.rows("SELECT * FROM promises ORDER BY id"), desk.rows("SELECT seq FROM workspace_clock")
    desk.does(lambda tx: tx.run("UPDATE case_watch SET look_at = '-infinity'"))
    desk.looks(10)
    assert (desk.rows("SELECT * FROM promises ORDER BY id"), desk.rows("SELECT seq FROM workspace_clock")) == before


def test_an_answer_outside_the_desk_keeps_it(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(1)
    desk.hears(public("b", "us", "On its way.", 30, root="a", parent="a"))
    desk.looks(31)
    assert desk.owes() == [("first_reply", "kept", "answered", 0.0, 60.0, False)]


def test_platform_time_counts_and_not_ours(desk: Desk) -> None:
    """Heard two hours late, it is late at once; the answer that came in time is found to have come in time."""
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(120)
    assert desk.owes() == [("first_reply", "open", None, 0.0, 60.0, True)]
    assert desk.line(desk.cases[0])[:3] == ("first_reply", START + timedelta(hours=1), True)
    desk.hears(public("b", "us", "On its way.", 30, root="a", parent="a"))
    desk.looks(121)
    assert desk.owes() == [("first_reply", "kept", "answered", 0.0, 60.0, False)]


def test_a_machines_words_answer_nobody(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0), public("b", "us", "Thank you!", 1, root="a", parent="a"))
    desk.does(lambda tx: tx.run("UPDATE messages SET reason = 'automatic' WHERE network_id = 'b'"))
    desk.looks(2)
    assert desk.owes() == [FIRST]


def test_late_is_said_once_on_the_timeline(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    for when in (1, 61, 62, 61 + 24 * 60):
        desk.looks(when)
    said = desk.rows("SELECT params ->> 'kind' FROM case_events WHERE kind = 'promise.late'")
    assert said == [("first_reply",)]


def test_late_stays_late_when_the_clock_is_set_back(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(61)
    desk.does(lambda tx: tx.run("UPDATE case_watch SET look_at = '-infinity'"))
    desk.looks(1)
    assert desk.owes() == [("first_reply", "open", None, 0.0, 60.0, True)]


def test_words_that_came_late_begin_the_wait(desk: Desk) -> None:
    desk.hears(public("b", "ann", "Hello?", 10))
    desk.looks(11)
    assert desk.owes() == [("first_reply", "open", None, 10.0, 70.0, False)]
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(12)
    assert [one for one in desk.owes() if one[1] == "open"] == [FIRST]
    assert [one[1:3] for one in desk.owes() if one[3] == 10.0] == [("released", "overtaken")]


def test_words_taken_back_are_owed_nothing(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0), deleted("a", 3))
    desk.looks(5)
    assert [one for one in desk.owes() if one[1] == "open"] == []
    assert desk.line(desk.cases[0])[0] == "resolution"


def test_a_solved_case_is_watched_no_more_and_again_when_it_opens(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(1)
    case = desk.cases[0]
    desk.does(lambda tx: acts.do_resolve(tx, desk.locked(tx, case), "Mia"))
    desk.looks(2)
    assert desk.line(case) == ()
    assert desk.rows("SELECT kind, state, how FROM promises ORDER BY kind") == [
        ("first_reply", "released", "resolved"), ("resolution", "kept", "resolved"),
    ]  # fmt: skip
    desk.does(lambda tx: acts.do_reopen(tx, desk.locked(tx, case), "Mia"))
    desk.looks(3)
    assert desk.line(case)[0] == "resolution"


def test_resting_stops_the_clock_of_the_end(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(1)
    end = desk.rows("SELECT due_at FROM promises WHERE kind = 'resolution'")[0][0]
    case = desk.cases[0]
    desk.does(lambda tx: resting.do_snooze(tx, desk.locked(tx, case), None, "Mia"))
    desk.looks(2)
    assert desk.rows("SELECT due_at FROM promises WHERE kind = 'resolution'")[0][0] == end + timedelta(days=14)
    desk.now = START + timedelta(minutes=62)
    desk.does(lambda tx: resting.do_wake(tx, desk.locked(tx, case), "Mia"))
    desk.looks(62)
    assert desk.rows("SELECT due_at FROM promises WHERE kind = 'resolution'")[0][0] == end + timedelta(minutes=61)


def test_merged_and_parted_each_owes_what_it_owed(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0), public("b", "bob", "Ann's bag is lost", 10))
    desk.looks(11)
    ann, bob = desk.cases
    desk.gives(bob, Word("the courier", START + timedelta(hours=5), None, told=False))
    both = desk.owes()

    def merge(tx: Any) -> int:
        one, other = lock_two(tx, desk.here.id, bob, ann)
        check_merge(one, other)
        return do_merge(tx, one, other, by="Mia", by_id=11)

    merged = desk.does(merge)
    desk.looks(12)
    assert [one[:2] for one in desk.owes(ann) if one[1] == "open"] == [("first_reply", "open"), ("next_word", "open")]
    assert [one for one in desk.owes(bob) if one[1] == "open"] == []
    assert desk.line(bob) == ()
    desk.does(lambda tx: do_unmerge(tx, desk.here.id, find(tx, desk.here.id, merged, "case"), by="Mia"))
    desk.looks(13)
    assert sorted(one for one in desk.owes() if one[1] == "open") == sorted(both)
    assert [one[0] for one in desk.owes(bob) if one[1] == "open"] == ["first_reply", "next_word"]


def test_a_rule_holds_for_whom_it_names_and_never_backwards(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(1)
    private = Rule(name="Direct", audiences=("private",), targets=Targets(first_reply=Target(600)))
    desk.policy(PromisePolicy(rules=(private,), usual=Targets(Target(1800), Target(1800), Target(86_400))))
    desk.hears(direct("d", "dan", "Help", 2), public("c", "cem", "Help", 2))
    desk.looks(3)
    assert [(one[3], one[4]) for one in desk.owes()] == [(0.0, 60.0), (2.0, 12.0), (2.0, 32.0)]
    assert {
        row[0] for row in desk.rows("SELECT rule FROM promises WHERE kind = 'first_reply' AND audience = 'private'")
    } == {"Direct"}


def test_a_policy_reaches_what_is_owed_already_only_when_somebody_says_so(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(1)
    desk.policy(PromisePolicy(usual=Targets(Target(1800), None, Target(86_400))), also_open=True)
    desk.looks(2)
    assert desk.owes() == [("first_reply", "open", None, 0.0, 30.0, False)]


def test_a_word_that_was_promised_is_kept_by_the_next_word(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(1)
    desk.gives(desk.cases[0], Word("the courier", START + timedelta(minutes=180), None, told=True))
    desk.hears(public("b", "us", "We say more by three.", 5, root="a", parent="a"))
    desk.looks(6)
    assert ("next_word", "open", None, 1.0, 180.0, False) in desk.owes()
    desk.hears(public("c", "us", "It is in Rome.", 100, root="a", parent="a"))
    desk.looks(101)
    assert ("next_word", "kept", "answered", 1.0, 180.0, False) in desk.owes()


def test_a_word_every_day_until_it_is_solved(desk: Desk) -> None:
    """Fifteen days at ten in Madrid; the fourth is forgotten, the seventh comes late."""
    desk.hears(public("a", "ann", "My line is dead", 0))
    desk.looks(1)
    case = desk.cases[0]
    desk.gives(case, Word("", None, Rhythm("10:00", "Europe/Madrid"), told=False))
    ten = 21 * 60  # 2026-11-02 09:00 UTC, in minutes after the story's beginning
    for day in range(15):
        if day != 3:
            when = ten + day * 1440 + (45 if day == 6 else -20)
            desk.hears(public(f"w{day}", "us", "Still working on it.", when, root="a", parent="a"))
        desk.looks(ten + day * 1440 + 60)
    words = desk.rows("SELECT state, how FROM promises WHERE rhythm IS NOT NULL AND state <> 'open' ORDER BY due_at")
    kept = ("kept", "answered")
    assert words == [kept] * 3 + [("broken", "missed")] + [kept] * 2 + [("broken", "answered")] + [kept] * 8
    desk.does(lambda tx: acts.do_resolve(tx, desk.locked(tx, case), "Mia"))
    desk.looks()
    assert desk.rows("SELECT state, how FROM promises WHERE rhythm IS NOT NULL ORDER BY due_at DESC LIMIT 1") == [
        ("released", "resolved")
    ]


def test_a_promise_is_released_by_a_person_with_a_reason(desk: Desk) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    desk.looks(1)
    case = desk.cases[0]
    desk.gives(case, Word("the courier", START + timedelta(hours=5), None, told=False))
    (promise,) = desk.rows("SELECT id FROM promises WHERE subject IS NULL")[0]
    (owed,) = desk.rows("SELECT id FROM promises WHERE kind = 'first_reply'")[0]

    def release(tx: Any, which: int, of: int) -> None:
        held = desk.locked(tx, of)
        actions.check_release(tx, held, which)
        actions.do_release(tx, desk.mia, held, which, "She found it.")

    with pytest.raises(Conflict, match="by policy"):
        desk.does(lambda tx: release(tx, owed, case))
    desk.hears(public("z", "zoe", "And mine?", 3))
    zoes = desk.cases[1]
    with pytest.raises(NotFound):
        desk.does(lambda tx: release(tx, promise, zoes))
    desk.does(lambda tx: release(tx, promise, case))
    desk.looks(2)
    assert ("next_word", "released", "released", 1.0, 300.0, False) in desk.owes()
    with pytest.raises(Conflict, match="over already"):
        desk.does(lambda tx: release(tx, promise, case))


@pytest.mark.parametrize(
    ("word", "code"),
    [
        (Word("", START, None, told=False), "time_is_over"),
        (Word("", START + timedelta(days=500), None, told=False), "too_far"),
        (Word("", None, None, told=False), "bad_promise"),
        (Word("", None, Rhythm("10:00", "Mars/Base"), told=False), "unknown_zone"),
    ],
)
def test_what_cannot_be_promised_is_refused_with_the_reason(desk: Desk, word: Word, code: str) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    with pytest.raises(Invalid) as refused:
        desk.gives(desk.cases[0], word)
    assert refused.value.code == code


def test_a_case_somebody_holds_is_looked_at_later_and_nobody_waits(desk: Desk, database: str) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    with psycopg.connect(database) as other:
        other.execute("SELECT FROM cases WHERE id = %s FOR UPDATE", (desk.cases[0],))
        desk.looks(1)
        assert desk.owes() == []
    desk.looks(1)
    assert desk.owes() == [FIRST]


def test_one_that_cannot_be_looked_at_keeps_nobody_waiting(desk: Desk, clock_offset: Callable[[float], None]) -> None:
    clock_offset((START - datetime.now(START.tzinfo)).total_seconds() + 60)
    bad = Desk()
    bad.hears(public("a", "ann", "Where is my bag?", 0))
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    bad.does(lambda tx: tx.run("INSERT INTO promise_policies VALUES (%s, 1, '{\"odd\": 1}')", (bad.here.id,)))
    while watch.look_at_due():
        pass
    assert (desk.owes(), bad.owes()) == ([FIRST], [])
    assert bad.line(bad.cases[0])[-1] > START + timedelta(minutes=1)
    bad.does(lambda tx: tx.run("UPDATE promise_policies SET policy = '{}'"))
    bad.looks(10)
    assert bad.owes() == [FIRST]


def test_a_case_that_nobody_watches_is_noticed(desk: Desk, owner_sql: Any, caplog: pytest.LogCaptureFixture) -> None:
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    before = watch.check_watched()
    owner_sql("DELETE FROM case_watch WHERE case_id = %s", (desk.cases[0],))
    found = watch.check_watched()
    owner_sql("INSERT INTO case_watch (workspace_id, case_id) VALUES (%s, %s)", (desk.here.id, desk.cases[0]))
    assert (found, watch.check_watched()) == (before + 1, before)
    assert "watched by nobody" in caplog.text


def test_the_watcher_finds_what_is_due_and_leaves_a_sign_of_life(
    desk: Desk, clock_offset: Callable[[float], None]
) -> None:
    clock_offset((START - datetime.now(START.tzinfo)).total_seconds() + 60)
    desk.hears(public("a", "ann", "Where is my bag?", 0))
    while watch.look_at_due():
        pass
    assert desk.owes() == [FIRST]
    ((silent,),) = desk.rows("SELECT extract(epoch FROM now() - looked_at) FROM promise_watcher")
    assert silent < watch.SILENT_SECONDS
    assert desk.rows("SELECT unwatched_cases()") == [(0,)]
