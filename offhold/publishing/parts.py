"""The case and all that were merged into it: replies keep the case they were meant in, and belong to what it became."""

from __future__ import annotations

from offhold.kernel.db.tx import Tx

_PARTS = """
WITH RECURSIVE part AS (
  SELECT %(case)s::bigint AS id
  UNION SELECT c.id FROM cases c JOIN part p ON c.merged_into = p.id WHERE c.workspace_id = %(workspace)s
)
SELECT id FROM part ORDER BY id
"""


def parts(tx: Tx, workspace_id: int, case_id: int) -> list[int]:
    """`case_id` itself, and every case that stands for it since it was merged, at whatever remove."""
    return [row[0] for row in tx.rows(_PARTS, {"workspace": workspace_id, "case": case_id})]
