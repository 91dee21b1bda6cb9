"""The event log of an account as it is read: by pages, by the stream, by webhooks."""

from __future__ import annotations

import sqlite3

import msgspec

from offhold.networks.sandbox.world import gate, shape
from offhold.networks.sandbox.world.network import Network


def page_of_events(net: Network, account: str, after: int, limit: int, name: str) -> bytes:
    as_of, rows = net.as_of(), logged(net, account, after, limit + 1)
    page = [shape.numbered(r["seq"], r["payload"]) for r in rows[:limit]]
    if net.faults.pick(("drift_fields",), name, account) is not None:
        page = [msgspec.json.encode(gate.drift(msgspec.json.decode(e))) for e in page]
    more = len(rows) > limit
    if page:
        net.record("delivered", how="poll", account=account, events=[r["seq"] for r in rows[:limit]])
    reached = rows[:limit][-1]["seq"] if page else max(after, net.seen)
    return shape.envelope(account, page, reached, as_of, more=more)


def logged(net: Network, account: str, after: int, limit: int) -> list[sqlite3.Row]:
    """Events that are on disk, oldest first."""
    return net.store.all(
        "SELECT seq, payload FROM events WHERE account = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        *(account, after, net.seen, limit),
    )
