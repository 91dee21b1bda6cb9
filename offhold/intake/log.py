"""The log of what arrived: appended raw and committed before anybody is told that we have it.

Appending dedupes by channel and SHA-256 of the body; a second copy is no error and has no effect.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from offhold.intake.lanes import lane_of
from offhold.kernel import ids
from offhold.kernel.arrays import array
from offhold.kernel.db.tx import Tx


class Arrival(msgspec.Struct, frozen=True):
    """Raw bytes as a network handed them to us. `source`: webhook, poll, stream, reread or confirmed (`reread`)."""

    workspace: int
    channel: int
    network: str
    source: str
    body: bytes
    received_at: datetime


# One statement, so that a group commit costs one round trip: keys first, then what they let through.
_APPEND = """
WITH given AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::bigint[], %s::text[], %s::timestamptz[],
    %s::date[],
                       %s::bytea[], %s::bytea[])
    AS g(workspace_id, channel_id, lane, id, source, received_at, day, key, body)
), fresh AS (
  INSERT INTO arrival_keys (workspace_id, channel_id, key, day) SELECT workspace_id, channel_id, key, day FROM given
  ON CONFLICT DO NOTHING RETURNING channel_id, key
), kept AS (
  SELECT given.* FROM given JOIN fresh USING (channel_id, key)
), logged AS (
  INSERT INTO arrivals (day, id, workspace_id, channel_id, source, received_at, body)
  SELECT day, id, workspace_id, channel_id, source, received_at, body FROM kept
), queued AS (
  INSERT INTO arrival_queue (lane, arrival_id, day, workspace_id, channel_id)
  SELECT lane, id, day, workspace_id, channel_id FROM kept
)
SELECT count(*), CASE WHEN count(*) > 0 THEN pg_notify('offhold_arrivals', '') END FROM kept
"""
_rolled: set[date] = set()


def append(tx: Tx, arrivals: Sequence[Arrival]) -> int:
    """Write and queue what is new of `arrivals`, in their order. Returns how many were new."""
    rows: dict[tuple[int, bytes], tuple[object, ...]] = {}
    for number, a in zip(ids.take(len(arrivals)), arrivals, strict=True):
        key, day = hashlib.sha256(a.body).digest(), a.received_at.date()
        row = (
            a.workspace,
            a.channel,
            lane_of(a.workspace, a.network),
            number,
            a.source,
            a.received_at,
            day,
            key,
            a.body,
        )
        rows.setdefault((a.channel, key), row)
        roll(tx, day)
    found = tx.one(_APPEND, [array(column) for column in zip(*rows.values(), strict=True)]) if rows else None
    return int(found[0]) if found else 0


def roll(tx: Tx, day: date) -> None:
    """Have the day's partition ready, and drop what is over 30 days old; once a day and process."""
    if day not in _rolled:
        tx.run("SELECT roll_arrivals(%s)", (day,))
        _rolled.add(day)


def forget_rolls() -> None:
    """After a transaction that failed: a partition made in it is not there."""
    _rolled.clear()
