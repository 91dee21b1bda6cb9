"""A solved case whose queue was taken away is opened again where people see it, whatever opens it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from offhold.cases import acts, moving, splitting
from offhold.cases.merging import do_merge
from offhold.cases.tests.stories import direct, public
from offhold.desk import queues
from offhold.desk.tests.company import Company
from offhold.kernel.db.tx import Tx, transaction


class Desk(Company):
    """Ann's case and Bob's; Ann's was solved in a queue that is gone since."""

    def __init__(self) -> None:
        super().__init__()
        self.hear(public("a1", "ann", "Where is it?", 1), direct("a2", "ann", "And my other bag?", 2))
        self.hear(public("b1", "bob", "And mine?", 3))
        self.ann, self.bobs = self.cases()
        with transaction(self.workspace.id) as tx:
            queues.do_add(tx, self.workspace.id, "For a day")
            self.gone = next(int(q.id) for q in queues.queues(tx, self.workspace.id) if q.name == "For a day")
            moving.do_move(tx, self.held(tx, self.ann), self.gone, "Bob")
            acts.do_resolve(tx, self.held(tx, self.ann), "Bob")
            queues.do_remove(tx, self.workspace.id, self.gone)

    def held(self, tx: Tx, case: int) -> acts.Locked:
        return acts.lock(tx, self.workspace.id, case)

    # --- what opens it

    def a_colleague(self) -> None:
        with transaction(self.workspace.id) as tx:
            acts.do_reopen(tx, self.held(tx, self.ann), "Bob")

    def the_customer(self) -> None:
        self.hear(direct("a3", "ann", "It is not here yet!", 4))

    def an_open_case_merged_into_it(self) -> None:
        with transaction(self.workspace.id) as tx:
            do_merge(tx, self.held(tx, self.bobs), self.held(tx, self.ann), by="Bob", by_id=None)


OPENERS = (Desk.a_colleague, Desk.the_customer, Desk.an_open_case_merged_into_it)


@pytest.mark.parametrize("opens", OPENERS, ids=lambda opens: opens.__name__)
def test_what_is_opened_again_waits_in_a_queue_in_use(database: str, opens: Callable[[Desk], None]) -> None:
    desk = Desk()
    opens(desk)
    ((state, queue),) = desk.rows("SELECT state, queue_id FROM cases WHERE id = %s", desk.ann)
    assert (state, queue) == ("open", desk.workspace.queue_id)
    ((newest,),) = desk.rows("SELECT payload::text FROM facts ORDER BY seq DESC LIMIT 1")
    assert f'"queue_id":"{desk.workspace.queue_id}"' in newest.replace(" ", "")
    assert str(desk.gone) not in newest
    with transaction(desk.workspace.id) as tx:
        (only,) = queues.queues(tx, desk.workspace.id)
    assert only.open == len(desk.rows("SELECT 1 FROM cases WHERE state = 'open'"))


def test_so_does_what_is_split_off_a_solved_case(database: str) -> None:
    desk = Desk()
    ((message,),) = desk.rows("SELECT id FROM messages WHERE network_id = 'a2'")
    with transaction(desk.workspace.id) as tx:
        held = desk.held(tx, desk.ann)
        identity = splitting.check_split(tx, held, [message])
        splitting.do_split(tx, held, [message], identity, by="Bob", by_id=None)
    new = desk.cases()[-1]
    assert desk.rows("SELECT state, queue_id FROM cases WHERE id = %s", new) == [("open", desk.workspace.queue_id)]


def test_a_case_in_a_queue_in_use_stays_there(database: str) -> None:
    desk = Desk()
    with transaction(desk.workspace.id) as tx:
        queues.do_add(tx, desk.workspace.id, "Bags")
        bags = next(int(q.id) for q in queues.queues(tx, desk.workspace.id) if q.name == "Bags")
        moving.do_move(tx, desk.held(tx, desk.ann), bags, "Bob")
    desk.the_customer()
    assert desk.rows("SELECT state, queue_id FROM cases WHERE id = %s", desk.ann) == [("open", bags)]
