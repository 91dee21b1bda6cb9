"""Random histories of the outbox, with kills between any two steps, against a network that keeps the truth.

People ask, agree, change, send back, take back and let go; customers write and delete; colleagues answer elsewhere;
cases are resolved; publishing is stopped and lifted, a channel paused and frozen, a backup put back, a post repaired;
echoes come early, late or never. Meanwhile senders do what they do one transaction or one word with the network at a
time (`processes`), and die, or stall and come back as zombies, between any two of them. Whatever the history: nothing
is out twice, nothing private in public, nothing that somebody did not agree to, nothing that was taken back; whatever
moves is looked at again; and in the end every reply is settled or before a person.
"""

from __future__ import annotations

import os
import time
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from offhold.connectors.fake.network import Failure
from offhold.kernel import ids
from offhold.publishing.tests.world import Move
from tests.faults.history import PICK
from tests.faults.history_acts import FAILURES, Network, People
from tests.faults.processes import Process

HISTORIES = 60
AT_ONCE = 10  # drawn by one seed; between them it says how far it is
PATIENCE = 35.0  # seconds after which no more are begun, on a machine that is busy with other things


class Histories(People, Network):
    """The sender works, and dies or stalls between any two of its steps."""

    @rule(picks=st.lists(PICK, min_size=1, max_size=8))
    def the_sender_works(self, picks: list[int]) -> None:
        for pick in picks:
            self.process.step(pick)

    @rule(
        in_public=st.booleans(),
        failure=st.sampled_from([None, "fail_after", "lose_answer", "garble", "fail_before", *FAILURES]),
        dies=st.sampled_from(["never", "before", "after", "after"]),
        stalls=st.booleans(),
        late=st.booleans(),
        looks=st.integers(0, 4),
    )
    def an_answer_meets_trouble(
        self, in_public: bool, failure: Failure | None, dies: str, stalls: bool, late: bool, looks: int
    ) -> None:
        """Most random walks never come here: an attempt that had its effect and whose writer does not know, with a
        network that cannot show it yet, and others that look and decide."""
        self.somebody_answers(0 if in_public else 1, in_public=in_public, who="Mia")
        self.time_passes_by(21)  # whatever holds it
        self._until_it_is_sent(failure, late=late, effect=dies != "before")
        if dies != "never" and stalls:
            self.it_stalls_and_another_takes_over()
        elif dies != "never":
            self.it_is_killed()
        for _ in range(looks):
            self.time_passes_by(61)
            self.we_say_something_elsewhere(private=not in_public)  # by which a look is known to be complete
            if self.process.take():
                self.do_all_there_is()
            self.all_that_must_hold()
        self.a_zombie_goes_on(0)

    def _until_it_is_sent(self, failure: Failure | None, *, late: bool, effect: bool) -> None:
        """The newest reply is let go and begun; with `effect` the network hears it, and nobody hears the network."""
        if not self.process.take():
            return
        for doing in ("let_go", "send"):
            due = [key for key, what in self.process.due() if what == doing]
            if due:
                self.process.begin(due[-1], doing)
        if late:
            self.world.network.hide_new()
        if failure is not None:
            self.world.network.fail(failure)
        if effect and self.process.hand:
            self.process.go_on(max(self.process.hand, key=lambda key: key[1]))

    @rule()
    def it_is_killed(self) -> None:
        self.lease_ends()
        self.process = Process(self.world, self._loop)

    @rule()
    def it_stalls_and_another_takes_over(self) -> None:
        self.lease_ends()
        self.zombies.append(self.process)
        self.process = Process(self.world, self._loop)
        self.process.take()

    @rule(pick=PICK)
    def a_zombie_goes_on(self, pick: int) -> None:
        busy = [(zombie, key) for zombie in self.zombies for key in sorted(zombie.hand)]
        if busy:
            zombie, key = busy[pick % len(busy)]
            zombie.go_on(key)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("dies", ["never", "before", "after"])
@pytest.mark.parametrize(("in_public", "failure"), [(True, None), (True, "lose_answer"), (False, "fail_after")])
def test_each_trouble_by_itself(  # random walks may miss it; these do not
    database: str, clock_offset: Move, *, in_public: bool, failure: Failure | None, dies: str, late: bool
) -> None:
    history = Histories(clock_offset)
    history.a_company(dedupes=False, holds=False)
    try:
        history.an_answer_meets_trouble(in_public, failure, dies, stalls=late, late=late, looks=4)
        history.all_that_must_hold()
    finally:
        history.teardown()


def _so_many(move: Move, histories: int, drawn_by: int) -> None:
    run_state_machine_as_test(
        seed(drawn_by)(partial(Histories, move)),  # type: ignore[arg-type]  # called for each history
        settings=settings(
            max_examples=histories,
            stateful_step_count=40,
            deadline=None,
            # a history is short enough to read, and making it shorter would run the database for an hour
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(36000)
def test_no_history_publishes_twice_or_to_the_wrong_people(database: str, clock_offset: Move) -> None:
    """A minute at most of some sixty histories, or `OFFHOLD_TEST_HISTORIES=10000` for as many as take as long as they
    take. `OFFHOLD_TEST_SEED` draws those of a former run again."""
    asked, drawn_by = (
        os.environ.get("OFFHOLD_TEST_HISTORIES"),
        int(os.environ.get("OFFHOLD_TEST_SEED", ids.new() % 10**9)),
    )
    wanted, began, done = int(asked or HISTORIES), time.monotonic(), 0
    while done < wanted and (asked or done == 0 or time.monotonic() - began < PATIENCE):
        many = min(AT_ONCE, wanted - done)
        print(
            f"OFFHOLD_TEST_SEED={drawn_by}: {done} of {wanted} histories, {time.monotonic() - began:.0f} s", flush=True
        )
        _so_many(clock_offset, many, drawn_by + done)
        done += many
    print(f"OFFHOLD_TEST_SEED={drawn_by}: {done} histories in {time.monotonic() - began:.0f} s")
