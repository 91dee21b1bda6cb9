"""What stands before whatever wants to go out: the stop over its channel, if there is one.

A stop is a row (`stops`). Its transaction holds the workspace's gate alone; whoever begins an attempt, or lets a reply
pass another gate, holds it together with others and then looks for stops. So once a stop is committed nothing begins
under it. What had begun before is for the senders themselves (`stopping`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec

from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict
from offhold.publishing.before import looked_at_first
from offhold.publishing.graph import Interrupted, State
from offhold.publishing.replies import Reply

R = TypeVar("R", bound=Reply)

CODE = "stopped"

# Whoever sets a stop waits here for what is being begun, and what wants to begin waits for the stop.
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('publishing of ' || %s::text, 0))"
_TOGETHER = "SELECT pg_advisory_xact_lock_shared(hashtextextended('publishing of ' || %s::text, 0))"

# Does stop `s` stand over channel `c`.
COVERS = """
s.workspace_id = c.workspace_id AND (s.scope = 'workspace' OR s.network = c.network OR s.channel_id = c.id)
  AND NOT (c.id = ANY (s.allow))
"""
_STANDING_OVER = f"""
SELECT s.id, s.number, s.until, s.by_name, s.reason FROM publishing_stops s JOIN channels c ON {COVERS}
WHERE s.workspace_id = %s AND c.id = %s AND s.number > %s AND s.lifted_at IS NULL AND s.until > %s
ORDER BY s.until DESC LIMIT 1
"""
_STOPPED = f"""
SELECT DISTINCT c.id FROM publishing_stops s JOIN channels c ON {COVERS}
WHERE s.workspace_id = %s AND s.lifted_at IS NULL AND s.until > %s
"""
_LATEST = f"""
SELECT (SELECT coalesce(max(number), 0) FROM publishing_stops WHERE workspace_id = %s), s.*
FROM (VALUES (1)) AS here LEFT JOIN ({_STANDING_OVER}) AS s ON true
"""


class Over(msgspec.Struct, frozen=True):
    """The stop that stands over a channel. `number` counts stops of the workspace in the order of their commits."""

    id: int
    number: int
    until: datetime
    by: str
    reason: str

    @property
    def event(self) -> Interrupted:
        """What it means for a reply: a person looks again."""
        return Interrupted(CODE, self.words)

    @property
    def words(self) -> str:
        return f"{self.by} stopped publishing: {self.reason}"


def pass_alone(tx: Tx, workspace_id: int) -> None:
    """Nothing begins, and nothing passes a gate, from here to the end of this transaction."""
    tx.run(_ALONE, (workspace_id,))


def pass_together(tx: Tx, workspace_id: int) -> None:
    """No stop is set from here to the end of this transaction, or it was set before and is seen. To be called before
    any row is locked."""
    tx.run(_TOGETHER, (workspace_id,))


def known(tx: Tx, workspace_id: int, channel_id: int) -> tuple[int, Over | None]:
    """The number of the newest stop there is (0: there never was one), and the one that stands over this channel."""
    row = tx.one(_LATEST, (workspace_id, workspace_id, channel_id, 0, tx.at))
    assert row is not None  # an aggregate
    return int(row[0]), None if row[1] is None else Over(*row[1:])


def over(tx: Tx, workspace_id: int, channel_id: int, *, after: int = 0) -> Over | None:
    """The stop that stands over a channel now, of those with a number above `after`; of several the longest."""
    row = tx.one(_STANDING_OVER, (workspace_id, channel_id, after, tx.at))
    return None if row is None else Over(*row)


def stopped_channels(tx: Tx, workspace_id: int) -> set[int]:
    """Every channel a stop stands over now."""
    return {row[0] for row in tx.rows(_STOPPED, (workspace_id, tx.at))}


def check_not_stopped(tx: Tx, workspace_id: int, channel_id: int) -> None:
    """Raises `Conflict` while publishing on this channel is stopped."""
    found = over(tx, workspace_id, channel_id)
    if found is not None:
        raise Conflict(
            "Publishing is stopped.", code=CODE, stop_id=str(found.id), until=found.until, by=found.by,
            reason=found.reason,
        )  # fmt: skip


def beginning(tx: Tx, reply: R) -> R:
    """A reply as it may begin now. What somebody has to agree to waits for that first, and cannot pass meanwhile."""
    found = None if reply.state is State.APPROVAL else over(tx, reply.workspace_id, reply.channel_id)
    if found is None:
        return reply
    return msgspec.structs.replace(reply, standing=looked_at_first(tx.at, CODE, found.words))
