"""Who may invite and change whom: admins everybody, leads agents and observers. There is always an admin left."""

from __future__ import annotations

from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Forbidden
from offhold.people.actors import Actor

LED: frozenset[str] = frozenset({"agent", "observer"})
# Locked in one order and before anybody else's membership, so that of two admins who step down at once one has to wait,
# and then to see.
_ADMINS = """
SELECT m.id FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.workspace_id = %s AND m.role = 'admin' AND u.is_active ORDER BY m.id FOR UPDATE OF m
"""


def check_may_make(actor: Actor, role: str) -> None:
    """Raises `Forbidden` unless this person may let somebody in with this role."""
    if not (actor.can.admin or (actor.can.lead and role in LED)):
        raise Forbidden


def check_may_manage(actor: Actor, role: str) -> None:
    """Raises `Forbidden` unless this person may change somebody who has this role now."""
    check_may_make(actor, role)


def lock_admins(tx: Tx, workspace_id: int) -> frozenset[int]:
    """Those who may manage the workspace, held for this transaction."""
    return frozenset(member for (member,) in tx.rows(_ADMINS, (workspace_id,)))


def check_an_admin_stays(admins: frozenset[int], leaving: int) -> None:
    """Raises `Conflict` when this membership is the last that may manage the workspace."""
    if admins == {leaving}:
        raise Conflict("This is the last admin; make somebody else one first.", code="last_admin")
