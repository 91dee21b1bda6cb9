"""What happened in a case since somebody's screen showed it, as far as it concerns what they are about to say.

The facts tell: each version of a case was announced by one, and what came in later transactions is news. Words of the
customer count, and answers of anybody else; the author's own replies do not, nor what no person wrote. A merge or a
split counts: it may change whom a direct reply goes to, without a word being said.
"""

from __future__ import annotations

from typing import Any

from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.publishing.parts import parts

# A transaction writes its facts as one batch, and the case's own may stand before or after the rest of them.
_SINCE = """
WITH told AS MATERIALIZED (
  SELECT b.last, f.place, f.kind, f.payload
  FROM fact_batches b CROSS JOIN LATERAL ROWS FROM (
    json_to_recordset(b.facts::json) AS (kind text, case_id bigint, payload json)
  ) WITH ORDINALITY AS f (kind, case_id, payload, place)
  WHERE b.workspace_id = %(workspace)s AND b.cases @> ARRAY[%(case)s::bigint] AND f.case_id = %(case)s
), seen AS (
  SELECT max(last) AS last FROM told
  WHERE kind = 'case.changed' AND (payload -> 'case' ->> 'version')::bigint <= %(version)s
)
SELECT kind, payload::text FROM told
WHERE kind = ANY (%(kinds)s) AND last > coalesce((SELECT last FROM seen), 0) ORDER BY last, place
"""
_OWN = """
SELECT id::text FROM public_replies WHERE workspace_id = %(workspace)s AND case_id = ANY (%(parts)s)
  AND (author_id = %(author)s OR automatic)
UNION ALL
SELECT id::text FROM direct_replies WHERE workspace_id = %(workspace)s AND case_id = ANY (%(parts)s)
  AND (author_id = %(author)s OR automatic)
"""
Item = dict[str, Any]
# Kinds of facts, and where their payload keeps the item of the timeline.
_ITEM_IN = {"message.posted": "message", "reply.changed": "reply", "case.event": "event"}
_REGROUPED = frozenset({"case.merged", "case.unmerged", "case.split"})


def since(tx: Tx, *, workspace_id: int, case_id: int, version: int, author_id: int) -> list[Item]:
    """Items of the timeline, as screens get them, oldest first, that `author_id` has not seen at `version`."""
    params: dict[str, Any] = {"workspace": workspace_id, "case": case_id, "version": version, "author": author_id}
    params |= {"kinds": list(_ITEM_IN), "parts": parts(tx, workspace_id, case_id)}
    own = {row[0] for row in tx.rows(_OWN, params)}
    latest: dict[str, Item] = {}
    for kind, payload in tx.rows(_SINCE, params):
        item = jsons.decode(payload)[_ITEM_IN[kind]]
        latest[_subject(item)] = item
    return [item for item in latest.values() if _concerns(item, own)]


def is_the_customers(item: Item) -> bool:
    """Words of the customer, or of somebody else in the thread."""
    return bool(item["type"] == "message" and item["direction"] == "in")


def _subject(item: Item) -> str:
    """A reply and the message it became are one thing."""
    return str(item.get("reply_id") or item["id"])


def _concerns(item: Item, own: set[str]) -> bool:
    """A customer's words, somebody else's answer that is out or may yet be, or words that came or went with a case."""
    if item["type"] == "event":
        return item["kind"] in _REGROUPED
    if item["type"] == "reply":
        return item["id"] not in own and item["state"] not in ("refused", "cancelled")
    return item["direction"] == "in" or item.get("reply_id") not in own
