"""What people do to a reply that goes out as several posts, what they read of it, and what its tables refuse."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from psycopg import Error

from offhold.kernel.errors import Invalid
from offhold.publishing import attempts, public, record, repairs, restored, unsent, writers
from offhold.publishing.sender import Sender
from offhold.publishing.tests.office import Office
from offhold.publishing.tests.test_stops import halt, lift
from offhold.publishing.tests.test_threads import (
    FIRST,
    LONG,
    POSTS,
    THIRD,
    alone,
    is_whole,
    long_answer,
    parts,
    sent_by_hand,
    states,
    to_the_end,
)
from offhold.publishing.tests.world import QUICK, Move, World, delivered, no_picture, wait_for
from tests.support.fixtures import OwnerSql

# --- what people do ------------------------------------------------------------------------------------------


def test_a_stop_holds_what_is_left_and_a_person_lets_it_go(world: World) -> None:
    case = world.asked_in_public()
    head = long_answer(world, case)
    hold = alone(world)
    sent_by_hand(world, hold, head)
    stop = halt(world)
    with world.tx() as tx:
        writers.release(tx, hold)
    (_, (second, _)) = parts(world, head)
    with world.sending():
        world.until(second, "review")
        lift(world, stop.stop)
        seen = world.version(case)
        with world.tx() as tx:
            unsent.release_public(tx, world.person("Carol", "lead"), second, seen)
        wait_for(lambda: states(world, head) == ["sent"] * 3)
    is_whole(world)


def test_a_part_that_was_long_in_doubt_lets_nothing_go_by_itself(world: World, clock_offset: Move) -> None:
    """Its echo comes when a person wonders already: what follows is no longer what the customer waits for."""
    world.network.hide_new()
    head = long_answer(world)
    world.network.fail("lose_answer")
    with world.sending():
        to_the_end(world, head, clock_offset)
    assert states(world, head) == ["needs_human"]
    world.network.reveal()
    world.hear()
    assert states(world, head) == ["sent", "review"]


def test_what_follows_is_looked_for_too_when_a_backup_was_put_back(world: World) -> None:
    """It may be out since the copy was made, as the part before it was."""
    head = long_answer(world)
    restored.do_doubt()
    assert states(world, head) == ["unknown"]
    out = world.public_reply(head)
    for part in out.thread.parts if out.thread else ():
        ours = [item for item in world.network.items.values() if item.author == world.network.us]
        under = ours[-1].id if ours else out.parent_id
        world.network.add("public", world.network.us, part.text, parent=under, key=part.key)
    seen = len(world.network.egress.requests)
    with world.sending():
        wait_for(lambda: states(world, head) == ["sent"] * 3)
    is_whole(world)
    assert ("POST", "/posts") not in world.network.egress.requests[seen:]


def test_all_of_it_is_taken_down(world: World, clock_offset: Move) -> None:
    head = long_answer(world)
    with world.sending():
        wait_for(lambda: states(world, head) == ["sent"] * 3)
        (last, _) = parts(world, head)[-1]
        with world.tx() as tx:
            made = repairs.repair(tx, world.person(), last, "It names somebody.")
        assert made.repair.reply_id == str(head)
        assert made.public_draft.text == LONG.strip()
        wait_for(lambda: world.network.shown("public") == [])
        wait_for(lambda: world.one("SELECT gone_at IS NOT NULL FROM repairs") == (True,))


def test_what_has_not_gone_yet_does_not_once_the_rest_is_taken_down(world: World, clock_offset: Move) -> None:
    """One part is out, one on its way, and one was never meant: nothing of it stays."""
    head = long_answer(world)
    hold = alone(world)
    sent_by_hand(world, hold, head)
    (_, (second, _)) = parts(world, head)
    opened = attempts.begin(public.LINE, hold, second, QUICK, no_picture)
    assert opened is not None
    with world.tx() as tx:
        repairs.repair(tx, world.person(), head, "")
    event, receipt = delivered(Sender(world.network.egress, no_picture, pace=QUICK), public.LINE, hold, opened)
    attempts.settle(public.LINE, opened, event, receipt)
    with world.tx() as tx:
        writers.release(tx, hold)
    with world.sending():
        wait_for(lambda: world.network.shown("public") == [])
    assert states(world, head) == ["sent", "sent"]
    assert world.network.published("public") == POSTS[:2]


def test_a_part_that_waits_is_given_up_with_the_rest(world: World) -> None:
    head = long_answer(world)
    hold = alone(world)
    sent_by_hand(world, hold, head)
    with world.tx() as tx:
        repairs.repair(tx, world.person(), head, "")
    assert states(world, head) == ["sent", "cancelled"]


def test_somebody_agrees_to_all_of_it_once(office: Office) -> None:
    case = office.asked_in_public()
    head = office.mean_publicly(office.public_ask(case, LONG, in_parts=3), by=office.mia).id
    assert states(office, head) == ["approval"]
    office.agree(head, case)
    with office.sending():
        wait_for(lambda: states(office, head) == ["sent"] * 3)
    is_whole(office)


def test_other_words_in_its_place_go_out_in_the_parts_they_come_to(office: Office) -> None:
    case = office.asked_in_public()
    head = office.mean_publicly(office.public_ask(case, LONG, in_parts=3), by=office.mia).id
    changed = office.change(head, case, f"{FIRST}\n\n{THIRD}").id
    office.agree(changed, case, by=office.mia)
    with office.sending():
        wait_for(lambda: states(office, changed) == ["sent"] * 2)
    assert office.network.published("public") == [f"{FIRST.strip()} 1/2", f"{THIRD.strip()} 2/2"]
    one = office.ask(case)
    with pytest.raises(Invalid, match="too long"):
        office.change(one, case, LONG)


def test_its_record_tells_of_every_part(world: World) -> None:
    head = long_answer(world)
    with world.sending():
        wait_for(lambda: states(world, head) == ["sent"] * 3)
    (_, (second, _), _) = parts(world, head)
    with world.tx() as tx:
        told = record.of_public(tx, world.person(), second)
    assert told.reply_id == str(second)
    assert [one.text for one in told.happened if one.what == "written"] == [LONG.strip(), *POSTS[1:]]


# --- what the tables refuse ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"text": "'Something else.'", "text_sha256": "sha256('Something else.')"}, "follow_what_was_fixed"),
        ({"key": "md5(key)"}, "follow_what_was_fixed"),
        ({"id": "id + 1"}, "follow_what_was_fixed"),
        ({"part": "3"}, "once the one before it is out"),
        ({"parent_id": "'elsewhere'"}, "once the one before it is out"),
        ({"part": "NULL"}, "part_of_a_thread"),
        ({}, None),
    ],
)
def test_a_part_is_what_was_fixed_and_comes_in_its_turn(
    world: World, owner_sql: OwnerSql, changed: dict[str, str], why: str | None
) -> None:
    head = long_answer(world)
    sent_by_hand(world, alone(world), head)
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
    columns = [row[0] for row in world.all(query, "public_replies")]
    values = ", ".join(changed.get(column, column) for column in columns)
    again = (
        "CREATE TEMP TABLE was ON COMMIT DROP AS SELECT * FROM public_replies"
        f" WHERE thread = {head} AND part = 2; DELETE FROM public_replies WHERE thread = {head} AND part = 2;"
        f"INSERT INTO public_replies ({', '.join(columns)}) SELECT {values} FROM was"
    )
    with pytest.raises(Error, match=why) if why else nullcontext():
        owner_sql(again)
