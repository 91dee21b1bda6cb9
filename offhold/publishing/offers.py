"""What authors let stand against the guard, offered to leads as exceptions for good. Only of replies that were meant,
and nobody's name: it is about the rule, not about who met it."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from offhold.kernel.db.tx import Tx
from offhold.publishing import policies
from offhold.publishing.guard.policy import NEVER_EXCEPTED

LATELY = timedelta(days=30)
MOST = 100

# The words are of a public reply that went out; of private ones only the rule and how often are told.
_OFFERED = """
SELECT f ->> 'rule', f ->> 'cause', count(*), max(r.created_at), max(r.text) FILTER (WHERE r.public) FROM (
  SELECT looked, created_at, text, state = 'sent' AS public FROM public_replies
  WHERE workspace_id = %(ws)s AND looked <> '[]' AND created_at > %(since)s
  UNION ALL SELECT looked, created_at, text, false FROM direct_replies
  WHERE workspace_id = %(ws)s AND looked <> '[]' AND created_at > %(since)s) r
CROSS JOIN LATERAL jsonb_array_elements(r.looked) AS f
WHERE f ->> 'level' = 'second_look' GROUP BY 1, 2 ORDER BY 3 DESC, 4 DESC LIMIT %(most)s
"""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """`cause` put among the policy's exceptions ends it. `example`: the newest public reply with it, None: private."""

    rule: str
    cause: str
    times: int
    last_at: datetime
    example: str | None


def offered(tx: Tx, workspace_id: int) -> list[Offer]:
    """What was let stand in the last thirty days and is no exception yet, most often first."""
    allowed = policies.load(tx, workspace_id).policy.guard.exceptions
    params = {"ws": workspace_id, "since": tx.at - LATELY, "most": MOST}
    found = [Offer(rule=r, cause=c, times=n, last_at=at, example=x) for r, c, n, at, x in tx.rows(_OFFERED, params)]
    return [offer for offer in found if offer.cause not in allowed and offer.rule not in NEVER_EXCEPTED]
