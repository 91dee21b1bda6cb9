"""Who may stop what and for how long, who lifts it, and what nobody is offered meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from offhold.kernel.errors import Conflict, Forbidden, Invalid, NotFound, OffholdError
from offhold.people.actors import Actor
from offhold.publishing import stops, waiting
from offhold.publishing.stops import By, Scope, StopAsk
from offhold.publishing.tests.office import Office
from offhold.publishing.tests.world import Move, World
from tests.support import builders


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made
        with made.tx() as tx:
            tx.run("UPDATE publishing_stops SET swept_at = coalesce(swept_at, at)")


def asks(world: World, role: str, scope: Scope = "channel", **more: Any) -> StopAsk:
    given = {"channel_id": world.channel_id} if scope == "channel" else {}
    ask = StopAsk(scope=scope, **({"reason": "Look at this"} | given | more))
    with world.tx() as tx:
        return stops.check_stop(tx, world.person("Mia", role), ask)


def test_an_agent_stops_one_channel_for_ten_minutes_and_a_lead_anything_for_four_hours(world: World) -> None:
    assert asks(world, "agent").lasts == timedelta(minutes=10)
    assert asks(world, "lead", "workspace").lasts == timedelta(hours=4)
    assert asks(world, "lead", "network", network="fake", lasts=timedelta(days=2)).lasts == timedelta(days=2)


@pytest.mark.parametrize(
    ("role", "scope", "more", "error", "code"),
    [
        ("observer", "channel", {}, Forbidden, "forbidden"),
        ("agent", "workspace", {}, Forbidden, "only_a_channel"),
        ("agent", "network", {"network": "fake"}, Forbidden, "only_a_channel"),
        ("agent", "channel", {"lasts": timedelta(minutes=11)}, Forbidden, "too_long"),
        ("lead", "channel", {"reason": "  "}, Invalid, "reason_needed"),
        ("lead", "channel", {"channel_id": None}, Invalid, "bad_scope"),
        ("lead", "channel", {"network": "fake"}, Invalid, "bad_scope"),
        ("lead", "workspace", {"lasts": timedelta(days=31)}, Invalid, "bad_length"),
        ("lead", "channel", {"channel_id": 1}, NotFound, "no_such_channel"),
        ("lead", "workspace", {"allow": (1,)}, NotFound, "no_such_channel"),
        ("lead", "network", {"network": "nowhere"}, NotFound, "no_such_network"),
    ],
)
def test_what_is_refused(
    world: World, role: str, scope: Scope, more: dict[str, Any], error: type[OffholdError], code: str
) -> None:
    with pytest.raises(error) as caught:
        asks(world, role, scope, **more)
    assert caught.value.code == code


def test_who_set_it_lifts_it_or_a_lead(world: World) -> None:
    mia, bob, carol = world.person("Mia"), world.person("Bob"), world.person("Carol", "lead")
    with world.tx() as tx:
        wanted = stops.check_stop(tx, mia, StopAsk(scope="channel", channel_id=world.channel_id, reason="Look"))
        stop = int(stops.do_stop(tx, world.company.id, By(mia.membership_id, "Mia"), wanted).id)
    for actor in (mia, carol):
        with world.tx() as tx:
            stops.check_lift(tx, actor, stop)
    with pytest.raises(Forbidden), world.tx() as tx:
        stops.check_lift(tx, bob, stop)
    with world.tx() as tx:
        stops.do_lift(tx, world.company.id, By(mia.membership_id, "Mia"), stop)
    with pytest.raises(Conflict) as caught, world.tx() as tx:
        stops.check_lift(tx, mia, stop)
    assert caught.value.code == "not_stopped"


# --- again and again -----------------------------------------------------------------------------------------


def stopped_by(office: Office, actor: Actor, channel_id: int | None = None) -> int:
    ask = StopAsk(scope="channel", channel_id=channel_id or office.channel_id, reason="Look at this")
    with office.tx() as tx:
        wanted = stops.check_stop(tx, actor, ask)
        return int(stops.do_stop(tx, office.company.id, By(actor.membership_id, actor.duty_name), wanted).id)


def test_agents_stop_a_channel_once_an_hour_and_a_lead_as_often_as_needed(office: Office, clock_offset: Move) -> None:
    bob = office.hired("agent")
    stopped_by(office, office.mia)
    clock_offset(3599.0)
    for agent in (office.mia, bob):
        with pytest.raises(Forbidden) as caught:
            stopped_by(office, agent)
        assert caught.value.code == "stopped_lately"
    stopped_by(office, office.carol)
    stopped_by(office, office.carol)
    clock_offset(3600.0)
    stopped_by(office, bob)  # what leads stopped is not counted against agents


def test_another_channel_has_its_own_hour(office: Office) -> None:
    other = builders.channel(office.company, network="fake", account_id="us-too").id
    stopped_by(office, office.mia)
    stopped_by(office, office.mia, other)


# --- what is offered meanwhile -------------------------------------------------------------------------------


def test_nothing_is_offered_that_a_stop_would_refuse(office: Office) -> None:
    builders.holds(office.company, public=60)
    held = office.ask(office.asked_in_public())

    def may() -> tuple[bool, bool]:
        with office.tx() as tx:
            found = waiting.waiting(tx, office.mia)
        assert [one.reply.id for one in found] == [str(held)]
        return found[0].may.release, found[0].may.take_back

    assert may() == (True, True)
    stop = stopped_by(office, office.carol)
    assert may() == (False, True)
    with office.tx() as tx:
        stops.do_lift(tx, office.company.id, By(1, "Carol"), stop)
    assert may() == (True, True)


def test_nobody_is_asked_to_agree_while_it_is_stopped(office: Office) -> None:
    office.ask(office.asked_in_public())
    stopped_by(office, office.carol)
    with office.tx() as tx:
        assert [one.may.agree for one in waiting.waiting(tx, office.carol)] == [False]
