"""A reply that goes out as several posts: in order, each under the one before, none twice, whatever fails where."""

from __future__ import annotations

import pytest

from offhold.connectors.fake.network import Failure
from offhold.kernel.errors import Invalid
from offhold.publishing import attempts, public, writers
from offhold.publishing.sender import Sender
from offhold.publishing.tests.world import QUICK, Move, World, delivered, no_picture, refused, wait_for
from offhold.publishing.writers import Hold

FIRST = "We looked for your bag in Lisbon, in Porto and in Faro, and we asked everybody at each of them. " * 2
SECOND = "It stood in Faro behind a door that nobody opens, next to two surfboards and a very large harp. " * 2
THIRD = "It flies to you tonight and will be at the desk of gate B12 from six in the morning on. " * 2
LONG = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
POSTS = [f"{text.strip()} {n}/3" for n, text in enumerate((FIRST, SECOND, THIRD), 1)]


def long_answer(world: World, case: int | None = None) -> int:
    """Say something in three posts. Returns the first of them."""
    ask = world.public_ask(case or world.asked_in_public(), LONG, in_parts=3)
    return world.mean_publicly(ask).id


def parts(world: World, head: int) -> list[tuple[int, str]]:
    """The id and state of each that was meant so far."""
    return [(i, s) for i, s in world.all("SELECT id, state FROM public_replies WHERE thread = %s ORDER BY part", head)]


def states(world: World, head: int) -> list[str]:
    return [state for _, state in parts(world, head)]


def alone(world: World) -> Hold:
    """The channel, to send on by hand."""
    with world.tx() as tx:
        hold = writers.take(tx, world.company.id, world.channel_id, lease=60)
    assert hold is not None
    return hold


def sent_by_hand(world: World, hold: Hold, reply: int) -> None:
    """One attempt that goes well."""
    opened = attempts.begin(public.LINE, hold, reply, QUICK, no_picture)
    assert opened is not None
    event, receipt = delivered(Sender(world.network.egress, no_picture, pace=QUICK), public.LINE, hold, opened)
    attempts.settle(public.LINE, opened, event, receipt)


def to_the_end(world: World, head: int, move: Move) -> None:
    """Until no part of it moves any more."""
    seen = 0
    while seen < len(meant := parts(world, head)):
        world.to_the_end(meant[seen][0], move)
        seen += 1


def is_whole(world: World) -> None:
    """On the network stand three posts, each once, and each under the one before it."""
    assert world.network.published("public") == POSTS
    ours = [item for item in world.network.items.values() if item.author == world.network.us]
    assert [item.parent for item in ours[1:]] == [item.id for item in ours[:-1]]
    assert len({item.key for item in ours}) == 3


def test_it_goes_out_in_order_each_part_under_the_one_before(world: World) -> None:
    case = world.asked_in_public()
    head = long_answer(world, case)
    assert states(world, head) == ["intent"], "only what passed the gates is meant; the rest waits for it"
    with world.sending():
        wait_for(lambda: states(world, head) == ["sent"] * 3)
    is_whole(world)
    timeline = world.all("SELECT text, reply_id, case_id, owed FROM messages WHERE identity_id IS NULL ORDER BY at")
    assert timeline == [(post, reply, case, False) for post, (reply, _) in zip(POSTS, parts(world, head), strict=True)]
    assert world.one("SELECT waiting_since FROM cases WHERE id = %s", case) == (None,)
    world.hear()
    assert world.one("SELECT count(*) FROM messages WHERE identity_id IS NULL") == (3,)
    assert world.public_reply(head).text == LONG.strip()


def test_who_can_read_each_part_is_read_back(world: World, clock_offset: Move) -> None:
    head = long_answer(world)
    with world.sending():
        wait_for(lambda: states(world, head) == ["sent"] * 3)
        clock_offset(5.0)
        unread = "SELECT count(*) FROM public_replies WHERE thread = %s AND verified_at IS NULL"
        wait_for(lambda: world.one(unread, head) == (0,))


@pytest.mark.parametrize(("shown", "code"), [(2, "parts_changed"), (4, "parts_changed"), (None, "text_too_long")])
def test_it_goes_out_as_its_author_was_shown_or_not_at_all(world: World, shown: int | None, code: str) -> None:
    case = world.asked_in_public()
    assert refused(world, Invalid, case=case, text=LONG, in_parts=shown).code == code
    assert refused(world, Invalid, case=case, text="Short.", in_parts=2).code == "parts_changed"
    assert refused(world, Invalid, case=case, text=LONG * 3, in_parts=4).code == "text_too_long"


# --- what fails ----------------------------------------------------------------------------------------------

SETTLED_BY_ITSELF: list[Failure] = ["unreachable", "rate_limit", "fail_after", "lose_answer", "garble"]


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("failure", SETTLED_BY_ITSELF)
def test_it_goes_on_where_it_stopped(world: World, clock_offset: Move, failure: Failure, at: int) -> None:
    head = long_answer(world)
    fails_at(world, at, failure)
    with world.sending():
        to_the_end(world, head, clock_offset)
    assert states(world, head) == ["sent"] * 3
    is_whole(world)


