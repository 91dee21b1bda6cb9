"""The team as those who manage it see it, and what they change about a person: role, duty name, initials."""

from __future__ import annotations

import msgspec

from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Forbidden, Invalid
from offhold.people import actions, ranks
from offhold.people.actors import Actor
from offhold.people.models import Membership


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the workspace. `email` only for those who manage the team; `active` False: they left."""

    id: str
    duty_name: str
    initials: str
    role: str
    email: str | None
    active: bool
    may_change: bool


_MEMBERS = """
SELECT m.id, m.duty_name, m.initials, m.role, u.email, u.is_active
FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.workspace_id = %s ORDER BY u.is_active DESC, lower(m.duty_name), m.id
"""


def members(tx: Tx, actor: Actor) -> list[Member]:
    """Everybody, those who left last. Agents and observers see names only."""
    manages = actor.can.lead
    return [
        Member(
            id=str(row[0]), duty_name=row[1], initials=row[2], role=row[3], email=row[4] if manages else None,
            active=row[5], may_change=actor.can.admin or (manages and row[3] in ranks.LED),
        )
        for row in tx.rows(_MEMBERS, (actor.workspace_id,))
        if row[5] or manages
    ]  # fmt: skip


def do_change(tx: Tx, actor: Actor, membership_id: int, *, role: str, duty_name: str, initials: str) -> None:
    """Change a colleague. Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`."""
    admins = ranks.lock_admins(tx, actor.workspace_id)
    member = actions.member_of(membership_id)
    ranks.check_may_manage(actor, member.role)
    if role != member.role:
        ranks.check_may_make(actor, role)
        if member.role == "admin":
            ranks.check_an_admin_stays(admins, member.id)
    _change(tx, actor, member, role, duty_name, initials)


def do_name_oneself(tx: Tx, actor: Actor, *, duty_name: str, initials: str) -> None:
    """Change one's own duty name and initials. Raises `Invalid`, `Conflict`."""
    member = actions.member_of(actor.membership_id)
    _change(tx, actor, member, member.role, duty_name, initials)


def do_remove(tx: Tx, actor: Actor, membership_id: int) -> None:
    """Shut a colleague out at once. Raises `Forbidden`, `NotFound`, `Conflict`."""
    admins = ranks.lock_admins(tx, actor.workspace_id)
    member = actions.member_of(membership_id)
    ranks.check_may_manage(actor, member.role)
    if member.id == actor.membership_id:
        raise Forbidden("Ask a colleague to take you out of the team.", code="not_oneself")
    if member.role == "admin":
        ranks.check_an_admin_stays(admins, member.id)
    actions.disable(tx, member, by=actor.membership_id)


def _change(tx: Tx, actor: Actor, member: Membership, role: str, duty_name: str, initials: str) -> None:
    name = duty_name.strip()
    actions.check_person("somebody@example.com", role, name)
    taken = set(Membership.objects.exclude(pk=member.id).values_list("initials", flat=True))
    kept = actions.check_initials(initials, taken)
    if not kept:
        raise Invalid("Initials are 1 to 3 letters or digits.", code="bad_initials")
    what = "role" if role != member.role else "changed"
    if (member.role, member.duty_name, member.initials) == (role, name, kept):
        return
    member.role, member.duty_name, member.initials = role, name, kept
    member.save(update_fields=["role", "duty_name", "initials"])
    actions.announce(tx, member, what, actor.membership_id)
