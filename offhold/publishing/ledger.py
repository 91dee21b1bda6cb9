"""The life of replies in one table, with every attempt to send them. It knows neither audience nor network.

There is one ledger for each kind of reply; a ledger cannot be told to work on the other table. Statements that differ
by what a reply says or to whom are in `public` and `direct`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound
from offhold.publishing.replies import Reply
from offhold.publishing.standing import Standing


class Due(msgspec.Struct, frozen=True):
    """A reply the sender has to look at now. `why`: its state; `wrong`: the network shows it to the wrong people;
    `unproven`: who can read it is not known yet."""

    id: int
    why: str


class Ledger:
    """`replies` and `attempts` name this kind's tables."""

    def __init__(self, replies: str, attempts: str) -> None:
        # Three reasons, for each its own index. Of one case only the first unsent reply is due: a person's two messages
        # arrive in the order they were written.
        self._due = f"""
(SELECT id, 'wrong' FROM {replies} WHERE workspace_id = %(workspace)s AND channel_id = %(channel)s
   AND withdraw_at <= %(at)s AND network_id IS NOT NULL AND NOT (id = ANY (%(busy)s)))
UNION ALL
(SELECT id, state FROM {replies} r
 WHERE workspace_id = %(workspace)s AND channel_id = %(channel)s AND next_at <= %(at)s AND NOT (id = ANY (%(busy)s))
   AND (state <> 'intent' OR NOT EXISTS (
     SELECT 1 FROM {replies} e WHERE e.workspace_id = r.workspace_id AND e.case_id = r.case_id AND e.id < r.id
       AND e.state IN ('intent', 'sending')))
 ORDER BY id LIMIT %(limit)s)
UNION ALL
(SELECT id, 'unproven' FROM {replies} WHERE workspace_id = %(workspace)s AND channel_id = %(channel)s
   AND verify_at <= %(at)s AND NOT (id = ANY (%(busy)s)) ORDER BY verify_at LIMIT %(limit)s)
"""
        self._prove_later = f"""
UPDATE {replies} SET verify_at = %s, verify_tries = verify_tries + %s WHERE workspace_id = %s AND id = %s
RETURNING verify_tries
"""
        self._proven = f"""
UPDATE {replies} SET verify_at = NULL, verified_at = %s
WHERE workspace_id = %s AND id = %s AND state = 'sent' AND withdraw_at IS NULL
"""
        self._take_back = f"""
UPDATE {replies} SET withdraw_at = %s, verify_at = NULL, evidence = evidence || %s::jsonb
WHERE workspace_id = %s AND id = %s
"""
        self._left = f"""
SELECT r.id FROM {replies} r
JOIN {attempts} a ON a.workspace_id = r.workspace_id AND a.reply_id = r.id AND a.n = r.attempts
WHERE r.workspace_id = %s AND r.channel_id = %s AND r.state = 'sending' AND a.fence < %s ORDER BY r.id
"""
        self._stand = f"""
UPDATE {replies} SET state = %(state)s, until = %(until)s, next_at = %(next_at)s, tries = %(tries)s,
  deadline = %(deadline)s, unknown_at = %(unknown_at)s, absences = %(absences)s, absent_at = %(absent_at)s,
  doubted = %(doubted)s,
  error_code = %(error_code)s, error_text = %(error_text)s, network_id = %(network_id)s,
  sent_at = coalesce(%(sent_at)s, sent_at), withdraw_at = coalesce(%(withdraw_at)s, withdraw_at),
  verify_at = coalesce(%(verify_at)s, verify_at), attempts = attempts + %(opened)s,
  evidence = evidence || %(evidence)s::jsonb
WHERE workspace_id = %(workspace)s AND id = %(id)s
"""
        self._open = f"""
WITH counted AS ({self._stand} RETURNING workspace_id, id, attempts)
INSERT INTO {attempts} (workspace_id, reply_id, n, fence, started_at, deadline)
SELECT workspace_id, id, attempts, %(fence)s, %(at)s, %(deadline)s FROM counted RETURNING n
"""
        self._agree = f"""
UPDATE {replies} SET approved_by = %s, approved_name = %s, approved_at = %s, approved_sha256 = text_sha256,
  case_version = %s
WHERE workspace_id = %s AND id = %s
"""
        self._close = f"""
UPDATE {attempts} SET ended_at = %s, outcome = %s, detail = %s
WHERE workspace_id = %s AND reply_id = %s AND n = %s AND ended_at IS NULL
"""
        self._quiet = f"""
UPDATE {replies} SET next_at = least(%s, until)
WHERE workspace_id = %s AND channel_id = %s AND state = 'intent' AND next_at < %s
"""
        self._unsent = f"""
SELECT id FROM {replies} WHERE workspace_id = %s AND case_id = ANY (%s) AND state IN ('approval', 'held', 'review')
ORDER BY id
"""
        self._beside = f"""
SELECT b.id FROM {replies} b JOIN {replies} r ON r.workspace_id = b.workspace_id
  AND r.in_reply_to IS NOT DISTINCT FROM b.in_reply_to AND r.id <> b.id
WHERE r.workspace_id = %s AND r.id = %s AND b.case_id = ANY (%s) AND b.state = 'approval' ORDER BY b.id
"""
        self.case = f"SELECT case_id FROM {replies} WHERE workspace_id = %(workspace)s AND id = %(reply)s"
        self._later = f"UPDATE {replies} SET next_at = %s WHERE workspace_id = %s AND id = %s AND next_at IS NOT NULL"
        self._withdrawn = f"""
UPDATE {replies} SET withdraw_at = %s, evidence = evidence || %s::jsonb WHERE workspace_id = %s AND id = %s
"""

    def case_of(self, tx: Tx, workspace: int, reply_id: int) -> int:
        """The case a reply was meant in. Raises `NotFound`."""
        row = tx.one(self.case, {"workspace": workspace, "reply": reply_id})
        if row is None:
            raise NotFound
        return int(row[0])

    def due(self, tx: Tx, workspace: int, channel: int, *, busy: list[int], limit: int) -> list[Due]:
        """What is to be looked at on a channel now, each reply once, leaving out what is being looked at: what is to be
        deleted there; at most `limit` that move, oldest first; at most `limit` of which the network is to be asked who
        can read them."""
        params = {"workspace": workspace, "channel": channel, "at": tx.at, "busy": busy, "limit": limit}
        found: dict[int, Due] = {}
        for reply, why in tx.rows(self._due, params):
            found.setdefault(reply, Due(reply, why))
        return list(found.values())

    def prove_later(self, tx: Tx, reply: Reply, at: datetime | None, *, tried: bool) -> int:
        """Ask the network at `at` who can read it; None: a person was told. Returns how often it was tried."""
        row = tx.one(self._prove_later, (at, int(tried), reply.workspace_id, reply.id))
        assert row is not None  # the caller holds the reply's row
        return int(row[0])

    def proven(self, tx: Tx, reply: Reply) -> None:
        """The network itself stated the audience it was meant for. Of no consequence once it is to be taken back."""
        tx.run(self._proven, (tx.at, reply.workspace_id, reply.id))

    def left_sending(self, tx: Tx, workspace: int, channel: int, fence: int) -> list[int]:
        """Replies whose attempt belongs to an earlier holder of the channel: it can no longer end them."""
        return [row[0] for row in tx.rows(self._left, (workspace, channel, fence))]

    def open_attempt(self, tx: Tx, reply: Reply, standing: Standing, fence: int) -> int:
        """Write down how a reply stands while one more socket is about to be opened. Returns that one's number."""
        values = _stands(reply, standing) | {"opened": 1, "fence": fence, "at": tx.at}
        row = tx.one(self._open, values)
        assert row is not None  # the caller holds the reply's row
        return int(row[0])

    def close_attempt(self, tx: Tx, reply: Reply, n: int, outcome: str, detail: str) -> None:
        """Write down how an attempt ended, unless that is known already."""
        tx.run(self._close, (tx.at, outcome, detail, reply.workspace_id, reply.id, n))

    def stand(
        self,
        tx: Tx,
        reply: Reply,
        standing: Standing,
        *,
        network_id: str | None,
        sent_at: datetime | None = None,
        withdraw_at: datetime | None = None,
        verify_at: datetime | None = None,
        evidence: dict[str, Any] | None = None,
    ) -> None:
        """Write down how a reply stands now. `evidence` is added to what is known already."""
        noted = [] if evidence is None else [{"at": tx.at, **evidence}]
        told = {"network_id": network_id, "sent_at": sent_at, "withdraw_at": withdraw_at, "verify_at": verify_at}
        tx.run(self._stand, _stands(reply, standing) | told | {"evidence": jsons.encode(noted).decode()})

    def unsent_of(self, tx: Tx, workspace: int, cases: list[int]) -> list[int]:
        """Replies that wait before they go out and were meant in one of these cases."""
        return [row[0] for row in tx.rows(self._unsent, (workspace, cases))]

    def asked_beside(self, tx: Tx, reply: Reply, cases: list[int]) -> list[int]:
        """Other candidates for the same answer that wait to be agreed to, meant in one of these cases."""
        return [row[0] for row in tx.rows(self._beside, (reply.workspace_id, reply.id, cases))]

    def agree(self, tx: Tx, reply: Reply, by: int, name: str, case_version: int) -> None:
        """Write down who agreed to these words, before it may stand anywhere but in APPROVAL, and which version of the
        case has nothing in it that they did not see."""
        tx.run(self._agree, (by, name, tx.at, case_version, reply.workspace_id, reply.id))

    def look_later(self, tx: Tx, reply: Reply, at: datetime) -> None:
        """Nothing happened to it; look again at `at`."""
        tx.run(self._later, (at, reply.workspace_id, reply.id))

    def keep_quiet(self, tx: Tx, workspace: int, channel: int, until: datetime) -> None:
        """Open nothing new on this channel before `until`."""
        tx.run(self._quiet, (until, workspace, channel, until))

    def take_back_what_is_out(self, tx: Tx, reply: Reply, evidence: dict[str, Any]) -> None:
        """It is to be deleted on the network now; nothing else about it changes."""
        noted = jsons.encode([{"at": tx.at, **evidence}]).decode()
        tx.run(self._take_back, (tx.at, noted, reply.workspace_id, reply.id))

    def note_withdrawal(self, tx: Tx, reply: Reply, again_at: datetime | None, evidence: dict[str, Any]) -> None:
        """What came of deleting it on the network; `again_at` None: nothing more is tried."""
        noted = jsons.encode([{"at": tx.at, **evidence}]).decode()
        tx.run(self._withdrawn, (again_at, noted, reply.workspace_id, reply.id))


def _stands(reply: Reply, standing: Standing) -> dict[str, Any]:
    """The values of a reply that stands so and of which nothing else is told."""
    values = msgspec.structs.asdict(standing)
    del values["certain"]  # derived: there is a network id
    untold = dict.fromkeys(("network_id", "sent_at", "withdraw_at", "verify_at"))
    named = {"workspace": reply.workspace_id, "id": reply.id, "state": standing.state.value}
    return values | untold | named | {"opened": 0, "evidence": "[]"}
