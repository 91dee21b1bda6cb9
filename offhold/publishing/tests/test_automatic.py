"""What is said without a person: when, once, labelled, through the same graph, and never for long in circles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import PublicOut
from offhold.kernel.errors import Unavailable
from offhold.people import pages
from offhold.publishing import automatic, policies
from offhold.publishing.policy import Asks, AutomaticText, Holds, Hours, PublishingPolicy, Window
from offhold.publishing.tests.world import Move, World
from tests.support import builders

WEEK = Hours("Europe/Madrid", (Window((0, 1, 2, 3, 4), "09:00", "18:00"),))
THANKS = AutomaticText(kind="acknowledgement", text="We read you.", label="Automatic message", on=True)
LATER = AutomaticText(kind="out_of_hours", text="Back at nine.", label="Automatic message", on=True, hours=WEEK)
BOTH = PublishingPolicy(
    holds=Holds(0, 0), automatic_public=(THANKS,),
    automatic_private=(msgspec.structs.replace(THANKS, text="We read you here too."),),
)  # fmt: skip


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    builders.policy(made.company, BOTH)
    with made.installed():
        yield made


def answered(world: World, *cases: int) -> None:
    """The step of the pipeline after these cases opened."""
    with world.tx() as tx:
        automatic.answer_new(tx, [(world.company.id, case) for case in cases])


def replies(world: World, case: int) -> list[tuple[Any, ...]]:
    return world.all(
        "SELECT audience, text, automatic, author_id FROM public_replies WHERE case_id = %(case)s UNION ALL"
        " SELECT audience, text, automatic, author_id FROM direct_replies WHERE case_id = %(case)s",
        {"case": case},
    )


@pytest.mark.parametrize(
    ("at", "there"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), False),  # Monday, 08:59 in Madrid
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), False),  # Sunday
        (datetime(2026, 7, 20, 7, 0, tzinfo=UTC), True),  # summer time
    ],
)
def test_hours_are_of_the_wall_clock_there(at: datetime, *, there: bool) -> None:
    assert automatic.somebody_there(WEEK, at) is there
    assert automatic.applies(LATER, 1, at) is not there


def test_what_is_off_or_for_another_channel_is_not_said() -> None:
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert not automatic.applies(msgspec.structs.replace(THANKS, on=False), 1, at)
    assert not automatic.applies(msgspec.structs.replace(THANKS, channels=("2",)), 1, at)
    assert automatic.applies(msgspec.structs.replace(THANKS, channels=("1",)), 1, at)


def test_a_new_case_is_acknowledged_in_the_audience_it_began_in_and_says_that_no_person_wrote_it(world: World) -> None:
    public, private = world.asked_in_public(), world.asked_in_private(by="emil")
    answered(world, public, private)
    assert replies(world, public) == [("public", "We read you.\n\nAutomatic message", True, 0)]
    assert replies(world, private) == [("private", "We read you here too.\n\nAutomatic message", True, 0)]


def test_it_is_said_once_in_a_case_however_often_the_step_runs(world: World) -> None:
    case = world.asked_in_public()
    answered(world, case)
    answered(world, case)
    world.asked_in_private()  # the same customer, the same case
    answered(world, case)
    assert len(replies(world, case)) == 1


def test_whoever_waits_for_a_person_waits_on(world: World, clock_offset: Move) -> None:
    case = world.asked_in_public()
    answered(world, case)
    (reply,) = world.one("SELECT id FROM public_replies WHERE case_id = %s", case)
    with world.sending():
        assert world.until(reply, "sent")
    world.hear()
    assert world.one("SELECT waiting_since IS NOT NULL FROM cases WHERE id = %s", case) == (True,)
    assert world.network.published("public") == ["We read you.\n\nAutomatic message"]


def test_it_does_not_make_a_colleagues_answer_stale(world: World) -> None:
    case = world.asked_in_public()
    ask = world.public_ask(case)
    answered(world, case)
    assert world.mean_publicly(ask).state == "intent"


def test_it_never_carries_a_tag_kept_for_people(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[bool] = []
    deliver = type(world.connector).deliver_public

    async def watched(self: Any, egress: Any, channel: Any, out: PublicOut) -> Any:
        carried.append(out.human)
        return await deliver(self, egress, channel, out)

    monkeypatch.setattr(type(world.connector), "deliver_public", watched)
    first, second = world.asked_in_public(), world.asked_in_public(by="emil")
    answered(world, first)
    (machine,) = world.one("SELECT id FROM public_replies WHERE case_id = %s", first)
    person = world.say(second)
    with world.sending():
        world.until(machine, "sent")
        world.until(person, "sent")
    assert sorted(carried) == [False, True]


def test_it_asks_a_second_person_where_everything_must(world: World) -> None:
    builders.policy(world.company, msgspec.structs.replace(BOTH, asks_public=Asks(everyone=True)))
    case = world.asked_in_public()
    answered(world, case)
    assert world.one("SELECT state FROM public_replies WHERE case_id = %s", case) == ("approval",)


def test_what_the_guard_refuses_is_not_said_and_nothing_else_fails(world: World) -> None:
    card = msgspec.structs.replace(THANKS, text="Pay with 4111 1111 1111 1111.")
    builders.policy(world.company, msgspec.structs.replace(BOTH, automatic_public=(card,)))
    case = world.asked_in_public()
    answered(world, case)
    assert replies(world, case) == []


def test_a_closed_lane_is_no_failure(world: World) -> None:
    with world.tx() as tx:
        tx.run("UPDATE channels SET sending = false WHERE id = %s", (world.channel_id,))
    case = world.asked_in_public()
    answered(world, case)
    assert replies(world, case) == []


def test_one_customer_gets_at_most_three_in_a_day(world: World, clock_offset: Move) -> None:
    with world.tx() as tx:
        tx.run("UPDATE workspaces SET reopen_hours = 0 WHERE id = %s", (world.company.id,))
    said = 0
    for n in range(5):
        case = world.asked_in_public(f"Question number {n}, please?")
        answered(world, case)
        said += len(replies(world, case))
        with world.tx() as tx:
            tx.run("UPDATE cases SET state = 'resolved', resolved_at = %s WHERE id = %s", (tx.at, case))
        clock_offset(60.0 * (n + 1))
    assert said == automatic.MOST_TO_ONE


def test_a_loop_is_broken_for_the_whole_workspace_and_a_lead_is_paged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automatic, "MOST_IN_AN_HOUR", 2)
    cases = [world.asked_in_public(by=name) for name in ("dora", "emil", "fay", "gus")]
    answered(world, *cases)
    assert sum(len(replies(world, case)) for case in cases) == 2
    with world.tx() as tx:
        assert [page.kind for page in pages.open_pages(tx, world.person("Alice", "lead"))] == ["automation_loop"]
        now = policies.load(tx, world.company.id).policy
    assert [text.on for text in (*now.automatic_public, *now.automatic_private)] == [False, False]


def test_our_own_other_account_is_never_answered_by_itself(world: World) -> None:
    case = world.asked_in_public(by="dora")
    builders.channel(world.company, network="fake", account_id="acct-dora")
    answered(world, case)
    assert replies(world, case) == []


def _broken(*_: Any) -> None:
    raise ZeroDivisionError


def test_whatever_fails_in_it_undoes_nothing_that_customers_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = world.asked_in_public(), world.asked_in_public(by="emil")
    with monkeypatch.context() as patched, world.tx() as tx:
        patched.setattr(automatic, "do_public_reply", _broken)
        automatic.answer_new(tx, [(world.company.id, first)])
        patched.undo()
        automatic.answer_new(tx, [(world.company.id, second)])
    assert (len(replies(world, first)), len(replies(world, second))) == (0, 1)


def test_a_policy_of_another_version_keeps_nothing_from_being_stored_and_lets_nothing_out(world: World) -> None:
    with world.tx() as tx:
        tx.run(
            "UPDATE publishing_policies SET policy = policy || '{\"not_known_yet\": 1}' WHERE workspace_id = %s",
            (world.company.id,),
        )
    case = world.asked_in_public()
    answered(world, case)
    assert replies(world, case) == []
    with pytest.raises(Unavailable) as caught:
        world.say(case)
    assert caught.value.code == "policy_unreadable"


def test_a_loop_is_broken_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automatic, "MOST_IN_AN_HOUR", 1)
    cases = [world.asked_in_public(by=name) for name in ("dora", "emil", "fay", "gus")]
    with world.tx() as tx:
        before = policies.load(tx, world.company.id).version
    answered(world, *cases)
    with world.tx() as tx:
        assert policies.load(tx, world.company.id).version == before + 1
