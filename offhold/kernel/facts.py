"""Facts: what happened, immutable, in order; screens, reports and other systems are fed from them alone.

A fact is a closed type: each kind is a `Fact` subclass with a tag, and an unknown field is a bug. It is appended in
the transaction that made it true and announced after the commit, here and nowhere else. All that a transaction tells a
workspace is one row of `fact_batches`; the view `facts` shows them one by one.

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
    return jsons.encode(_fields(fact)).decode()


def _fields(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}


class Line(msgspec.Struct, frozen=True):
    """A fact as it stands in the log; `payload` is JSON text."""

    kind: str
    case_id: int | None
    private: bool
    payload: msgspec.Raw


class _Written(msgspec.Struct, frozen=True):
    kind: str
    case_id: int | None
    private: bool
    payload: dict[str, Any]


_lines = msgspec.json.Decoder(list[Line])


def lines(batch: str) -> list[Line]:
    """The facts of one row of `fact_batches`."""
    return _lines.decode(batch)


_BETWEEN = chr(30)  # JSON holds no such character unescaped
_APPEND = """
WITH held AS (
  SELECT workspace_id FROM workspace_clock WHERE workspace_id = ANY(%(workspaces)s::bigint[])
  ORDER BY workspace_id FOR UPDATE
), told AS (
  SELECT workspace_id, count, string_to_array(cases, ',')::bigint[] AS cases, facts
  FROM unnest(%(workspaces)s::bigint[], %(counts)s::bigint[], %(cases)s::text[],
              string_to_array(%(facts)s, chr(30))) AS n(workspace_id, count, cases, facts)
), moved AS (
  UPDATE workspace_clock c SET seq = c.seq + told.count FROM told, held
  WHERE held.workspace_id = told.workspace_id AND c.workspace_id = told.workspace_id
  RETURNING c.workspace_id, c.seq, c.seq - told.count + 1 AS first, told.cases, told.facts
)
INSERT INTO fact_batches (workspace_id, last, first, at, cases, facts)
SELECT workspace_id, seq, first, %(at)s, cases, facts FROM moved
RETURNING pg_notify('offhold_facts', '')
"""


def append(tx: Tx) -> None:
    """Write what was recorded on `tx` as its last statement, and wake the listeners at commit."""
    if not tx.recorded:
        return
    told: dict[int, list[Recorded]] = {}
    for item in tx.recorded:
        told.setdefault(item.workspace_id, []).append(item)
    workspaces = sorted(told)
    params: dict[str, Any] = {
        "workspaces": array(workspaces),
        "counts": array([len(told[w]) for w in workspaces]),
        "cases": array([_cases(told[w]) for w in workspaces]),
        "facts": _BETWEEN.join([_text(told[w]) for w in workspaces]),
        "at": tx.at,
    }
    if (written := tx.run(_APPEND, params)) != len(workspaces):
        raise LookupError(
            f"facts recorded for {len(workspaces)} workspaces, written for {written}: is the workspace set and its "
            "clock there?"
        )


def _cases(recorded: list[Recorded]) -> str:
    return ",".join(map(str, sorted({r.case_id for r in recorded if r.case_id is not None})))


def _text(recorded: list[Recorded]) -> str:
    return jsons.encode([_Written(kind(r.fact), r.case_id, r.private, _fields(r.fact)) for r in recorded]).decode()
