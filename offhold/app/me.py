"""`GET /api/me`: what a screen needs to know of itself before it shows anything."""

from __future__ import annotations

import msgspec
from ninja import Router

from offhold.channels.queries import channel_views
from offhold.channels.views import ChannelView
from offhold.kernel.db.tx import Tx, looking
from offhold.people import queries
from offhold.people.actors import Actor
from offhold.people.facts import Person
from offhold.people.rights import Can
from offhold.people.web import Asked, shown, signed_in

QUEUES = "SELECT id::text, name FROM queues WHERE removed_at IS NULL ORDER BY id"

router = Router(auth=signed_in, tags=["me"])


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """The person signed in; `id` is the membership's, as in `team` and in assignees."""

    id: str
    email: str
    duty_name: str
    initials: str
    role: str


class WorkspaceName(msgspec.Struct, frozen=True):
    id: str
    name: str


class QueueView(msgspec.Struct, frozen=True):
    id: str
    name: str


class MeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`observers`: those of the team who read along; no case is given to them, and they read no notes."""

    user: Me
    workspace: WorkspaceName
    can: Can
    queues: list[QueueView]
    channels: list[ChannelView]
    team: list[Person]
    observers: list[str]


@router.get("/me", response=shown(MeAnswer))
def me(request: Asked) -> MeAnswer:
    """Who is signed in, where, and what they may do."""
    with looking(request.auth.workspace_id) as tx:
        return answer(tx, request.auth)


def answer(tx: Tx, actor: Actor) -> MeAnswer:
    """All of it."""
    return MeAnswer(
        user=Me(
            id=str(actor.membership_id),
            email=actor.email,
            duty_name=actor.duty_name,
            initials=actor.initials,
            role=actor.role,
        ),
        workspace=WorkspaceName(str(actor.workspace_id), queries.workspace_name(tx)),
        can=actor.can,
        queues=[QueueView(*row) for row in tx.rows(QUEUES)],
        channels=channel_views(tx),
        team=queries.team(tx),
        observers=[member for (member,) in tx.rows("SELECT id::text FROM memberships WHERE role = 'observer'")],
    )
