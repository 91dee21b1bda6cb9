"""From the log to the stages: whose lane it is, one poison among many, and what a person can run again."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from psycopg import errors

from offhold.app import pipeline
from offhold.connectors.contract import Posted
from offhold.connectors.fake import wire
from offhold.intake import dead, lanes
from offhold.intake.consume import Hold, Parsed, work
from offhold.intake.consumer import Consumer
from offhold.intake.pulse import Pulse
from offhold.intake.tests.world import World
from offhold.kernel.db.tx import Tx, transaction, transaction_over
from offhold.kernel.errors import NotFound
from tests.support import builders
from tests.support.fixtures import OwnerSql

pytestmark = pytest.mark.usefixtures("as_pipeline")

NOW_IS_LONG_AGO = "UPDATE lanes SET until = now() - interval '1 second' WHERE holder = %s"


@pytest.fixture
def world(workspace: builders.Workspace) -> Iterator[World]:
    with World(workspace).installed() as made:
        yield made


@pytest.fixture(autouse=True)
def nobody_holds_a_lane(owner_sql: OwnerSql) -> None:
    """Lanes are shared by all tests of a database, and so is the queue."""
    owner_sql("UPDATE lanes SET holder = '', until = '-infinity'")
    owner_sql("DELETE FROM arrival_queue")


@pytest.fixture
def hold() -> Hold:
    return take("a")


def take(me: str) -> Hold:
    with transaction_over([]) as tx:
        return me, lanes.take(tx, me)


def said(world: World, *texts: str) -> list[bytes]:
    """Bodies of public posts by as many customers."""
    before = len(world.network.events)
    for text in texts:
        world.network.post(text, by=f"p{secrets.token_hex(4)}")
    return [delivery.body for delivery in world.network.deliveries(before)]


def texts(world: World) -> list[str]:
    return [
        text
        for (text,) in world.rows("SELECT text FROM messages WHERE workspace_id = %s ORDER BY at", world.workspace.id)
    ]


def letters(world: World) -> list[dead.DeadLetter]:
    with transaction(world.workspace.id) as tx:
        return dead.waiting(tx, world.workspace.id)


def redrive(world: World, *ids: str) -> int:
    with transaction(world.workspace.id) as tx:
        return dead.do_redrive(tx, world.workspace.id, [int(i) for i in ids] or None)


class Broken:
    """The pipeline with a bug that shows on one word. `seen` counts what it was given."""

    def __init__(self, word: str) -> None:
        self.word, self.seen, self.mended = word, 0, False

    def __call__(self, tx: Tx, batch: list[Parsed]) -> None:
        self.seen += 1
        pipeline.handle(tx, batch)  # what it wrote must be gone when it fails afterwards
        if not self.mended and any(isinstance(s, Posted) and s.text == self.word for p in batch for s in p.signals):
            raise ZeroDivisionError("a bug of ours")


# --- lanes


def test_a_worker_that_lost_its_lease_writes_nothing(world: World, hold: Hold, owner_sql: OwnerSql) -> None:
    world.arrive(*said(world, "Where is my bag?"))
    owner_sql(NOW_IS_LONG_AGO, ("a",))
    other = take("b")
    with pytest.raises(lanes.LostLane):
        work(hold, pipeline.handle)
    assert (texts(world), len(world.queue())) == ([], 1)
    assert work(other, pipeline.handle) == 1
    assert texts(world) == ["Where is my bag?"]


def test_a_worker_that_lost_its_lease_counts_no_try_either(world: World, hold: Hold, owner_sql: OwnerSql) -> None:
    world.arrive(*said(world, "Where is my bag?"))

    def lose_and_fail(tx: Tx, batch: list[Parsed]) -> None:
        tx.conn.rollback()  # the session was cut off; another worker came in between
        owner_sql(NOW_IS_LONG_AGO, ("a",))
        owner_sql("UPDATE lanes SET holder = 'b', fence = fence + 1, until = now() + interval '1 hour'")
        raise ZeroDivisionError

    with pytest.raises(lanes.LostLane):
        work(hold, lose_and_fail)
    assert world.rows("SELECT tries FROM arrival_queue WHERE channel_id = %s", world.channel.id) == [(0,)]


def test_nobody_takes_a_lane_over_while_its_batch_is_being_written(
    world: World, hold: Hold, owner_sql: OwnerSql
) -> None:
    world.arrive(*said(world, "Where is my bag?"))
    lane = lanes.lane_of(world.workspace.id, "fake")
    offered: list[set[int]] = []

    def paused_past_its_lease(tx: Tx, batch: list[Parsed]) -> None:
        pipeline.handle(tx, batch)
        offered.append({row[0] for row in owner_sql(
            "SELECT lane FROM lanes WHERE until < now() + interval '1 hour' FOR UPDATE SKIP LOCKED")})  # fmt: skip

    assert work(hold, paused_past_its_lease) == 1
    assert lane not in offered[0]


def test_a_lane_given_up_is_free_at_once_and_its_number_grows(hold: Hold) -> None:
    with transaction_over([]) as tx:
        lanes.give_up(tx, "a")
    assert take("b")[1] == {lane: fence + 1 for lane, fence in hold[1].items()}


def test_a_lane_that_is_held_is_nobody_elses(hold: Hold) -> None:
    assert len(hold[1]) == lanes.LANES
    assert take("b")[1] == {}
    assert take("a") == hold


# --- one poison among many


def test_a_failing_arrival_stops_no_other(world: World, hold: Hold) -> None:
    good = [f"Where is bag {n}?" for n in range(20)]
    world.arrive(*said(world, *good[:9], "poison", *good[9:]))
    assert work(hold, Broken("poison")) == 21
    assert texts(world) == good
    assert world.rows("SELECT tries FROM arrival_queue WHERE channel_id = %s", world.channel.id) == [(1,)]
    assert letters(world) == []


def test_what_fails_is_tried_five_times_and_then_put_aside(
    world: World, hold: Hold, clock_offset: Callable[[float], None]
) -> None:
    broken = Broken("poison")
    world.arrive(*said(world, "poison"))
    passed = 0.0
    for pause in (1, 10, 60, 600):
        assert work(hold, broken) == 1
        assert work(hold, broken) == 0, "tried again before its time"
        clock_offset(passed := passed + pause + 0.5)
    assert (broken.seen, letters(world)) == (4, [])
    assert work(hold, broken) == 1
    (letter,) = letters(world)
    assert (letter.reason, letter.detail) == ("failed", "ZeroDivisionError: a bug of ours")
    assert letter.excerpt is not None
    assert "poison" in letter.excerpt
    assert (world.queue(), texts(world)) == ([], [])


def test_bytes_that_are_not_what_was_promised_are_put_aside_at_once(world: World, hold: Hold) -> None:
    world.arrive(*said(world, "one"), b'{"events": "no list"}', b"\xff\x00", *said(world, "two"))
    assert work(hold, pipeline.handle) == 4
    assert texts(world) == ["one", "two"]
    assert [letter.reason for letter in letters(world)] == ["malformed", "malformed"]
    assert world.queue() == []


def test_run_again_after_a_fix(world: World, hold: Hold, clock_offset: Callable[[float], None]) -> None:
    broken = Broken("poison")
    world.arrive(*said(world, "poison", "fine"))
    fail_for_good(world, hold, broken, clock_offset)
    (letter,) = letters(world)
    assert redrive(world, letter.id) == 1
    assert letters(world) == []
    broken.mended = True
    assert work(hold, broken) == 1
    assert (texts(world), letters(world), redrive(world)) == (["poison", "fine"], [], 0)
    with pytest.raises(NotFound):
        redrive(world, letter.id)


def fail_for_good(world: World, hold: Hold, broken: Broken, clock_offset: Callable[[float], None]) -> None:
    passed = 0.0
    while world.queue():
        work(hold, broken)
        clock_offset(passed := passed + 601)


def test_run_again_without_a_fix_comes_back_as_the_same_letter(
    world: World, hold: Hold, clock_offset: Callable[[float], None]
) -> None:
    broken = Broken("poison")
    world.arrive(*said(world, "poison"))
    fail_for_good(world, hold, broken, clock_offset)
    (letter,) = letters(world)
    assert redrive(world) == 1
    fail_for_good(world, hold, broken, clock_offset)
    assert [again.id for again in letters(world)] == [letter.id]


def test_nobody_runs_another_companys_letters(world: World, hold: Hold, other_workspace: builders.Workspace) -> None:
    world.arrive(b"not json")
    work(hold, pipeline.handle)
    (letter,) = letters(world)
    with transaction(other_workspace.id) as tx:
        assert dead.waiting(tx, other_workspace.id) == []
        assert dead.do_redrive(tx, other_workspace.id) == 0
    with pytest.raises(NotFound), transaction(other_workspace.id) as tx:
        dead.do_redrive(tx, other_workspace.id, [int(letter.id)])
    with suppress(errors.RaiseException), transaction(other_workspace.id) as tx:
        dead.enqueue(tx, world.workspace.id, "fake", world.channel.id, 1, tx.at.date())
        pytest.fail("queued for somebody else")
    assert world.queue() == []


# --- what only the database refuses


def hostile(world: World, text: str = "hello", item_id: str = "") -> bytes:
    item = world.network.add("public", world.network.customer("mallory"), text)
    changed = wire.Item(item_id or item.id, item.audience, item.author, text, item.at, thread=item_id or item.thread)
    return wire.envelope(wire.Posted(changed))


def test_an_id_too_long_for_an_index_is_put_aside_like_any_other_poison(
    world: World, hold: Hold, clock_offset: Callable[[float], None]
) -> None:
    long = hostile(world, item_id=secrets.token_hex(20_000))
    world.arrive(*said(world, "one"), long, *said(world, "two"))
    fail_for_good(world, hold, Broken(""), clock_offset)
    assert texts(world) == ["one", "two"]
    assert [letter.reason for letter in letters(world)] == ["failed"]


def test_a_nul_in_the_words_is_no_poison(world: World, hold: Hold) -> None:
    world.arrive(*said(world, "one"), hostile(world, "be\0fore"))
    assert work(hold, pipeline.handle) == 2
    assert [len(text) for text in texts(world)] == [3, 7]
    assert (world.queue(), letters(world)) == ([], [])


# --- nothing twice


def test_the_same_words_by_another_way_are_one_message(world: World, hold: Hold) -> None:
    (body,) = said(world, "Where is my bag?")
    world.arrive(body)
    work(hold, pipeline.handle)
    world.arrive(body + b" ", source="poll")
    assert work(hold, pipeline.handle) == 1
    assert texts(world) == ["Where is my bag?"]


def test_a_channel_removed_meanwhile_leaves_nothing_in_the_queue(world: World, hold: Hold, owner_sql: OwnerSql) -> None:
    world.arrive(*said(world, "Where is my bag?"))
    owner_sql("DELETE FROM channels WHERE id = %s", (world.channel.id,))
    assert work(hold, pipeline.handle) == 1
    assert world.queue() == []


def test_a_consumer_that_fails_says_so(workspace: builders.Workspace) -> None:
    """A thread that died in silence would leave a worker that is alive and does nothing."""
    ended = threading.Event()
    consumer = Consumer(lambda tx, batch: None, Pulse(), on_end=ended.set)
    consumer._drain = _break  # type: ignore[method-assign]
    consumer.start()
    assert ended.wait(10)
    assert isinstance(consumer.failed, ZeroDivisionError)


def _break() -> None:
    raise ZeroDivisionError
