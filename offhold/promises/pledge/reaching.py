"""A person spoke to the customer: who waited has reached one, and who reached one sees whether they stay."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from offhold.cases.sets import columns
from offhold.kernel.db.tx import Row as Found
from offhold.kernel.db.tx import Tx
from offhold.promises.pledge.ledger import Kind
from offhold.promises.pledge.rows import Row, lock, note, tell


class Spoke(NamedTuple):
    """A person's message reached the customer at `at`, by the network's clock. `substance`: it is no unchanged saved
    reply, nothing said to many, and says more than where to write. `by` None: outside the desk."""

    at: datetime
    substance: bool
    by: int | None = None
    name: str = ""


_OF_CASE = """
SELECT id FROM pledges WHERE workspace_id = %s AND case_id = %s
  AND (state = 'asked' OR (state = 'reached' AND stay IS NULL))
ORDER BY asked_at DESC FOR UPDATE
"""
_WROTE_SINCE = """
SELECT 1 FROM messages WHERE workspace_id = %s AND case_id = %s AND identity_id IS NOT NULL AND owed AND at > %s
  AND at < %s AND deleted_at IS NULL LIMIT 1
"""
_LATE = """
SELECT 1 FROM promises WHERE workspace_id = %s AND case_id = %s AND kind = 'next_word' AND subject IS NOT NULL
  AND starts_at > %s AND due_at < %s AND (state = 'open' OR ended_at >= %s) LIMIT 1
"""
_ASSIGNEE = "SELECT assignee_id FROM cases WHERE workspace_id = %s AND id = %s"


_OUTSIDE = """
SELECT m.workspace_id, m.case_id, m.at, m.text
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id) JOIN messages m USING (workspace_id, id)
WHERE m.identity_id IS NULL AND m.reply_id IS NULL AND m.reason <> 'automatic' AND m.case_id IS NOT NULL
  AND EXISTS (SELECT FROM pledges p WHERE p.workspace_id = m.workspace_id AND p.case_id = m.case_id
              AND (p.state = 'asked' OR (p.state = 'reached' AND p.stay IS NULL)))
ORDER BY m.at, m.id
"""


def outside(tx: Tx, messages: list[tuple[int, int]]) -> list[Found]:
    """What others said for us outside the desk to customers whom it may matter to: (workspace, case, at, text)."""
    return tx.rows(_OUTSIDE, columns(messages, 2))


def do_reach(tx: Tx, workspace: int, case_id: int, spoke: Spoke) -> None:
    """What it means for the pledges of this case."""
    for (pledge_id,) in tx.rows(_OF_CASE, (workspace, case_id)):
        pledge = lock(tx, workspace, pledge_id)
        if pledge.state == "asked":
            if spoke.substance and spoke.at >= pledge.asked_at:
                _do_reached(tx, pledge, spoke)
        else:
            _do_see_who_stays(tx, pledge, spoke)


def _do_reached(tx: Tx, pledge: Row, spoke: Spoke) -> None:
    tx.run(
        "UPDATE pledges SET state = 'reached', reached_at = %s, ended_at = %s, reached_by = %s, reached_name = %s"
        " WHERE workspace_id = %s AND id = %s",
        (spoke.at, spoke.at, spoke.by, spoke.name, pledge.workspace, pledge.id),
    )
    note(tx, pledge, "reached", spoke.at, by="outside" if spoke.by is None else "person")
    tell(tx, pledge, "pledge.reached", {"by": spoke.name})


def _do_see_who_stays(tx: Tx, pledge: Row, spoke: Spoke) -> None:
    """The customer wrote again: did the one they reached answer, or whoever was named to follow them, and in time?"""
    assert pledge.reached_at is not None
    at = (pledge.workspace, pledge.case, pledge.reached_at, spoke.at)
    if tx.one(_WROTE_SINCE, at) is None:
        return
    assignee = tx.one(_ASSIGNEE, (pledge.workspace, pledge.case))
    same = spoke.by is not None and spoke.by in (pledge.reached_by, assignee[0] if assignee else None)
    stayed = same and tx.one(_LATE, (*at, spoke.at)) is None
    stay: Kind = "stayed" if stayed else "left"
    tx.run("UPDATE pledges SET stay = %s WHERE workspace_id = %s AND id = %s", (stay, pledge.workspace, pledge.id))
    note(tx, pledge, stay, spoke.at)
    tell(tx, pledge, f"pledge.{stay}", {"by": spoke.name})
