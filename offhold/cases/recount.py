"""Derive what a case shows from its messages again: after deletions, edits, moves, and whatever came out of order.

Threading keeps the same columns up to date one message at a time; both must agree in any order (a property test).
An automatic message answers nobody: whoever waits for us waits on. An answer a person vouched for (`vouched_at`)
counts, though no message stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from offhold.cases.sets import columns
from offhold.cases.standing import SNIPPET, TITLE, shorten
from offhold.kernel.db.tx import Tx

# Ties of time are decided by the network's id, so that the order of arrival never shows.
_DERIVED = """
SELECT c.workspace_id, c.id, n.messages, n.last_at, n.last_in, n.last_out, n.public, n.private, n.first_owed,
       newest.audience, newest.channel_id, said.text, said.at, said.audience, first.text, first.audience, first.at,
       (SELECT min(m.at) FROM messages m WHERE m.workspace_id = c.workspace_id AND m.case_id = c.id AND m.owed
        AND m.deleted_at IS NULL AND m.at > coalesce(greatest(n.last_out, c.vouched_at), '-infinity'))
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id) JOIN cases c USING (workspace_id, id)
CROSS JOIN LATERAL (
  SELECT count(*) AS messages, max(at) AS last_at,
         max(at) FILTER (WHERE owed AND deleted_at IS NULL) AS last_in,
         max(at) FILTER (WHERE identity_id IS NULL AND reason <> 'automatic') AS last_out,
         coalesce(bool_or(audience = 'public'), false) AS public, coalesce(bool_or(audience = 'private'),
         false) AS private,
         min(at) FILTER (WHERE owed) AS first_owed
  FROM messages m WHERE m.workspace_id = c.workspace_id AND m.case_id = c.id) n
LEFT JOIN LATERAL (SELECT audience, channel_id FROM messages m WHERE m.workspace_id = c.workspace_id
  AND m.case_id = c.id
  ORDER BY at DESC, network_id DESC LIMIT 1) newest ON true
LEFT JOIN LATERAL (SELECT text, at, audience FROM messages m WHERE m.workspace_id = c.workspace_id AND m.case_id = c.id
  AND identity_id IS NOT NULL AND deleted_at IS NULL ORDER BY at DESC, network_id DESC LIMIT 1) said ON true
LEFT JOIN LATERAL (SELECT text, audience, at FROM messages m WHERE m.workspace_id = c.workspace_id AND m.case_id = c.id
  AND owed AND deleted_at IS NULL ORDER BY at, network_id LIMIT 1) first ON true
"""
_WRITE = """
UPDATE cases c SET messages = d.messages, last_at = coalesce(d.last_at, c.last_at), last_in_at = d.last_in,
  last_out_at = d.last_out, holds_public = d.public, holds_private = d.private,
  opened_at = coalesce(d.first_owed, c.opened_at), last_audience = coalesce(d.audience, c.last_audience),
  channel_id = coalesce(d.channel, c.channel_id), snippet = d.snippet, snippet_at = d.snippet_at,
  snippet_private = d.snippet_private, title = d.title,
  title_private = d.title_private, title_at = d.title_at, waiting_since = d.waiting, version = c.version + 1
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::bool[],
  %s::bool[], %s::timestamptz[], %s::text[], %s::bigint[], %s::text[], %s::timestamptz[], %s::bool[], %s::text[],
  %s::bool[], %s::timestamptz[], %s::timestamptz[])
  AS d(workspace_id, id, messages, last_at, last_in, last_out, public, private, first_owed, audience, channel, snippet,
       snippet_at, snippet_private, title, title_private, title_at, waiting)
WHERE c.workspace_id = d.workspace_id AND c.id = d.id
"""


def recount(tx: Tx, keys: Iterable[tuple[int, int]]) -> None:
    """Bring cases, given as (workspace, case), in line with their messages and raise their version."""
    pairs = sorted(set(keys), key=lambda key: key[1])
    if not pairs:
        return
    derived = tx.rows(_DERIVED, columns(pairs, 2))
    shown = [_shown(*row) for row in derived]
    tx.run(_WRITE, columns(shown, 18))


def _shown(  # noqa: PLR0917 - the columns of one row, in their order
    workspace: object, case: object, messages: object, last_at: object, last_in: object, last_out: object,
    public: object, private: object, first_owed: object, audience: object, channel: object, said: str | None,
    said_at: object, said_audience: str | None, title: str | None, title_audience: str | None,
    title_at: object, waiting: object,
) -> tuple[object, ...]:  # fmt: skip
    return (
        workspace, case, messages, last_at, last_in, last_out, public, private, first_owed, audience, channel,
        shorten(said or "", SNIPPET), said_at, said_audience == "private", shorten(title or "", TITLE),
        title_audience == "private", title_at, waiting,
    )  # fmt: skip
