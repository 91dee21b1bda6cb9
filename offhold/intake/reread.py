"""Threads read again: for networks that lose notifications, or say nothing of edits and deletions.

Deletion is concluded in two steps. A complete look at a thread that lacks a message we hold makes it a suspect (a
deleted parent can hide its whole branch); only when the network, asked for that very message, has it no longer, is it
gone.
"""

from __future__ import annotations

from datetime import timedelta

from offhold.connectors.contract import Batch, Channel, Connector, Malformed, Present
from offhold.intake.confirmed import gone
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction_over

MOST_THREADS = 25
# Quiet threads are read less and less often: a thread is due when a twentieth of its quiet time has passed since.
QUIETER = 20
OLDEST = timedelta(days=14)

_DUE = """
SELECT network_key FROM conversations
WHERE workspace_id = %(workspace)s AND channel_id = %(channel)s AND audience = 'public' AND last_at > %(oldest)s
  AND (read_at IS NULL OR read_at + (%(now)s - last_at) / %(quieter)s < %(now)s)
ORDER BY read_at NULLS FIRST, last_at DESC LIMIT %(most)s
"""


def due(channel: Channel) -> tuple[str, ...]:
    """Root ids of the public threads to read now, those never read first."""
    with transaction_over([channel.workspace_id]) as tx:
        params = {
            "workspace": channel.workspace_id, "channel": channel.id, "oldest": tx.at - OLDEST, "now": tx.at,
            "quieter": QUIETER, "most": MOST_THREADS,
        }  # fmt: skip
        return tuple(key for (key,) in tx.rows(_DUE, params))


def done(channel: Channel, threads: tuple[str, ...]) -> None:
    """These have been read."""
    with transaction_over([channel.workspace_id]) as tx:
        tx.run(
            "UPDATE conversations SET read_at = %s WHERE workspace_id = %s AND channel_id = %s AND audience = 'public'"
            " AND network_key = ANY(%s)",
            (tx.at, channel.workspace_id, channel.id, list(threads)),
        )


def suspects(connector: Connector, channel: Channel, batch: Batch) -> tuple[str, ...]:
    """Ids we hold that a complete look at their thread did not show."""
    shown = {s.conversation: set(s.ids) for body in batch.bodies for s in _present(connector, channel, body)}
    with transaction_over([channel.workspace_id]) as tx:
        held = tx.rows(
            "SELECT c.network_key, m.network_id FROM conversations c"
            " JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id"
            " WHERE c.workspace_id = %s AND c.channel_id = %s AND c.audience = 'public' AND c.network_key = ANY(%s)"
            " AND m.deleted_at IS NULL",
            (channel.workspace_id, channel.id, list(shown)),
        )
    return tuple(sorted(name for key, name in held if name not in shown[key]))


def _present(connector: Connector, channel: Channel, body: bytes) -> list[Present]:
    try:
        return [s for s in connector.parse(channel, body) if isinstance(s, Present) and s.complete]
    except Malformed:
        return []  # the pipeline puts it aside, with its reason


def body_of(missing: tuple[str, ...]) -> bytes:
    """The arrival that says these are gone, as of now."""
    return gone(missing, clock.now())
