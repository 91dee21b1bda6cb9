"""People take other names and pictures: the newest the network told stands, and every screen that shows them learns it.

A case says who it is with. The case their words belong to is told anyway; their other open cases are told because of
the name alone, and keep their version: nothing was said in them, so nobody's answer is too late. That somebody's reach
changed is stored, and told with the next fact about their cases.
"""

from __future__ import annotations

from offhold.cases.known import Identity
from offhold.cases.sets import columns
from offhold.kernel.db.tx import Tx

# All three parts see the identities as they were before.
_STORE = """
WITH told AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[])
    AS n(workspace_id, id, handle, name, avatar_url, followers, at)
), renamed AS (
  SELECT i.workspace_id, i.id FROM identities i JOIN told n USING (workspace_id, id)
  WHERE (i.handle, i.name, i.avatar_url) IS DISTINCT FROM (n.handle, n.name, n.avatar_url)
), stored AS (
  UPDATE identities i SET handle = n.handle, name = n.name, avatar_url = n.avatar_url, followers = n.followers,
    seen_at = n.at
  FROM told n WHERE i.workspace_id = n.workspace_id AND i.id = n.id
)
SELECT c.workspace_id, c.id FROM renamed r
JOIN cases c ON c.workspace_id = r.workspace_id AND c.identity_id = r.id AND c.state = 'open'
"""


def store(tx: Tx, changed: list[Identity]) -> set[tuple[int, int]]:
    """Store identities whose handle, name, picture or reach changed. Returns the open cases, as (workspace, case), of
    those who look different now."""
    if not changed:
        return set()
    told = [(i.workspace, i.id, i.handle, i.name, i.avatar_url, i.followers, i.seen_at) for i in changed]
    return {(workspace, case) for workspace, case in tx.rows(_STORE, columns(told, 7))}
