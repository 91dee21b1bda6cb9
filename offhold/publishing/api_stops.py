"""Stopping over HTTP: set a stop, see what it did, lift it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec
from ninja import Router
from pydantic import Field

from offhold.kernel.db.tx import transaction
from offhold.people.actors import Actor
from offhold.people.web import Asked, Body, Id, Line, shown, signed_in
from offhold.publishing import stopped, stops
from offhold.publishing.stopped import Effect
from offhold.publishing.stops import By, Scope, Stop, StopAsk

router = Router(auth=signed_in, tags=["stops"])


class StopBody(Body):
    """What shall be stopped, why, and for how many minutes; without `minutes` 4 hours, for agents 10 minutes.

    `allow`: channels that go on. Agents may stop one channel for at most 10 minutes; leads anything, for 30 days.
    """

    scope: Scope
    network: Line | None = None
    channel_id: Id | None = None
    allow: Annotated[list[Id], Field(max_length=500, default_factory=list)]
    reason: Line
    minutes: Annotated[int, Field(ge=1, le=43_200)] | None = None


class StopsAnswer(msgspec.Struct, frozen=True):
    stops: list[Stop]


class StopAnswer(msgspec.Struct, frozen=True):
    stop: Stop


@router.get("/stops", response=shown(StopsAnswer))
def all_stops(request: Asked) -> StopsAnswer:
    """Those that hold, and those that ended within the last 7 days; newest first."""
    with transaction(request.auth.workspace_id) as tx:
        return StopsAnswer(stops.recent(tx, request.auth.workspace_id))


@router.post("/stops", response=shown(Effect))
def stop(request: Asked, body: StopBody) -> Effect:
    """Halt whatever goes out. `confirmed`: every sender said that it opens nothing more; else `unconfirmed` names who
    did not within a second, and until when they could. `escaped` had left before; `held` waits to be looked at."""
    actor = request.auth
    ask = StopAsk(
        scope=body.scope,
        reason=body.reason,
        network=body.network,
        channel_id=body.channel_id,
        allow=tuple(body.allow),
        lasts=None if body.minutes is None else timedelta(minutes=body.minutes),
    )
    with transaction(actor.workspace_id) as tx:
        wanted = stops.check_stop(tx, actor, ask)
    return stopped.halt(actor.workspace_id, _by(actor), wanted)


@router.get("/stops/{stop_id}", response=shown(Effect))
def one_stop(request: Asked, stop_id: Id) -> Effect:
    """A stop and what it did so far."""
    request.auth.check_may("answer")
    with transaction(request.auth.workspace_id) as tx:
        return stopped.effect(tx, request.auth.workspace_id, stop_id)


@router.post("/stops/{stop_id}/lift", response=shown(StopAnswer))
def lift(request: Asked, stop_id: Id) -> StopAnswer:
    """It holds no longer. What it held back stays in review; other stops go on. 409 `not_stopped` when it has ended."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        stops.check_lift(tx, actor, stop_id)
        return StopAnswer(stops.do_lift(tx, actor.workspace_id, _by(actor), stop_id))


def _by(actor: Actor) -> By:
    return By(actor.membership_id, actor.duty_name)
