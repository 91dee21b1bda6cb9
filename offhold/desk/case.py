"""One case on one page: its customer everywhere, its timeline, and how it can be answered."""

from __future__ import annotations

from typing import Any

from offhold.cases import rows
from offhold.cases.rows import COLUMNS, JOINS, from_row
from offhold.cases.views import CaseRow
from offhold.channels import pictures
from offhold.connectors import registry
from offhold.desk import references, timeline
from offhold.desk.inbox import latest_seq
from offhold.desk.lanes import both, targets
from offhold.desk.sight import row_for
from offhold.desk.views import Around, CasePage, CustomerCard, KnownIdentity
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import NotFound
from offhold.people.actors import Actor
from offhold.promises import queries

MOST_EARLIER = 20

_CUSTOMER = """
SELECT c.id, c.name, c.created_at FROM customers c WHERE c.workspace_id = %s AND c.id = %s
"""
_IDENTITIES = """
SELECT id, network, account, handle, name, avatar_url, followers FROM identities
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
    workspace = actor.workspace_id
    ((seq,),), found = tx.together(latest_seq(workspace), rows.by_key([(workspace, case_id)]))
    row = _seen(tx, actor, found)
    case, customer = int(row.id), int(row.customer.id)
    due, around, named, identities, earlier, called, public, direct, *said = tx.together(
        queries.clocks(workspace, [case]),
        Question(_VOICES_AROUND, {"ws": workspace, "case": case}),
        Question(_CUSTOMER, (workspace, customer)),
        Question(_IDENTITIES, (workspace, customer)),
        Question(_EARLIER, (workspace, customer, case)),
        references.of_case(workspace, case),
        *targets(workspace, case),
        *timeline.asked(workspace, case),
    )
    shown = timeline.shown(tx, actor, said)
    return CasePage(
        seq=str(seq),
        case=row,
        clock=queries.clocks_of(due).get(row.id),
        customer=_customer(actor, named[0], identities, earlier),
        timeline=shown.items,
        more_before=shown.more_before,
        around=Around(voices=around[0][0]),
        references=[references.from_row(row) for row in called] if actor.can.see_private else [],
        lanes=both(tx, actor, row, public, direct),
    )


def case_row(tx: Tx, actor: Actor, case_id: int) -> CaseRow:
    """The row of a case as this person may see it. Raises `NotFound`."""
    return _seen(tx, actor, tx.together(rows.by_key([(actor.workspace_id, case_id)]))[0])


def _seen(tx: Tx, actor: Actor, found: list[Row]) -> CaseRow:
    if not found:
        raise NotFound
    row = from_row(found[0])
    if row.merged_into is not None:
        return case_row(tx, actor, int(row.merged_into))
    return row_for(actor.can, row)


def _customer(actor: Actor, named: Row, identities: list[Row], earlier: list[Row]) -> CustomerCard:
    customer, name, since = named
    return CustomerCard(
        id=str(customer),
        name=name,
        since=since,
        identities=[_identity(row) for row in identities],
        earlier=[row_for(actor.can, from_row(row)) for row in earlier],
    )


def _identity(row: tuple[Any, ...]) -> KnownIdentity:
    identity, network, account, handle, name, avatar, followers = row
    return KnownIdentity(
        id=str(identity), network=network, network_label=registry.label(network), handle=handle, name=name,
        avatar_url=pictures.proxied(avatar), followers=followers, url=registry.profile(network, account, handle),
    )  # fmt: skip
