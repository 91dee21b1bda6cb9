"""Random histories of the outbox, with kills between any two steps, against a network that keeps the truth.

People ask, agree, change, send back, take back and let go; customers write and delete; colleagues answer elsewhere;
cases are resolved; publishing is stopped and lifted, a channel paused and frozen, a backup put back, a post repaired;
echoes come early, late or never. Meanwhile senders do what they do one transaction or one word with the network at a
time (`processes`), and die, or stall and come back as zombies, between any two of them. Whatever the history: nothing
is out twice, nothing private in public, nothing that somebody did not agree to, nothing that was taken back; whatever
moves is looked at again; and in the end every reply is settled or before a person.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from offhold.cases import acts
from offhold.channels.actions import do_freeze, do_set_paused, do_set_sending
from offhold.connectors import registry
from offhold.connectors.fake.network import Failure
from offhold.kernel import clock, ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import OffholdError
from offhold.people.actors import Actor
from offhold.people.models import Membership, User
from offhold.publishing import approvals, repairs, restored, stops, unsent
from offhold.publishing.approvals import Change
from offhold.publishing.asked import Before
from offhold.publishing.graph import State
from offhold.publishing.policy import Holds, PublishingPolicy
from offhold.publishing.stops import By, StopAsk
from offhold.publishing.tests.world import Move, World
from tests.faults.processes import Process
from tests.support import builders

FAILURES: list[Failure] = [
    "unreachable", "refuse", "rate_limit", "fail_before", "fail_after", "lose_answer", "garble", "misstate_audience"
]  # fmt: skip
PUBLIC, PRIVATE = "For everyone", "For one person"
TABLES = ("public_replies", "direct_replies")
MOVING = ["approval", "held", "intent", "sending", "unknown", "reconciling"]
WAITING = ["approval", "held", "review"]
_PICK = st.integers(0, 719)  # which of the things that could happen next; what they are depends on the clock
_WHO = st.sampled_from(["Mia", "Bob", "Carol"])

_STANDING = """
SELECT id, text, text_sha256, state, next_at, attempts, author_id, alone, asks <> '[]'::jsonb, approved_by,
  approved_sha256, error_code, evidence::text FROM {table} WHERE workspace_id = %s
