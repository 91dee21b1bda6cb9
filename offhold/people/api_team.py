"""The team over HTTP: who is here, links to come in by, and what is changed about a colleague."""

from __future__ import annotations

from typing import Literal

import msgspec
from django.conf import settings
from ninja import Router, Status

from offhold.kernel.db.tx import Tx, transaction
from offhold.people import invitations, team
from offhold.people.invitations import Invitation
from offhold.people.team import Member
from offhold.people.web import Asked, Body, Id, Line, shown, signed_in

router = Router(auth=signed_in, tags=["team"])


class TeamAnswer(msgspec.Struct, frozen=True):
    members: list[Member]
    invitations: list[Invitation]


class InvitationAnswer(msgspec.Struct, frozen=True):
    """`link` is told this once; only its hash is kept."""

    invitation: Invitation
    link: str


class WithdrawnAnswer(msgspec.Struct, frozen=True):
    withdrawn: bool


class InviteBody(Body):
    email: Line
    role: Literal["agent", "lead", "admin", "observer"]


class MemberBody(Body):
    role: Literal["agent", "lead", "admin", "observer"]
    duty_name: Line
    initials: Line


@router.get("/team", response=shown(TeamAnswer))
def everybody(request: Asked) -> TeamAnswer:
    """Who is here; for those who lead also who left, and which links are open."""
    with transaction(request.auth.workspace_id) as tx:
        return _team(tx, request)


@router.post("/team/invitations", response={201: shown(InvitationAnswer)})
def invite(request: Asked, body: InviteBody) -> Status[InvitationAnswer]:
    """A link by which somebody new comes in, once, within a week."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        made, token = invitations.do_invite(tx, request.auth, email=body.email, role=body.role)
    return Status(201, InvitationAnswer(made, _link(token)))


@router.delete("/team/invitations/{invitation_id}", response=shown(WithdrawnAnswer))
def withdraw(request: Asked, invitation_id: Id) -> WithdrawnAnswer:
    """The link works no more."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        invitations.do_withdraw(tx, request.auth, invitation_id)
    return WithdrawnAnswer(True)


@router.put("/team/{member_id}", response=shown(TeamAnswer))
def change(request: Asked, member_id: Id, body: MemberBody) -> TeamAnswer:
    """Another role, duty name or initials, from their next request on."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        team.do_change(tx, request.auth, member_id, role=body.role, duty_name=body.duty_name, initials=body.initials)
        return _team(tx, request)


@router.post("/team/{member_id}/link", response={201: shown(InvitationAnswer)})
def link(request: Asked, member_id: Id) -> Status[InvitationAnswer]:
    """A link by which a colleague, also a former one, gets a new password and comes in again."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        made, token = invitations.do_invite_back(tx, request.auth, member_id)
    return Status(201, InvitationAnswer(made, _link(token)))


def _team(tx: Tx, request: Asked) -> TeamAnswer:
    links = invitations.open_invitations(tx, request.auth) if request.auth.can.lead else []
    return TeamAnswer(team.members(tx, request.auth), links)


def _link(token: str) -> str:
    return f"{settings.PUBLIC_URL}/join#{token}"
