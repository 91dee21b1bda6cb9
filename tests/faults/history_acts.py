"""What people do in a history of the outbox, and what the network and whoever is on it do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from offhold.cases import acts
from offhold.channels.actions import do_freeze, do_set_paused, do_set_sending
from offhold.connectors.fake.network import Failure
from offhold.kernel import clock
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import OffholdError
from offhold.publishing import approvals, repairs, restored, stops, unsent
from offhold.publishing.approvals import Change
from offhold.publishing.asked import Before
from offhold.publishing.stops import By, StopAsk
from tests.faults.history import PICK, PRIVATE, PUBLIC, WAITING, WHO, History
from tests.faults.processes import Process

FAILURES: list[Failure] = [
    "unreachable", "refuse", "rate_limit", "fail_before", "fail_after", "lose_answer", "garble", "misstate_audience"
]  # fmt: skip


class People(History):
    """They answer, agree, change, send back, take back, let go, repair, resolve, stop, pause and freeze."""

    @rule(case=st.integers(0, 1), in_public=st.booleans(), who=WHO, second=st.booleans(), later=st.booleans())
    def somebody_answers(self, case: int, in_public: bool, who: str, second: bool = False, later: bool = False) -> None:
        self.said += 1
        go: dict[str, Any] = {"go_at": clock.now() + timedelta(seconds=90), "time_zone": "UTC"} if later else {}
        try:
            if in_public and case == 0:
                how = Before(written_as="public", second_person=second, **go)
                ask = self.world.public_ask(self.cases[0], f"{PUBLIC}, {self.said}.", before=how)
                self.world.mean_publicly(ask, by=self.people[who])
            else:
                how = Before(written_as="private", second_person=second, **go)
                asked = self.world.direct_ask(self.cases[case], f"{PRIVATE}, {self.said}.", before=how)
                self.world.mean_directly(asked, by=self.people[who])
        except OffholdError:
            return  # the lane is closed, or the guard minds: nothing was meant

    @rule(pick=PICK, who=WHO)
    def somebody_agrees(self, pick: int, who: str) -> None:
        self.with_one(pick, WAITING, lambda tx, public, reply: (
            approvals.approve_public if public else approvals.approve_direct
        )(tx, self.people[who], reply, self.version(tx, reply)))  # fmt: skip

    @rule(pick=PICK, who=WHO)
    def somebody_changes_it(self, pick: int, who: str) -> None:
        self.said += 1
        self.with_one(pick, WAITING, lambda tx, public, reply: (
            approvals.edit_public if public else approvals.edit_direct
        )(tx, self.people[who], reply,
          Change(f"{PUBLIC if public else PRIVATE}, {self.said}.", self.version(tx, reply))))  # fmt: skip

    @rule(pick=PICK, who=WHO)
    def somebody_sends_it_back(self, pick: int, who: str) -> None:
        self.with_one(pick, WAITING, lambda tx, public, reply: (
            approvals.send_back_public if public else approvals.send_back_direct
        )(tx, self.people[who], reply, "Not like this."))  # fmt: skip

    @rule(pick=PICK, who=WHO)
    def somebody_takes_it_back(self, pick: int, who: str) -> None:
        done = self.with_one(pick, WAITING, lambda tx, public, reply: (
            unsent.take_back_public if public else unsent.take_back_direct
        )(tx, self.people[who], reply))  # fmt: skip
        if done is not None and not done.attempts:
            self.taken_back.add(done.id)

    @rule(pick=PICK, who=WHO)
    def somebody_lets_it_go(self, pick: int, who: str) -> None:
        self.with_one(pick, WAITING, lambda tx, public, reply: (
            unsent.release_public if public else unsent.release_direct
        )(tx, self.people[who], reply, self.version(tx, reply)))  # fmt: skip

    @rule(pick=PICK)
    def somebody_repairs(self, pick: int) -> None:
        def repair(tx: Tx, public: bool, reply: int) -> Any:
            return repairs.repair(tx, self.people["Carol"], reply, "Not for everyone.") if public else None

        self.with_one(pick, ["sent"], repair)

    @rule(case=st.integers(0, 1), who=WHO)
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
        self.lease_ends()
        self.process = Process(self.world, self._loop)
        self.zombies.clear()
        restored._doubt_in(self.world.company.id)


class Network(History):
    """Customers write and delete, colleagues answer elsewhere, the network fails and is late, time passes."""

    @rule(private=st.booleans())
    def the_customer_writes(self, private: bool) -> None:
        if private:
            self.world.network.message("Hello?", by="erik")
        else:
            self.world.network.post("Anybody there?", by="dora", parent=self.root())
        self.world.hear()

    @rule()
    def the_customer_deletes(self) -> None:
        mine = [i for i in self.world.network.items.values() if i.author.id == "acct-dora" and i.id != self.root()]
        if mine:
            self.world.network.delete(mine[-1].id)
            self.world.hear()
            with self.world.tx() as tx:
                unsent.lapse_of_case(tx, self.world.company.id, self.cases[0])

    @rule()
    def a_colleague_answers_elsewhere(self) -> None:
        network = self.world.network
        network.add("public", network.us, "Somebody else here.", parent=self.root())

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
        self.time_passes_by(seconds)