"""


class Histories(RuleBasedStateMachine):
    """`move` moves business time."""

    def __init__(self, move: Move) -> None:
        super().__init__()
        self._move = move
        self._ahead = clock.offset()
        self._loop = asyncio.new_event_loop()
        self._said = 0
        self._taken_back: set[int] = set()  # before anything was opened

    @initialize(dedupes=st.booleans(), holds=st.booleans())
    def a_company(self, dedupes: bool, holds: bool) -> None:
        self.world = World(dedupes=dedupes)
        builders.policy(self.world.company, PublishingPolicy(holds=Holds(20, 5) if holds else Holds(0, 0)))
        self._lent = registry.networks.lend(self.world.connector)
        self._lent.__enter__()
        self.cases = [self.world.asked_in_public(by="dora"), self.world.asked_in_private(by="erik")]
        self.people = {name: self._member(name, role) for name, role in
                       (("Mia", "agent"), ("Bob", "agent"), ("Carol", "lead"))}  # fmt: skip
        self.process = Process(self.world, self._loop)
        self.zombies: list[Process] = []

    def _member(self, name: str, role: str) -> Actor:
        """Somebody of the team, who never signs in."""
        company, initials = self.world.company.id, name[:2].upper()
        user = User(email=f"{name.lower()}-{ids.new()}@example.com", password="!")
        with self.world.tx():
            user.save()
            member = Membership(id=ids.new(), workspace_id=company, role=role, duty_name=name, initials=initials)
            member.user_id = user.pk
            member.save(force_insert=True)
        return Actor(user.pk, member.id, company, role, name, initials, user.email)

    # --- people ---------------------------------------------------------------------------------------------------

    @rule(case=st.integers(0, 1), in_public=st.booleans(), who=_WHO, second=st.booleans(), later=st.booleans())
    def somebody_answers(self, case: int, in_public: bool, who: str, second: bool = False, later: bool = False) -> None:
        self._said += 1
        go: dict[str, Any] = {"go_at": clock.now() + timedelta(seconds=90), "time_zone": "UTC"} if later else {}
        try:
            if in_public and case == 0:
                how = Before(written_as="public", second_person=second, **go)
                ask = self.world.public_ask(self.cases[0], f"{PUBLIC}, {self._said}.", before=how)
                self.world.mean_publicly(ask, by=self.people[who])
            else:
                how = Before(written_as="private", second_person=second, **go)
                asked = self.world.direct_ask(self.cases[case], f"{PRIVATE}, {self._said}.", before=how)
                self.world.mean_directly(asked, by=self.people[who])
        except OffholdError:
            return  # the lane is closed, or the guard minds: nothing was meant

    @rule(pick=_PICK, who=_WHO)
    def somebody_agrees(self, pick: int, who: str) -> None:
        self._with_one(pick, WAITING, lambda tx, public, reply: (
            approvals.approve_public if public else approvals.approve_direct
        )(tx, self.people[who], reply, self._version(tx, reply)))  # fmt: skip

    @rule(pick=_PICK, who=_WHO)
    def somebody_changes_it(self, pick: int, who: str) -> None:
        self._said += 1
        self._with_one(pick, WAITING, lambda tx, public, reply: (
            approvals.edit_public if public else approvals.edit_direct
        )(tx, self.people[who], reply,
          Change(f"{PUBLIC if public else PRIVATE}, {self._said}.", self._version(tx, reply))))  # fmt: skip

    @rule(pick=_PICK, who=_WHO)
    def somebody_sends_it_back(self, pick: int, who: str) -> None:
        self._with_one(pick, WAITING, lambda tx, public, reply: (
            approvals.send_back_public if public else approvals.send_back_direct
        )(tx, self.people[who], reply, "Not like this."))  # fmt: skip

    @rule(pick=_PICK, who=_WHO)
    def somebody_takes_it_back(self, pick: int, who: str) -> None:
        done = self._with_one(pick, WAITING, lambda tx, public, reply: (
            unsent.take_back_public if public else unsent.take_back_direct
        )(tx, self.people[who], reply))  # fmt: skip
        if done is not None and not done.attempts:
            self._taken_back.add(done.id)

    @rule(pick=_PICK, who=_WHO)
    def somebody_lets_it_go(self, pick: int, who: str) -> None:
        self._with_one(pick, WAITING, lambda tx, public, reply: (
            unsent.release_public if public else unsent.release_direct
        )(tx, self.people[who], reply, self._version(tx, reply)))  # fmt: skip

    @rule(pick=_PICK)
    def somebody_repairs(self, pick: int) -> None:
        def repair(tx: Tx, public: bool, reply: int) -> Any:
            return repairs.repair(tx, self.people["Carol"], reply, "Not for everyone.") if public else None

        self._with_one(pick, ["sent"], repair)

    @rule(case=st.integers(0, 1), who=_WHO)
    def somebody_resolves(self, case: int, who: str) -> None:
        with self.world.tx() as tx:
            acts.do_resolve(tx, acts.lock(tx, self.world.company.id, self.cases[case]), who)
            unsent.lapse_of_case(tx, self.world.company.id, self.cases[case])

    @rule()
    def publishing_is_stopped(self) -> None:
        with self.world.tx() as tx:
            ask = StopAsk(scope="workspace", reason="A fire.", lasts=timedelta(minutes=3))
            self._stop = stops.do_stop(tx, self.world.company.id, By(0, "Carol"), ask)

    @precondition(lambda self: hasattr(self, "_stop"))
    @rule()
    def the_stop_is_lifted(self) -> None:
        with self.world.tx() as tx:
            stops.do_lift(tx, self.world.company.id, By(0, "Carol"), int(self._stop.id))

    @rule(on=st.booleans())
    def the_channel_is_paused(self, on: bool) -> None:
        with self.world.tx() as tx:
            do_set_paused(tx, self.world.company.id, self.world.channel_id, paused=on)

    @rule(freeze=st.booleans())
    def sending_is_switched(self, freeze: bool) -> None:
        with self.world.tx() as tx:
            if freeze:
                do_freeze(tx, self.world.company.id, self.world.channel_id, "We look at it.")
            else:
                do_set_sending(tx, self.world.company.id, self.world.channel_id, on=True)

    @rule()
    def a_backup_is_put_back(self) -> None:
        """The rows are as they were; what the desk no longer knows is whether they are true."""
        self._lease_ends()
        self.process = Process(self.world, self._loop)
        self.zombies.clear()
        restored._doubt_in(self.world.company.id)

    # --- the network, and whoever is on it ----------------------------------------------------------------------------

    @rule(private=st.booleans())
    def the_customer_writes(self, private: bool) -> None:
        if private:
            self.world.network.message("Hello?", by="erik")
        else:
            self.world.network.post("Anybody there?", by="dora", parent=self._root())
        self.world.hear()

    @rule()
    def the_customer_deletes(self) -> None:
        mine = [i for i in self.world.network.items.values() if i.author.id == "acct-dora" and i.id != self._root()]
        if mine:
            self.world.network.delete(mine[-1].id)
            self.world.hear()
            with self.world.tx() as tx:
                unsent.lapse_of_case(tx, self.world.company.id, self.cases[0])

    @rule()
    def a_colleague_answers_elsewhere(self) -> None:
        network = self.world.network
        network.add("public", network.us, "Somebody else here.", parent=self._root())

    @rule(private=st.booleans())
    def we_say_something_elsewhere(self, private: bool) -> None:
        network = self.world.network
        if private:
            network.add("private", network.us, "Good morning, Fay!", to=network.customer("fay"))
        else:
            network.add("public", network.us, "Good morning!")

    @rule(failure=st.sampled_from(FAILURES))
    def the_network_will_fail(self, failure: Failure) -> None:
        self.world.network.fail(failure)

    @rule()
    def the_index_is_late(self) -> None:
        self.world.network.hide_new()

    @rule()
    def the_index_catches_up(self) -> None:
        self.world.network.reveal()

    @rule(settle=st.booleans(), again=st.booleans())
    def the_desk_hears(self, settle: bool, again: bool) -> None:
        """`again`: the network tells what it told before."""
        if again:
            self.world._heard = max(0, self.world._heard - 3)
        self.world.hear(settle=settle)

    @rule(seconds=st.sampled_from([1, 7, 21, 30, 61, 61, 61]))
    def time_passes(self, seconds: int) -> None:
        self._ahead += seconds
        self._move(self._ahead)

    # --- the sender, and its deaths -----------------------------------------------------------------------------

    @rule(picks=st.lists(_PICK, min_size=1, max_size=8))
    def the_sender_works(self, picks: list[int]) -> None:
        for pick in picks:
            self.process.step(pick)

    @rule(case=st.integers(0, 1), failure=st.sampled_from(FAILURES), picks=st.lists(_PICK, min_size=2, max_size=4))
    def an_answer_meets_trouble(self, case: int, failure: Failure, picks: list[int]) -> None:
        self.somebody_answers(case, in_public=True, who="Mia")
        self.the_network_will_fail(failure)
        self.the_sender_works(picks)

    @rule()
    def it_is_killed(self) -> None:
        self._lease_ends()
        self.process = Process(self.world, self._loop)

    @rule()
    def it_stalls_and_another_takes_over(self) -> None:
        self._lease_ends()
        self.zombies.append(self.process)
        self.process = Process(self.world, self._loop)
        self.process.take()

    @rule(pick=_PICK)
    def a_zombie_goes_on(self, pick: int) -> None:
        busy = [(zombie, key) for zombie in self.zombies for key in sorted(zombie.hand)]
        if busy:
            zombie, key = busy[pick % len(busy)]
            zombie.go_on(key)

    # --- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def all_that_must_hold(self) -> None:
        if not hasattr(self, "process"):
            return
        out = self._out()
        assert not [text for text, times in Counter(text for _, text in out).items() if times > 1], out
        assert not [text for audience, text in out if text.startswith(PRIVATE) and audience == "public"]
        assert not [text for audience, text in out if text.startswith(PUBLIC) and audience == "private"]
        said = {text for _, text in out}
        known = [row for table in TABLES for row in self._standing(table)]
        assert said <= {row[1] for row in known}, "something is out that nobody meant"
        for row in known:
            self._one(row, row[1] in said)

    def _one(self, row: tuple[Any, ...], out: bool) -> None:
        reply, text, sha256, state, next_at, attempts, author, alone, asks, by, agreed_sha256, _, evidence = row
        assert (state in MOVING) == (next_at is not None), row
        assert bytes(sha256) == hashlib.sha256(text.encode()).digest(), row
        assert not out or attempts, row
        assert not (out and reply in self._taken_back), row
        if attempts and (asks or by is not None):
            assert by is not None, row
            assert bytes(agreed_sha256) == bytes(sha256), row
            assert by != author or alone, row
        if state in WAITING:
            assert not out or "Restored" in evidence or "restored" in evidence, row

    def teardown(self) -> None:
        try:
            if hasattr(self, "process"):
                self._let_it_end()
        finally:
            if hasattr(self, "_lent"):
                self._lent.__exit__(None, None, None)
            self._loop.close()

    def _let_it_end(self) -> None:
        """The failures stop, the index catches up, time passes: every reply must come to rest."""
        self.world.network.failures.clear()
        self.world.network.reveal()
        self._lease_ends()
        self.process = Process(self.world, self._loop)
        for _ in range(60):
            self._do_all_there_is()
            self.all_that_must_hold()
            ahead = self._seconds_to_next()
            if ahead is None:
                break
            self.time_passes(int(max(0.0, ahead)) + 1)
        assert self._seconds_to_next() is None
        self._every_sent_one_is_there()

    def _do_all_there_is(self) -> None:
        for _ in range(200):
            while self.process.hand:
                self.process.go_on(min(self.process.hand))
            due = self.process.due() if self.process.take() else []
            if not due:
                return
            for key, doing in due:
                self.process.begin(key, doing)

    def _every_sent_one_is_there(self) -> None:
        out = self._out()
        for table, audience in zip(TABLES, ("public", "private"), strict=True):
            for row in self._standing(table):
                text, state = row[1], row[3]
                there = (audience, text) in out
                assert there or state != State.SENT, row
                assert not there or state in (State.SENT, State.NEEDS_HUMAN, State.REVIEW, State.CANCELLED), row
                assert state not in (State.CANCELLED, State.REFUSED) or not there or "estored" in row[12], row

    def _seconds_to_next(self) -> float | None:
        moments = [
            row[0]
            for table in TABLES
            for row in self.world.all(
                f"SELECT least(next_at, verify_at, withdraw_at) FROM {table} WHERE workspace_id = %s",
                self.world.company.id,
            )
            if row[0] is not None
        ]
        return (min(moments) - clock.now()).total_seconds() if moments else None

    # --- inside -----------------------------------------------------------------------------------------------------

    def _out(self) -> list[tuple[str, str]]:
        return [(p.audience, p.text) for p in self.world.network.publications if p.text.startswith("For ")]

    def _standing(self, table: str) -> list[tuple[Any, ...]]:
        return self.world.all(_STANDING.format(table=table), self.world.company.id)

    def _with_one(self, pick: int, states: list[str], act: Any) -> Any:
        """Somebody tries to do something with a reply that stands so; None: they may not, or it is too late."""
        found = [(table, row[0]) for table in TABLES for row in self._standing(table) if row[3] in states]
        if not found:
            return None
        table, reply = found[pick % len(found)]
        try:
            with self.world.tx() as tx:
                return act(tx, table == "public_replies", reply)
        except OffholdError:
            return None

    def _version(self, tx: Any, reply: int) -> int:
        row = tx.one(
            "SELECT c.version FROM cases c WHERE c.id = (SELECT case_id FROM public_replies WHERE id = %(id)s"
            " UNION ALL SELECT case_id FROM direct_replies WHERE id = %(id)s)",
            {"id": reply},
        )
        return int(row[0])

    def _root(self) -> str:
        return next(i.id for i in self.world.network.items.values() if i.author.id == "acct-dora")

    def _lease_ends(self) -> None:
        with self.world.tx() as tx:
            tx.run("UPDATE channel_writers SET until = '-infinity'")


@pytest.mark.timeout(36000)
def test_no_history_publishes_twice_or_to_the_wrong_people(database: str, clock_offset: Move) -> None:
    """`OFFHOLD_TEST_HISTORIES=10000` for as many."""
    examples = int(os.environ.get("OFFHOLD_TEST_HISTORIES", "60"))
    run_state_machine_as_test(
        partial(Histories, clock_offset),  # type: ignore[arg-type]  # called for each history
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            # a history is short enough to read, and making it shorter would run the database for an hour
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
