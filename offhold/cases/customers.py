"""Two customers who are one human become one, and can become two again. Identities and cases go along."""

from __future__ import annotations

import msgspec

from offhold.cases.apply import add_events, announce_cases
from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, NotFound


class Gathered(msgspec.Struct, frozen=True):
    """What a merge of customers took along."""

    identities: list[int]
    cases: list[int]


def check_merge(tx: Tx, workspace_id: int, customer: int, into: int) -> tuple[int, int]:
    """Both as they stand for now (merges followed), locked in id order. Raises `NotFound`, `Conflict`."""
    found = {c: _stands_for(tx, workspace_id, c) for c in sorted((customer, into))}
    if found[customer] == found[into]:
        raise Conflict("These are one customer already.", code="same_customer")
    return found[customer], found[into]


def _stands_for(tx: Tx, workspace_id: int, customer: int) -> int:
    row = tx.one(
        "SELECT merged_into FROM customers WHERE workspace_id = %s AND id = %s FOR UPDATE", (workspace_id, customer)
    )
    if row is None:
        raise NotFound
    return customer if row[0] is None else _stands_for(tx, workspace_id, row[0])


def do_merge(tx: Tx, workspace_id: int, customer: int, into: int, *, by: str, by_id: int | None) -> int:
    """Everything of `customer` belongs to `into` from now on. Returns the id by which it is undone."""
    cases = _give(tx, workspace_id, "cases", None, customer, into)
    identities = _give(tx, workspace_id, "identities", None, customer, into)
    tx.run("UPDATE customers SET merged_into = %s WHERE workspace_id = %s AND id = %s", (into, workspace_id, customer))
    merge = ids.new()
    tx.run(
        "INSERT INTO merges (workspace_id, id, kind, from_id, into_id, moved, by_id, at)"
        " VALUES (%s, %s, 'customer', %s, %s, %s, %s, %s)",
        (workspace_id, merge, customer, into, jsons.encode(Gathered(identities, cases)).decode(), by_id, tx.at),
    )
    told = {"by": by, "customer": str(customer), "into": str(into), "merge_id": str(merge)}
    add_events(tx, [(workspace_id, case, "customer.merged", told) for case in _cases_of(tx, workspace_id, into)])
    announce_cases(tx, [(workspace_id, case) for case in cases])
    return merge


def do_unmerge(tx: Tx, workspace_id: int, merge_id: int, *, by: str) -> tuple[int, int]:
    """Two again: what was taken along goes back, and the cases its identities have had since. Returns both ids.

    Raises `NotFound`, `Conflict` when it was undone already.
    """
    row = tx.one(
        "SELECT from_id, into_id, moved, undone_at FROM merges WHERE workspace_id = %s AND id = %s "
        "AND kind = 'customer'"
        " FOR UPDATE",
        (workspace_id, merge_id),
    )
    if row is None:
        raise NotFound
    if row[3] is not None:
        raise Conflict("This was undone already.", code="already_undone")
    customer, now = row[0], _stands_for(tx, workspace_id, row[1])
    gathered = msgspec.json.decode(row[2], type=Gathered)
    since = tx.rows(
        "SELECT id FROM cases WHERE workspace_id = %s AND identity_id = ANY(%s)", (workspace_id, gathered.identities)
    )
    mine = sorted({case for (case,) in since} | set(gathered.cases))
    cases = _give(tx, workspace_id, "cases", mine, now, customer)
    _give(tx, workspace_id, "identities", gathered.identities, now, customer)
    tx.run("UPDATE customers SET merged_into = NULL WHERE workspace_id = %s AND id = %s", (workspace_id, customer))
    tx.run("UPDATE merges SET undone_at = %s WHERE workspace_id = %s AND id = %s", (tx.at, workspace_id, merge_id))
    told = {"by": by, "customer": str(customer), "into": str(now)}
    both = _cases_of(tx, workspace_id, customer, now)
    add_events(tx, [(workspace_id, case, "customer.unmerged", told) for case in both])
    announce_cases(tx, [(workspace_id, case) for case in cases])
    return customer, now


def _cases_of(tx: Tx, workspace_id: int, *customers: int) -> list[int]:
    """Those that still stand for themselves."""
    rows = tx.rows(
        "SELECT id FROM cases WHERE workspace_id = %s AND customer_id = ANY(%s) AND state <> 'merged' ORDER BY id",
        (workspace_id, list(customers)),
    )
    return [case for (case,) in rows]


_GIVE = {
    "cases": """
UPDATE cases c SET customer_id = %(to)s, version = version + 1
FROM (SELECT id FROM cases WHERE workspace_id = %(ws)s AND customer_id = %(of)s
      AND (%(only)s::bigint[] IS NULL OR id = ANY(%(only)s)) ORDER BY id FOR UPDATE) held
WHERE c.workspace_id = %(ws)s AND c.id = held.id RETURNING c.id
""",
    "identities": """
UPDATE identities SET customer_id = %(to)s WHERE workspace_id = %(ws)s AND customer_id = %(of)s
  AND (%(only)s::bigint[] IS NULL OR id = ANY(%(only)s)) RETURNING id
""",
}


def _give(tx: Tx, workspace_id: int, what: str, only: list[int] | None, of: int, to: int) -> list[int]:
    rows = tx.rows(_GIVE[what], {"ws": workspace_id, "of": of, "to": to, "only": only})
    return sorted(found for (found,) in rows)
