"""Random histories of the outbox, with kills between any two steps, against a network that keeps the truth.

The machine does by hand, one transaction or one word with the network at a time, what the sender does, so that a
process can die, or stall and come back as a zombie, between any two of them. Whatever the history: nothing is published
twice, nothing private in public, and in the end every reply is settled or before a person.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from offhold.connectors import registry
from offhold.connectors.contract import Found, Receipt
from offhold.connectors.fake.network import Failure
from offhold.kernel import clock
from offhold.publishing import attempts, direct, outcome, public, writers
from offhold.publishing.attempts import Opened
from offhold.publishing.graph import Event, NeverLeft, State
from offhold.publishing.line import Line
from offhold.publishing.tests.world import QUICK, Move, World, no_picture
from offhold.publishing.writers import Hold

LINES: dict[str, Line[Any, Any]] = {"public_replies": public.LINE, "direct_replies": direct.LINE}
FAILURES: list[Failure] = [
    "unreachable", "refuse", "rate_limit", "fail_before", "fail_after", "lose_answer", "garble", "misstate_audience"
]  # fmt: skip
Key = tuple[str, int]  # table, reply
_PICK = st.integers(0, 719)  # which of the things that could happen next; what they are depends on the clock


class Process:
    """One sender, step by step: what it holds in memory and nobody else knows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hold: Hold | None = None
        self.open: dict[Key, Opened[Any, Any]] = {}
        self.looking: dict[Key, Opened[Any, Any]] = {}
        self.ended: dict[Key, tuple[Opened[Any, Any], Event, Receipt | None, bool]] = {}

    def busy(self) -> set[Key]:
        return {*self.open, *self.looking, *self.ended}

    def take(self) -> bool:
        """Become the writer, and give up what the former one left open."""
        if self.hold is None:
            with self.world.tx() as tx:
                self.hold = writers.take(tx, self.world.company.id, self.world.channel_id, lease=3600)
            if self.hold is None:
                return False
            for line in LINES.values():
                with self.world.tx() as tx:
                    left = line.ledger.left_sending(tx, self.world.company.id, self.world.channel_id, self.hold.fence)
                for reply in left:
                    attempts.give_up_attempt(line, self.hold, reply, QUICK)
        return True

    def due(self) -> list[tuple[Key, str]]:
        found = []
        for table, line in LINES.items():
            busy = [reply for name, reply in self.busy() if name == table]
            with self.world.tx() as tx:
                due = line.ledger.due(tx, self.world.company.id, self.world.channel_id, busy=busy, limit=9)
            found += [((table, one.id), one.state) for one in due]
        return found

    def begin(self, key: Key, state: str) -> None:
        assert self.hold is not None
        line = LINES[key[0]]
        if state == "intent":
            opened = attempts.begin(line, self.hold, key[1], QUICK, no_picture)
            if opened is not None:
                self.open[key] = opened
        elif state == "sending":
            attempts.give_up_attempt(line, self.hold, key[1], QUICK)
        else:
            looked = attempts.begin_look(line, self.hold, key[1], QUICK)
            if looked is not None:
                self.looking[key] = looked

    def deliver(self, key: Key, loop: asyncio.AbstractEventLoop) -> None:
        assert self.hold is not None
        opened, line = self.open.pop(key), LINES[key[0]]
        receipt: Receipt | None = None
        left, event = attempts.seconds_left(self.hold, opened)
        if event is not None:
            pass
        elif left <= QUICK.skew_seconds:
            event = NeverLeft("Another writer took over this channel.")
        else:
            try:
                spoken = line.deliver(opened.connector, self.world.network.egress, opened.channel, opened.out)
                receipt = loop.run_until_complete(spoken)
            except Exception as error:  # noqa: BLE001 - as the sender does
                event = outcome.of_failed_delivery(error)
        self.ended[key] = (opened, event or line.judge(opened.reply, receipt), receipt, False)

    def look(self, key: Key, loop: asyncio.AbstractEventLoop) -> None:
        opened, line = self.looking.pop(key), LINES[key[0]]
        found = loop.run_until_complete(
            line.look(opened.connector, self.world.network.egress, opened.channel, opened.out)
        )
        if isinstance(found, Found):
            self.ended[key] = (opened, line.judge(opened.reply, found.receipt), found.receipt, True)
        else:
            self.ended[key] = (opened, outcome.of_look(found), None, True)

    def settle(self, key: Key) -> None:
        opened, event, receipt, looked = self.ended.pop(key)
        (attempts.settle_look if looked else attempts.settle)(LINES[key[0]], opened, event, receipt)

    def step(self, loop: asyncio.AbstractEventLoop, pick: int) -> None:
        """Any one thing this process could do next."""
        steps: list[Callable[[], None]] = [partial(self.go_on, key, loop) for key in sorted(self.busy())]
        if self.take():
            steps += [partial(self.begin, key, state) for key, state in self.due()]
        if steps:
            steps[pick % len(steps)]()

    def go_on(self, key: Key, loop: asyncio.AbstractEventLoop) -> None:
        """The next step with a reply that is under way here."""
        if key in self.open:
            self.deliver(key, loop)
        elif key in self.looking:
            self.look(key, loop)
        else:
            self.settle(key)


