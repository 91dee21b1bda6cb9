"""The proof that nothing is missing: list what the network holds, compare it with what we have.

The figure is on the channel's card ("complete until 14:02, nothing missing"); anything but 0 shows there at once.
"""

from __future__ import annotations

from datetime import timedelta

from offhold.channels.actions import announce
from offhold.connectors.contract import Channel
from offhold.kernel.db.tx import transaction_over

EVERY_SECONDS = 3_600.0
WINDOW = timedelta(hours=48)

_MISSING = """
SELECT count(*) FROM unnest(%s::text[]) AS k(network_id)
WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = %s AND m.channel_id = %s
  AND m.network_id = k.network_id)
"""


def compare(channel: Channel, held: set[str]) -> int:
    """Count what the network holds and we do not, and write it down. Returns the count."""
    with transaction_over([channel.workspace_id]) as tx:
        row = tx.one(_MISSING, (sorted(held), channel.workspace_id, channel.id))
        missing: int = row[0] if row else 0
        before = tx.one(
            "UPDATE channel_health h SET inbound_missing = %s, missing_checked_at = %s FROM channel_health old"
            " WHERE h.workspace_id = %s AND h.channel_id = %s AND old.workspace_id = h.workspace_id"
            " AND old.channel_id = h.channel_id RETURNING old.inbound_missing",
            (missing, tx.at, channel.workspace_id, channel.id),
        )
        if before is not None and before[0] != missing:
            announce(tx, channel.workspace_id, channel.id)
    return missing
