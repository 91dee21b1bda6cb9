"""One case on one page: its customer everywhere, its timeline, and how it can be answered."""

from __future__ import annotations

from typing import Any

from offhold.cases import rows
from offhold.cases.rows import COLUMNS, JOINS, from_row
from offhold.cases.views import CaseRow
from offhold.channels import pictures
from offhold.connectors import registry
from offhold.desk import timeline
from offhold.desk.inbox import latest_seq
from offhold.desk.lanes import direct_lane, public_lane
from offhold.desk.sight import row_for
from offhold.desk.views import Around, CasePage, CustomerCard, KnownIdentity, Lanes
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound
from offhold.people.actors import Actor

MOST_EARLIER = 20

_CUSTOMER = """
SELECT c.id, c.name, c.created_at FROM customers c WHERE c.workspace_id = %s AND c.id = %s
"""
_IDENTITIES = """
SELECT id, network, handle, name, avatar_url, followers FROM identities
WHERE workspace_id = %s AND customer_id = %s ORDER BY id LIMIT 50
"""
_EARLIER = f"""
SELECT {COLUMNS} FROM (
  SELECT * FROM cases WHERE workspace_id = %s AND customer_id = %s AND id <> %s AND state <> 'merged'
  ORDER BY opened_at DESC LIMIT {MOST_EARLIER}) c {JOINS} ORDER BY c.opened_at DESC
"""
_VOICES_AROUND = """
SELECT count(*) FROM (
  SELECT 1 FROM messages v WHERE v.workspace_id = %(ws)s AND v.case_id IS NULL AND v.identity_id IS NOT NULL
    AND v.conversation_id IN (SELECT DISTINCT conversation_id FROM messages m WHERE m.workspace_id = %(ws)s
                              AND m.case_id = %(case)s AND m.audience = 'public')
  LIMIT 10000) found
"""


def page(tx: Tx, actor: Actor, case_id: int) -> CasePage:
    """Raises `NotFound`; a merged case shows what it was merged into."""
    seq = latest_seq(tx, actor.workspace_id)
    row = case_row(tx, actor, case_id)
    shown = timeline.page(tx, actor, int(row.id))
    return CasePage(
        seq=str(seq),
        case=row,
        customer=_customer(tx, actor, row),
        timeline=shown.items,
        more_before=shown.more_before,
        around=_around(tx, actor.workspace_id, int(row.id)),
        lanes=Lanes(public=public_lane(tx, actor, row), direct=direct_lane(tx, actor, row)),
    )


def case_row(tx: Tx, actor: Actor, case_id: int) -> CaseRow:
    """The row of a case as this person may see it. Raises `NotFound`."""
    row = rows.load(tx, [(actor.workspace_id, case_id)]).get(case_id)
    if row is None:
        raise NotFound
    if row.merged_into is not None:
        return case_row(tx, actor, int(row.merged_into))
    return row_for(actor.can, row)


def _customer(tx: Tx, actor: Actor, case: CaseRow) -> CustomerCard:
    workspace, customer = actor.workspace_id, int(case.customer.id)
    found = tx.one(_CUSTOMER, (workspace, customer))
    assert found is not None  # a case refers to it
    earlier = [row_for(actor.can, from_row(r)) for r in tx.rows(_EARLIER, (workspace, customer, int(case.id)))]
    identities = [_identity(row) for row in tx.rows(_IDENTITIES, (workspace, customer))]
    return CustomerCard(id=str(found[0]), name=found[1], since=found[2], identities=identities, earlier=earlier)


def _identity(row: tuple[Any, ...]) -> KnownIdentity:
    identity, network, handle, name, avatar, followers = row
    return KnownIdentity(
        id=str(identity), network=network, network_label=registry.label(network), handle=handle, name=name,
        avatar_url=pictures.proxied(avatar), followers=followers,
    )  # fmt: skip


def _around(tx: Tx, workspace: int, case_id: int) -> Around:
    row = tx.one(_VOICES_AROUND, {"ws": workspace, "case": case_id})
    return Around(voices=row[0] if row else 0)