class Histories(RuleBasedStateMachine):
    """`move` moves business time."""

    def __init__(self, move: Move) -> None:
        super().__init__()
        self._move = move
        self._ahead = clock.offset()
        self._loop = asyncio.new_event_loop()
        self._said = 0

    @initialize(dedupes=st.booleans())
    def a_company(self, dedupes: bool) -> None:
        self.world = World(dedupes=dedupes)
        self._lent = registry.networks.lend(self.world.connector)
        self._lent.__enter__()
        self.cases = [self.world.asked_in_public(by="dora"), self.world.asked_in_private(by="erik")]
        self.process = Process(self.world)
        self.zombies: list[Process] = []

    # --- people and the network ---------------------------------------------------------------------------------

    @rule(case=st.integers(0, 1), in_public=st.booleans())
    def somebody_answers(self, case: int, in_public: bool) -> None:
        if not self._may_send():
            return
        self._said += 1
        if in_public and case == 0:
            self.world.say(self.cases[0], f"For everyone, {self._said}.")
        else:
            self.world.whisper(self.cases[case], f"For one person, {self._said}.")

    @rule(failure=st.sampled_from(FAILURES))
    def the_network_will_fail(self, failure: Failure) -> None:
        self.world.network.fail(failure)

    @rule()
    def the_index_is_late(self) -> None:
        self.world.network.hide_new()

    @rule()
    def the_index_catches_up(self) -> None:
        self.world.network.reveal()

    @rule(private=st.booleans())
    def we_say_something_elsewhere(self, private: bool) -> None:
        network = self.world.network
        if private:
            network.add("private", network.us, "Good morning, Fay!", to=network.customer("fay"))
        else:
            network.add("public", network.us, "Good morning!")

    @rule(settle=st.booleans())
    def the_desk_hears(self, settle: bool) -> None:
        self.world.hear(settle=settle)

    @rule(seconds=st.sampled_from([1, 7, 30, 61, 61, 61]))
    def time_passes(self, seconds: int) -> None:
        self._ahead += seconds
        self._move(self._ahead)

    @rule()
    def a_lead_turns_sending_on_again(self) -> None:
        with self.world.tx() as tx:
            tx.run("UPDATE channels SET sending = true WHERE id = %s", (self.world.channel_id,))

    # --- the sender, and its deaths -----------------------------------------------------------------------------

    @rule(picks=st.lists(_PICK, min_size=1, max_size=8))
    def the_sender_works(self, picks: list[int]) -> None:
        for pick in picks:
            self.process.step(self._loop, pick)

    @rule(case=st.integers(0, 1), failure=st.sampled_from(FAILURES), picks=st.lists(_PICK, min_size=2, max_size=4))
    def an_answer_meets_trouble(self, case: int, failure: Failure, picks: list[int]) -> None:
        self.somebody_answers(case, in_public=True)
        self.the_network_will_fail(failure)
        self.the_sender_works(picks)

    @rule()
    def it_is_killed(self) -> None:
        self._lease_ends()
        self.process = Process(self.world)

    @rule()
    def it_stalls_and_another_takes_over(self) -> None:
        self._lease_ends()
        self.zombies.append(self.process)
        self.process = Process(self.world)
        self.process.take()

    @rule(pick=_PICK)
    def a_zombie_goes_on(self, pick: int) -> None:
        busy = [(zombie, key) for zombie in self.zombies for key in sorted(zombie.busy())]
        if busy:
            zombie, key = busy[pick % len(busy)]
            zombie.go_on(key, self._loop)

    # --- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_published_twice(self) -> None:
        if hasattr(self, "world"):
            said = Counter(p.text for p in self.world.network.publications if p.text.startswith("For "))
            assert not [text for text, times in said.items() if times > 1], said

    @invariant()
    def nothing_private_is_public(self) -> None:
        if hasattr(self, "world"):
            assert not [t for t in self.world.network.published("public") if t.startswith("For one person")]
            assert not [t for t in self.world.network.published("private") if t.startswith("For everyone")]

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self._let_it_end()
        finally:
            if hasattr(self, "_lent"):
                self._lent.__exit__(None, None, None)
            self._loop.close()

    def _let_it_end(self) -> None:
        """The failures stop, the index catches up, time passes: every reply must come to rest."""
        self.world.network.failures.clear()
        self.world.network.reveal()
        for _ in range(400):
            if self.process.take():
                for key, state in self.process.due():
                    self.process.begin(key, state)
            while self.process.busy():
                self.process.go_on(min(self.process.busy()), self._loop)
            if not self._moving():
                break
            self.time_passes(7)
        assert not self._moving(), self._moving()
        self.nothing_is_published_twice()
        self.nothing_private_is_public()
        self._every_sent_one_is_there()

    def _every_sent_one_is_there(self) -> None:
        for table, audience in (("public_replies", "public"), ("direct_replies", "private")):
            for text, state in self.world.all(f"SELECT text, state FROM {table}"):
                there = text in self.world.network.published(audience)  # type: ignore[arg-type]
                assert there or state != State.SENT, (text, state)
                assert not there or state in (State.SENT, State.NEEDS_HUMAN), (text, state)

    def _moving(self) -> list[tuple[Any, ...]]:
        return self.world.all(
            "SELECT id, state, next_at FROM public_replies WHERE next_at IS NOT NULL"
            " UNION ALL SELECT id, state, next_at FROM direct_replies WHERE next_at IS NOT NULL"
        )

    def _may_send(self) -> bool:
        return self.world.one("SELECT sending FROM channels WHERE id = %s", self.world.channel_id) == (True,)

    def _lease_ends(self) -> None:
        with self.world.tx() as tx:
            tx.run("UPDATE channel_writers SET until = '-infinity'")


@pytest.mark.timeout(900)
def test_no_history_publishes_twice_or_to_the_wrong_people(database: str, clock_offset: Move) -> None:
    examples = int(os.environ.get("OFFHOLD_TEST_HISTORIES", "60"))
    run_state_machine_as_test(
        lambda: Histories(clock_offset),
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
