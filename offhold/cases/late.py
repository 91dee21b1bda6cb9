"""A message that comes after its answers: their items name it as their parent now, and open screens learn it."""

from __future__ import annotations

from offhold.cases.known import Known
from offhold.cases.sets import columns
from offhold.cases.threading import Plan
from offhold.kernel.db.tx import Tx

# In its own case, from its time on: by the index of timelines. What others answered in cases of theirs names it when
# it is next read.
_ANSWERS = """
SELECT o.workspace_id, o.id
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::bigint[], %s::text[])
  AS k(workspace_id, case_id, at, channel_id, name)
JOIN messages o ON o.workspace_id = k.workspace_id AND o.case_id = k.case_id AND o.at >= k.at
  AND o.channel_id = k.channel_id AND o.parent = k.name
"""


def answered_before(tx: Tx, known: Known, plan: Plan) -> set[tuple[int, int]]:
    """Stored answers, as (workspace, message), to messages of this batch. Asked only where the thread had gone on."""
    last = {c.id: c.last_at for c in known.conversations.values() if not c.new}
    late = [
        (m.workspace, m.case, m.at, m.channel, m.network_id)
        for m in (new.message for new in plan.messages)
        if m.case is not None and m.conversation in last and m.at < last[m.conversation]
    ]
    if not late:
        return set()
    new = {(n.message.workspace, n.message.id) for n in plan.messages}
    return {(workspace, message) for workspace, message in tx.rows(_ANSWERS, columns(late, 5))} - new
