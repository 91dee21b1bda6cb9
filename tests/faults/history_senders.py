"""What senders do in a history of the outbox, and how they die, stall and come back between any two of their steps."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from offhold.connectors.fake.network import Failure
from tests.faults.history import PICK
from tests.faults.history_acts import FAILURES, Network, People
from tests.faults.processes import Process


class Senders(People, Network):
    """One works at a time; former ones may wake up and go on with what they had in hand."""

    @rule(picks=st.lists(PICK, min_size=1, max_size=8))
    def the_sender_works(self, picks: list[int]) -> None:
        for pick in picks:
            self.process.step(pick)

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

    # --- where most random walks never come ------------------------------------------------------------------------

    @rule(
        in_public=st.booleans(),
        failure=st.sampled_from([None, "fail_after", "lose_answer", "garble", "fail_before", *FAILURES]),
        dies=st.sampled_from(["never", "before", "after", "after"]),
        stalls=st.booleans(),
        index=st.sampled_from(["prompt", "late", "misses one"]),
        looks=st.integers(0, 4),
    )
    def an_answer_meets_trouble(
        self, in_public: bool, failure: Failure | None, dies: str, stalls: bool, index: str, looks: int
    ) -> None:
        """An attempt that had its effect and whose writer does not know, with a network that cannot show it yet, and
        others that look and decide. An index that misses one thing shows what came later, but not for a minute."""
        self._is_answered(in_public)
        self._until_it_is_sent(failure, late=index == "late", effect=dies != "before")
        if dies != "never" and stalls:
            self.it_stalls_and_another_takes_over()
        elif dies != "never":
            self.it_is_killed()
        for look in range(looks):
            missed = index == "misses one" and look == 0 and self.out()
            if missed:
                self.world.network.hide(self.world.network.publications[-1].id)
            self._a_minute_later(in_public)
            if self.process.take():
                self.do_all_there_is()
            self.all_that_must_hold()
            if missed:
                self.world.network.reveal()
        self.a_zombie_goes_on(0)

    @rule(
        in_public=st.booleans(),
        first=st.sampled_from(["unreachable", "rate_limit", "refuse"]),
        then=st.sampled_from(["lose_answer", "fail_after", None]),
    )
    def a_stalled_writer_tells_late_of_its_own_attempt(
        self, in_public: bool, first: Failure, then: Failure | None
    ) -> None:
        """It knows that nothing came of an attempt that others gave up; theirs is open, and had its effect."""
        self._is_answered(in_public)
        self._until_it_is_sent(first, late=False, effect=True)
        self.it_stalls_and_another_takes_over()
        for _ in range(4):
            self._a_minute_later(in_public)
            if not self.process.take():
                return
            for key, doing in self.process.due():
                self.process.begin(key, doing)
                if doing == "send" and then is not None:
                    self.world.network.fail(then)
                if key in self.process.hand:
                    self.process.go_on(key)
                if doing != "send":
                    self._let_it_finish(key)
            if self.process.hand:
                break
        self.a_zombie_goes_on(0)
        self.do_all_there_is()

    def _is_answered(self, in_public: bool) -> None:
        self.world.network.failures.clear()
        self.somebody_answers(0 if in_public else 1, in_public=in_public, who="Mia")
        self.time_passes_by(21)  # whatever holds it

    def _a_minute_later(self, in_public: bool) -> None:
        self.time_passes_by(61)
        self.we_say_something_elsewhere(private=not in_public)  # by which a look is known to be complete

    def _let_it_finish(self, key: tuple[str, int]) -> None:
        while key in self.process.hand:
            self.process.go_on(key)

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
