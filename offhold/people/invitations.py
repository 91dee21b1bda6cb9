"""Coming in: a link that works once, shown to whoever invites, because there is no mail server to send it.

The same link lets somebody back in who forgot their password or was shut out: there is no other way to a new one.
Only its hash is kept. It stands in the fragment of an address, which browsers send to nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from offhold.kernel import clock, ids
from offhold.kernel.db.tx import Tx, transaction
from offhold.kernel.errors import Conflict, NotFound
from offhold.kernel.facts import Recorded
from offhold.people import actions
from offhold.people.actors import Actor
from offhold.people.facts import DeskChanged
from offhold.people.models import Membership, User
from offhold.people.ranks import check_may_make, check_may_manage

VALID = timedelta(days=7)
MOST_OPEN = 200


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was made. `membership_id`: it is for somebody who has a place here already."""

    id: str
    role: str
    email: str
    membership_id: str | None
    by: str
    at: datetime
    expires_at: datetime


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody with a link sees before they come in. `duty_name`: they have a place here already."""

    workspace: str
    role: str
    email: str
    by: str
    duty_name: str | None


class _Known(NamedTuple):
    workspace_id: int
    id: int
    workspace: str
    role: str
    email: str
    by: str
    membership_id: int | None
    duty_name: str | None


class NoInvitation(NotFound):
    """This link was used, withdrawn or is too old; ask for a new one."""

    code = "invitation_over"


_ADD = """
INSERT INTO invitations (workspace_id, id, token_hash, membership_id, role, email, by_id, by_name, at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_OPEN = """
SELECT id, role, email, membership_id, by_name, at, expires_at FROM invitations
WHERE workspace_id = %s AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > %s ORDER BY id DESC LIMIT %s
"""
_WITHDRAW = """
UPDATE invitations SET withdrawn_at = %s
WHERE workspace_id = %s AND id = %s AND used_at IS NULL AND withdrawn_at IS NULL
RETURNING role
"""
_WITHDRAW_OF = """
UPDATE invitations SET withdrawn_at = %(at)s
WHERE workspace_id = %(workspace)s AND used_at IS NULL AND withdrawn_at IS NULL
  AND (by_id = %(member)s OR membership_id = %(member)s)
"""
_USE = """
UPDATE invitations SET used_at = %s WHERE workspace_id = %s AND id = %s
  AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > %s
"""


def do_invite(tx: Tx, actor: Actor, *, email: str, role: str) -> tuple[Invitation, str]:
    """A link for somebody new, and its token, which is told this once. Raises `Forbidden`, `Invalid`, `Conflict`."""
    check_may_make(actor, role)
    email = email.strip()
    actions.check_person(email, role, "somebody")
    if User.objects.filter(email__iexact=email).exists():
        raise Conflict("Somebody signs in with this e-mail address already.", code="email_taken")
    return _made(tx, actor, email=email, role=role, member=None)


def do_invite_back(tx: Tx, actor: Actor, membership_id: int) -> tuple[Invitation, str]:
    """A link with which a colleague, also a former one, gets a new password. Raises `Forbidden`, `NotFound`."""
    member = actions.member_of(membership_id)
    check_may_manage(actor, member.role)
    tx.run(_WITHDRAW_OF, {"at": tx.at, "workspace": actor.workspace_id, "member": member.id})
    email = User.objects.get(pk=member.user_id).email
    return _made(tx, actor, email=email, role=member.role, member=member.id)


def open_invitations(tx: Tx, actor: Actor) -> list[Invitation]:
    """Links that would still work, newest first."""
    rows = tx.rows(_OPEN, (actor.workspace_id, tx.at, MOST_OPEN))
    return [
        Invitation(
            id=str(row[0]), role=row[1], email=row[2], membership_id=None if row[3] is None else str(row[3]), by=row[4],
            at=row[5], expires_at=row[6],
        )
        for row in rows
    ]  # fmt: skip


def do_withdraw(tx: Tx, actor: Actor, invitation_id: int) -> None:
    """The link works no more. Raises `Forbidden`, `NotFound`."""
    row = tx.one(_WITHDRAW, (tx.at, actor.workspace_id, invitation_id))
    if row is None:
        raise NotFound
    check_may_make(actor, row[0])
    _told(tx, actor.workspace_id)


def look(token: str) -> Invited:
    """What this link is for. Raises `NoInvitation`."""
    known = _known(token)
    return Invited(
        workspace=known.workspace, role=known.role, email=known.email, by=known.by, duty_name=known.duty_name
    )


def do_accept(token: str, *, password: str, duty_name: str, initials: str) -> str:
    """Come in, once: a new place, or a new password for the one that is there. Returns the e-mail address to sign in
    with. Raises `NoInvitation`, `Invalid`, `Conflict`."""
    known = _known(token)
    with transaction(known.workspace_id) as tx:
        if not tx.run(_USE, (tx.at, known.workspace_id, known.id, tx.at)):
            raise NoInvitation
        if known.membership_id is None:
            person = actions.NewPerson(known.email, password, known.role, duty_name, initials)
            actions.create_user(tx, known.workspace_id, person, by=None)
        else:
            _come_back(tx, actions.member_of(known.membership_id), password)
    return known.email


def _come_back(tx: Tx, member: Membership, password: str) -> None:
    user = User.objects.select_for_update().get(pk=member.user_id)
    actions.check_password(password, user)
    back = not user.is_active
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    actions.end_sign_ins(user.pk)
    actions.announce(tx, member, "joined" if back else "password", None)


def _made(tx: Tx, actor: Actor, *, email: str, role: str, member: int | None) -> tuple[Invitation, str]:
    if len(open_invitations(tx, actor)) >= MOST_OPEN:
        raise Conflict("Too many invitations are open; withdraw some.", code="too_many_invitations")
    token, made = secrets.token_urlsafe(32), ids.new()
    until = tx.at + VALID
    tx.run(
        _ADD,
        (actor.workspace_id, made, _hash(token), member, role, email, actor.membership_id, actor.duty_name, tx.at,
         until),
    )  # fmt: skip
    _told(tx, actor.workspace_id)
    told = Invitation(
        id=str(made), role=role, email=email, membership_id=None if member is None else str(member),
        by=actor.duty_name, at=tx.at, expires_at=until,
    )  # fmt: skip
    return told, token


def _told(tx: Tx, workspace_id: int) -> None:
    tx.record(Recorded(workspace_id, DeskChanged(what="invitations")))


def _known(token: str) -> _Known:
    with transaction(None) as tx:
        row = tx.one("SELECT * FROM invited(%s, %s)", (_hash(token), clock.now()))
    if row is None:
        raise NoInvitation
    return _Known(*row)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
