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
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from offhold.connectors.fake.network import Failure
from offhold.kernel import ids
from offhold.publishing.tests.world import Move
from tests.faults.history_senders import Senders

HISTORIES = 60
AT_ONCE = 10  # drawn by one seed; between them it says how far it is
PATIENCE = 35.0  # seconds after which no more are begun, on a machine that is busy with other things


@pytest.mark.parametrize("index", ["prompt", "late", "misses one"])
@pytest.mark.parametrize(("dies", "stalls"), [("never", False), *product(["before", "after"], [False, True])])
@pytest.mark.parametrize(("in_public", "failure"), [(True, None), (True, "lose_answer"), (False, "fail_after")])
def test_each_trouble_by_itself(  # random walks may miss it; these do not
    database: str, clock_offset: Move, *, in_public: bool, failure: Failure | None, dies: str, stalls: bool, index: str
) -> None:
    with led(clock_offset) as history:
        history.an_answer_meets_trouble(in_public, failure, dies, stalls=stalls, index=index, looks=4)


@pytest.mark.parametrize("in_public", [True, False])
@pytest.mark.parametrize("then", ["lose_answer", None])
@pytest.mark.parametrize("first", ["unreachable", "rate_limit", "refuse"])
def test_each_late_word_of_a_stalled_writer_by_itself(
    database: str, clock_offset: Move, *, in_public: bool, first: Failure, then: Failure | None
) -> None:
    with led(clock_offset) as history:
        history.a_stalled_writer_tells_late_of_its_own_attempt(in_public, first, then)
        assert history.out(), "the second attempt never had its effect"


@contextmanager
def led(move: Move) -> Iterator[Senders]:
    """A history in which the test says what happens, come to its end."""
    history = Senders(move)
    history.a_company(dedupes=False, holds=False)
    try:
        yield history
        history.all_that_must_hold()
    finally:
        history.teardown()


def _so_many(move: Move, histories: int, drawn_by: int) -> None:
    run_state_machine_as_test(
        seed(drawn_by)(partial(Senders, move)),  # type: ignore[arg-type]  # called for each history
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
