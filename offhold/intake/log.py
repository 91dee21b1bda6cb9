"""The log of what arrived: appended raw and committed before anybody is told that we have it.

Appending dedupes by channel and SHA-256 of the body; a second copy is no error and has no effect. It is one statement,
so that a group commit costs one round trip: keys first, then what they let through.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString, NamedTuple

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


class Row(NamedTuple):
    """What is written of an arrival, in the order of the statement's parameters."""

    workspace: int
    channel: int
    lane: int
    id: int
    source: str
    received_at: datetime
    key: bytes
    body: bytes


# For a prepared statement; `append` asks with the driver's placeholders instead.
APPEND: LiteralString = """
WITH given AS (
  SELECT *, (received_at AT TIME ZONE 'UTC')::date AS day FROM unnest($1::bigint[], $2::bigint[], $3::smallint[],
    $4::bigint[], $5::text[], $6::timestamptz[], $7::bytea[], $8::bytea[])
    AS g(workspace_id, channel_id, lane, id, source, received_at, key, body)
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
ROLL: LiteralString = "SELECT roll_arrivals($1::date)"
_placeholder = re.compile(r"\$\d")
_APPEND: LiteralString = _placeholder.sub("%s", APPEND)
_rolled: set[date] = set()


def rows_of(arrivals: Sequence[Arrival]) -> list[Row]:
    """What is to be written, each body of a channel once. By key: two processes that get the same two bodies take their
    keys in the same order, and neither waits for the other in vain."""
    rows: dict[tuple[int, bytes], Row] = {}
    for number, a in zip(ids.take(len(arrivals)), arrivals, strict=True):
        key = hashlib.sha256(a.body).digest()
        lane = lane_of(a.workspace, a.network)
        rows.setdefault(
            (a.channel, key), Row(a.workspace, a.channel, lane, number, a.source, a.received_at, key, a.body)
        )
    return [rows[place] for place in sorted(rows)]


def append(tx: Tx, arrivals: Sequence[Arrival]) -> int:
    """Write and queue what is new of `arrivals`, in their order. Returns how many were new."""
    for day in unrolled(arrivals):
        tx.run("SELECT roll_arrivals(%s)", (day,))
        rolled(day)
    rows = rows_of(arrivals)
    found = tx.one(_APPEND, [array(column) for column in zip(*rows, strict=True)]) if rows else None
    return int(found[0]) if found else 0


def unrolled(arrivals: Sequence[Arrival]) -> set[date]:
    """Days for which `roll_arrivals` must be asked, to have their partitions ready: once a day and process."""
    return {a.received_at.date() for a in arrivals} - _rolled


def rolled(day: date) -> None:
    """It was asked for this day."""
    _rolled.add(day)


def forget_rolls() -> None:
    """After a transaction that failed: a partition made in it is not there."""
    _rolled.clear()
