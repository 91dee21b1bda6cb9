"""Facts: what happened, immutable, in order; screens, reports and other systems are fed from them alone.

A fact is a closed type: each kind is a `Fact` subclass with a tag, and an unknown field is a bug. It is appended in
the transaction that made it true and announced after the commit, here and nowhere else.

`seq` counts per workspace **in commit order**. A plain sequence would not: a reader at its cursor would never see a
lower number that commits later. So the last statement of every writing transaction takes the row lock of
`workspace_clock` (workspaces in id order) and holds it to the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from offhold.kernel import jsons
from offhold.kernel.arrays import array

if TYPE_CHECKING:
    from offhold.kernel.db.tx import Tx

CHANNEL = "offhold_facts"


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all kinds; subclasses give `tag="noun.verb"` and their fields."""


class Recorded(msgspec.Struct, frozen=True):
    """A fact with where it belongs. `private`: its payload holds words of a direct message, so roles without
    `see_private` get it withheld or masked. `case_id`: whose timeline it is part of."""

    workspace_id: int
    fact: Fact
    case_id: int | None = None
    private: bool = False


def kind(fact: Fact) -> str:
    """The stable name of a fact's type, e.g. `case.changed`."""
    tag = type(fact).__struct_config__.tag
    assert isinstance(tag, str), type(fact)
    return tag


def payload(fact: Fact) -> str:
    """The fact's own fields as JSON text, without its tag."""
    return jsons.encode({name: getattr(fact, name) for name in fact.__struct_fields__}).decode()


_APPEND = """
WITH held AS (
  SELECT workspace_id FROM workspace_clock WHERE workspace_id = ANY(%(workspaces)s::bigint[])
  ORDER BY workspace_id FOR UPDATE
), moved AS (
  UPDATE workspace_clock c SET seq = c.seq + n.count
  FROM unnest(%(workspaces)s::bigint[], %(counts)s::bigint[]) AS n(workspace_id, count), held
  WHERE held.workspace_id = n.workspace_id AND c.workspace_id = n.workspace_id
  RETURNING c.workspace_id, c.seq - n.count AS base
)
INSERT INTO facts (workspace_id, seq, kind, case_id, private, payload, at)
SELECT m.workspace_id, m.base + f.ordinal, f.kind, f.case_id, f.private, f.payload::json, %(at)s
FROM unnest(%(ws)s::bigint[], %(ordinals)s::bigint[], %(kinds)s::text[], %(cases)s::bigint[], %(privates)s::bool[],
            %(payloads)s::text[]) AS f(workspace_id, ordinal, kind, case_id, private, payload)
JOIN moved m USING (workspace_id)
"""


def append(tx: Tx) -> None:
    """Write what was recorded on `tx` as its last statement, and wake the listeners at commit."""
    if not tx.recorded:
        return
    counts: dict[int, int] = {}
    ordinals = []
    for item in tx.recorded:
        counts[item.workspace_id] = counts.get(item.workspace_id, 0) + 1
        ordinals.append(counts[item.workspace_id])
    params: dict[str, Any] = {
        "workspaces": array(sorted(counts)),
        "counts": array([counts[w] for w in sorted(counts)]),
        "ws": array([r.workspace_id for r in tx.recorded]),
        "ordinals": array(ordinals),
        "kinds": array([kind(r.fact) for r in tx.recorded]),
        "cases": array([r.case_id for r in tx.recorded]),
        "privates": array([r.private for r in tx.recorded]),
        "payloads": array([payload(r.fact) for r in tx.recorded]),
        "at": tx.at,
    }
    written = tx.run(_APPEND, params)
    if written != len(tx.recorded):
        raise LookupError(
            f"{len(tx.recorded)} facts recorded, {written} written: is the workspace set and its clock there?"
        )
    tx.run("NOTIFY offhold_facts")
