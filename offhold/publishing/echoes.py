"""The network's own copy of a reply that a machine or a person still wonders about settles it the moment it arrives.

A step of the pipeline after cases: set-based, and one look for a batch without words of ours. Only an exact match is
taken here, our key or the id we were told; likeness of words is left to the sender, who looks at one reply at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from offhold.kernel.db.tx import Tx
from offhold.publishing import accounts, direct, public
from offhold.publishing.conclude import lock, settle_by_echo
from offhold.publishing.line import Line
from offhold.publishing.pace import Pace, rule_of
from offhold.publishing.stopped import note_outside

# Replies under way are left alone: whoever sends them is about to write down the answer.
_PUBLIC = """
SELECT DISTINCT r.workspace_id, r.id FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
JOIN messages m USING (workspace_id, id)
JOIN public_replies r ON r.workspace_id = m.workspace_id AND r.channel_id = m.channel_id
  AND (r.key = m.client_key OR r.network_id = m.network_id)
WHERE m.identity_id IS NULL AND m.reply_id IS NULL AND r.state IN ('unknown', 'reconciling', 'needs_human')
ORDER BY r.id
"""
_DIRECT = """
SELECT DISTINCT r.workspace_id, r.id FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
JOIN messages m USING (workspace_id, id)
JOIN direct_replies r ON r.workspace_id = m.workspace_id AND r.channel_id = m.channel_id
  AND (r.key = m.client_key OR r.network_id = m.network_id)
WHERE m.identity_id IS NULL AND m.reply_id IS NULL AND r.state IN ('unknown', 'reconciling', 'needs_human')
ORDER BY r.id
"""


_UNDER_WAY = """
SELECT 1 FROM public_replies WHERE workspace_id = %(ws)s AND case_id = %(case)s
  AND state IN ('sending', 'unknown', 'reconciling')
UNION ALL
SELECT 1 FROM direct_replies WHERE workspace_id = %(ws)s AND case_id = %(case)s
  AND state IN ('sending', 'unknown', 'reconciling') LIMIT 1
"""


def is_under_way(tx: Tx, workspace_id: int, case_id: int) -> bool:
    """Whether a reply of ours in this case is with the network now: words of ours that come in may be its copy."""
    return tx.one(_UNDER_WAY, {"ws": workspace_id, "case": case_id}) is not None


def settle_echoes(tx: Tx, messages: Sequence[tuple[int, int]]) -> None:
    """Settle what waited for one of these new messages, given as (workspace, message); what nothing explains is noted
    where publishing is stopped."""
    keys = ([workspace for workspace, _ in messages], [message for _, message in messages])
    for workspace_id, reply_id in tx.rows(_PUBLIC, keys):
        _settle(tx, public.LINE, workspace_id, reply_id)
    for workspace_id, reply_id in tx.rows(_DIRECT, keys):
        _settle(tx, direct.LINE, workspace_id, reply_id)
    note_outside(tx, messages)


def _settle(tx: Tx, line: Line[Any, Any], workspace_id: int, reply_id: int) -> None:
    held = lock(tx, line, workspace_id, reply_id)
    if held.reply.withdraw_at is None and held.reply.standing.error_code != "wrong_audience":
        manifest = accounts.account(tx, workspace_id, held.reply.channel_id).manifest
        settle_by_echo(held, Pace().rule if manifest is None else rule_of(manifest, Pace(), private=line.private))
