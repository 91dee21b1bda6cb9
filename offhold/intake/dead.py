"""Arrivals put aside alone, with their reason, where a person sees them and can run them again."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from offhold.intake.lanes import lane_of
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound

LONGEST_DETAIL = 2_000


class DeadLetter(msgspec.Struct, frozen=True):
    """What a person sees of one. `excerpt`: the beginning of what arrived, for reading, never for running."""

    id: str
    channel_id: str
    reason: str
    detail: str
    at: datetime
    excerpt: str | None


_PUT = """
INSERT INTO dead_letters (workspace_id, id, channel_id, arrival_id, day, reason, detail, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, arrival_id) DO UPDATE SET reason = excluded.reason, detail = excluded.detail,
  at = excluded.at, settled_at = NULL
"""


def do_put_aside(
    tx: Tx, workspace_id: int, channel_id: int, arrival: tuple[int, date], *, reason: str, detail: str
) -> None:
    """Keep an arrival, (id, day), with its reason (`malformed` or `failed`); it is no longer in the way of others."""
    shown = detail.replace("\0", "\\0")[:LONGEST_DETAIL]
    tx.run(_PUT, (workspace_id, ids.new(), channel_id, *arrival, reason, shown, tx.at))


_OPEN = """
SELECT d.id, d.channel_id, d.reason, d.detail, d.at, substring(a.body for 2000)
FROM dead_letters d LEFT JOIN arrivals a ON a.day = d.day AND a.id = d.arrival_id
WHERE d.workspace_id = %s AND d.settled_at IS NULL AND d.id < %s ORDER BY d.id DESC LIMIT %s
"""


def waiting(tx: Tx, workspace_id: int, before: int = 2**63 - 1, limit: int = 50) -> list[DeadLetter]:
    """Those nobody has dealt with, newest first."""
    return [
        DeadLetter(str(i), str(channel), reason, detail, at, None if body is None else readable(bytes(body)))
        for i, channel, reason, detail, at, body in tx.rows(_OPEN, (workspace_id, before, limit))
    ]


def readable(body: bytes) -> str:
    """Hostile bytes as text a screen can show."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in body.decode(errors="replace"))


def do_redrive(tx: Tx, workspace_id: int, letter_ids: list[int] | None = None) -> int:
    """Queue dead letters again (all that wait, or these). Running one twice has no effect. Returns how many.

    Raises `NotFound` when a named one is not there.
    """
    rows = tx.rows(
        "UPDATE dead_letters d SET settled_at = %s FROM channels c WHERE d.workspace_id = %s AND d.settled_at IS NULL"
        " AND c.id = d.channel_id AND (%s::bigint[] IS NULL OR d.id = ANY(%s))"
        " RETURNING d.arrival_id, d.day, d.channel_id, c.network",
        (tx.at, workspace_id, letter_ids, letter_ids),
    )
    if letter_ids is not None and len(rows) < len(set(letter_ids)):
        raise NotFound
    for arrival_id, day, channel_id, network in rows:
        enqueue(tx, workspace_id, network, channel_id, arrival_id, day)
    return len(rows)


def enqueue(tx: Tx, workspace_id: int, network: str, channel_id: int, arrival_id: int, day: date) -> None:
    """Put one arrival of the log back into its lane."""
    tx.run("SELECT enqueue_arrival(%s::smallint, %s, %s, %s, %s)",
           (lane_of(workspace_id, network), arrival_id, day, workspace_id, channel_id))  # fmt: skip
