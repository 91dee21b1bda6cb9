"""What people do to one case: assign, resolve, reopen. `check` may refuse, `do` may not; only `do` writes."""

from __future__ import annotations

import msgspec

from offhold.cases.apply import add_events, announce_cases
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.people.notices import do_notice


class Locked(msgspec.Struct, frozen=True):
    """A case held for this transaction."""

    workspace: int
    id: int
    state: str
    assignee: int | None
    identity: int
    customer: int
    home: bool
    snoozed: bool = False


_LOCK = """
SELECT workspace_id, id, state, assignee_id, identity_id, customer_id, home, snoozed_at IS NOT NULL,
  merged_into FROM cases
WHERE workspace_id = %s AND id = %s FOR UPDATE
"""


_HERE = """
SELECT m.role FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.workspace_id = %s AND m.id = %s AND u.is_active
"""


def lock(tx: Tx, workspace_id: int, case_id: int) -> Locked:
    """Lock a case; a merged one stands for what it was merged into. Raises `NotFound`."""
    row = tx.one(_LOCK, (workspace_id, case_id))
    if row is None:
        raise NotFound
    if row[8] is not None:
        return lock(tx, workspace_id, row[8])
    return Locked(*row[:8])


def check_assign(tx: Tx, case: Locked, assignee: int | None) -> None:
    """Only people of this workspace who are here and may answer can have a case."""
    if assignee is None:
        return
    row = tx.one(_HERE, (case.workspace, assignee))
    if row is None:
        raise NotFound
    if row[0] == "observer":
        raise Invalid("An observer cannot have a case.", code="observer")


def do_assign(
    tx: Tx, case: Locked, assignee: int | None, by: str, *, by_id: int | None = None, notice: bool = True
) -> None:
    """Give the case to a person, or to nobody. They are told, unless they took it themselves: `by_id` is whose act it
    was."""
    if assignee == case.assignee:
        return
    tx.run(
        "UPDATE cases SET assignee_id = %s, version = version + 1 WHERE workspace_id = %s AND id = %s",
        (assignee, case.workspace, case.id),
    )
    name = tx.one("SELECT duty_name FROM memberships WHERE workspace_id = %s AND id = %s", (case.workspace, assignee))
    _tell(tx, case, "case.assigned", {"by": by, "to": name[0] if name else ""})
    if assignee is not None and assignee != by_id and notice:
        do_notice(tx, case.workspace, assignee, "assigned", case.id, by=by)


def do_resolve(tx: Tx, case: Locked, by: str, by_id: int | None = None) -> None:
    """Solved, by a person with this duty name and membership. Later words of the customer reopen it within the
    workspace's time."""
    if case.state == "resolved":
        return
    tx.run(
        "UPDATE cases SET state = 'resolved', resolved_at = %s, snoozed_at = NULL, snoozed_until = NULL,"
        " version = version + 1 WHERE workspace_id = %s AND id = %s",
        (tx.at, case.workspace, case.id),
    )
    _tell(tx, case, "case.resolved", {"by": by} | ({} if by_id is None else {"by_id": str(by_id)}))


def check_reopen(tx: Tx, case: Locked) -> None:
    """A customer has one open home case; an older one stays closed while a newer one is open."""
    newer = tx.one(
        "SELECT reference FROM cases WHERE workspace_id = %s AND identity_id = %s AND state = 'open' AND home "
        "AND id <> %s",
        (case.workspace, case.identity, case.id),
    )
    if case.state == "resolved" and case.home and newer is not None:
        raise Conflict(
            f"OH-{newer[0]} of this customer is open already.", code="another_case_open", reference=f"OH-{newer[0]}"
        )


def do_reopen(tx: Tx, case: Locked, by: str) -> None:
    """Not solved after all."""
    if case.state == "open":
        return
    tx.run(
        "UPDATE cases SET state = 'open', resolved_at = NULL, version = version + 1 WHERE workspace_id = %s "
        "AND id = %s",
        (case.workspace, case.id),
    )
    _tell(tx, case, "case.reopened", {"by": by})


def _tell(tx: Tx, case: Locked, kind: str, params: dict[str, str]) -> None:
    add_events(tx, [(case.workspace, case.id, kind, params)])
    announce_cases(tx, [(case.workspace, case.id)])