def fails_at(world: World, at: int, failure: Failure) -> None:
    """The write of the part `at` fails; the ones before it do not."""
    write = world.network.add
    writes = 0

    def counted(*args: object, **named: object) -> object:
        nonlocal writes
        writes += 1
        if writes == at - 1:
            world.network.fail(failure)
        return write(*args, **named)  # type: ignore[arg-type]

    if at == 1:
        world.network.fail(failure)
    else:
        world.network.add = counted  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize("dedupes", [True, False])
def test_a_part_that_may_be_out_is_looked_up_before_anything_goes_on(
    database: str, clock_offset: Move, dedupes: bool
) -> None:
    """No answer, and it is not there. Where a key is dear to the network it is sent again; else a person is asked."""
    world = World(dedupes=dedupes)
    with world.installed():
        head = long_answer(world)
        fails_at(world, 2, "fail_before")
        with world.sending():
            to_the_end(world, head, clock_offset)
            if not dedupes:
                assert states(world, head) == ["sent", "needs_human"], "nothing follows what may not be there"
                return
        assert states(world, head) == ["sent"] * 3
        is_whole(world)


def test_what_the_network_refuses_ends_it_there(world: World, clock_offset: Move) -> None:
    head = long_answer(world)
    fails_at(world, 2, "refuse")
    with world.sending():
        to_the_end(world, head, clock_offset)
    assert states(world, head) == ["sent", "refused"]
    assert world.network.published("public") == POSTS[:1]


@pytest.mark.parametrize("delivers", [True, False])
def test_a_process_that_dies_in_the_middle_leaves_enough_to_go_on(
    world: World, clock_offset: Move, delivers: bool
) -> None:
    """It dies with the second part on its way: sent or not, and nobody was told."""
    head = long_answer(world)
    hold = alone(world)
    sent_by_hand(world, hold, head)
    (_, (second, _)) = parts(world, head)
    opened = attempts.begin(public.LINE, hold, second, QUICK, no_picture)
    assert opened is not None
    if delivers:
        delivered(Sender(world.network.egress, no_picture, pace=QUICK), public.LINE, hold, opened)
    with world.tx() as tx:
        writers.release(tx, hold)
    with world.sending():
        to_the_end(world, head, clock_offset)
    if delivers:
        is_whole(world)
    else:  # this network does not dedupe, and has nothing later of ours to prove the absence by
        assert states(world, head) == ["sent", "needs_human"]
        assert world.network.published("public") == POSTS[:1]


def test_a_process_that_dies_between_two_parts_leaves_enough_to_go_on(world: World) -> None:
    head = long_answer(world)
    hold = alone(world)
    sent_by_hand(world, hold, head)
    with world.tx() as tx:
        writers.release(tx, hold)
    assert states(world, head) == ["sent", "intent"]
    with world.sending():
        wait_for(lambda: states(world, head) == ["sent"] * 3)
    is_whole(world)


def test_the_networks_own_copy_is_as_good_as_its_answer(world: World, clock_offset: Move) -> None:
    head = long_answer(world)
    fails_at(world, 2, "lose_answer")
    with world.sending():
        wait_for(lambda: states(world, head)[1:] and states(world, head)[1] in ("unknown", "reconciling"))
        world.hear()
        wait_for(lambda: states(world, head) == ["sent"] * 3)
    is_whole(world)


def test_a_copy_without_our_key_is_known_by_the_words_of_its_part_and_its_place(
    world: World, clock_offset: Move
) -> None:
    head = long_answer(world)
    world.network.fail("lose_answer")
    with world.sending():
        world.until(head, "unknown", "reconciling")
        world.hear(settle=False)
        with world.tx() as tx:
            tx.run("UPDATE messages SET client_key = NULL")
        reads = len(world.network.egress.requests)
        world.to_the_end(head, clock_offset)
        assert ("GET", "/items") not in world.network.egress.requests[reads:]
        wait_for(lambda: states(world, head) == ["sent"] * 3)
    is_whole(world)


def test_an_answer_that_comes_late_means_nothing_a_second_time(world: World, clock_offset: Move) -> None:
    """Its writer stalled after the network took it; the next one found it and went on."""
    head = long_answer(world)
    hold = alone(world)
    opened = attempts.begin(public.LINE, hold, head, QUICK, no_picture)
    assert opened is not None
    event, receipt = delivered(Sender(world.network.egress, no_picture, pace=QUICK), public.LINE, hold, opened)
    with world.tx() as tx:
        writers.release(tx, hold)
    with world.sending():
        to_the_end(world, head, clock_offset)
    attempts.settle(public.LINE, opened, event, receipt)
    assert states(world, head) == ["sent"] * 3
    is_whole(world)
