"""Lists of items by page, and the watermark that says up to when such a list is complete."""

from __future__ import annotations

import sqlite3

from offhold.networks.sandbox.world import shape
from offhold.networks.sandbox.world.clock import from_iso, iso
from offhold.networks.sandbox.world.gate import Call, Reply
from offhold.networks.sandbox.world.network import Refusal

PAGE = 200


def since(call: Call) -> int:
    """The `since` of the query in ms; 0 without one. Raises Refusal 400."""
    try:
        return from_iso(call.query["since"]) if "since" in call.query else 0
    except ValueError as error:
        raise Refusal(400, "bad_request", "since is not an ISO 8601 time.") from error


def page(call: Call, where: str, *values: object, until: int = 2**62) -> list[sqlite3.Row]:
    """Items, oldest first, one row more than a page, so that the reader learns whether there is more."""
    span = "created >= ? AND created <= ? AND seq > ? ORDER BY seq LIMIT ?"
    return call.net.store.all(
        f"SELECT * FROM items WHERE {where} AND {span}",  # noqa: S608 - `where` is one of the few written in this file
        *(*values, since(call), until, call.number("cursor", 0, 0, 2**62), PAGE + 1),
    )


def late(call: Call, where: str, *values: object) -> tuple[list[sqlite3.Row], dict[str, str]]:
    """Own items, and the watermark up to which the list is complete. A fault may let both lag."""
    as_of = call.net.now()
    fault = call.net.faults.pick(("late_reads",), call.name, call.account)
    until = as_of - int(fault.ask.seconds * 1000) if fault else as_of
    return page(call, where, *values, until=until), {"as_of": iso(until if fault and fault.ask.states else as_of)}


def listed(call: Call, name: str, rows: list[sqlite3.Row], more: dict[str, str]) -> Reply:
    """A page as it is answered, tombstones among the rest, with the cursor of what follows."""
    shapes = [
        shape.tombstone(r, call.account) if r["deleted"] else shape.item(call.net, r, call.account) for r in rows[:PAGE]
    ]
    cursor = str(rows[:PAGE][-1]["seq"]) if rows else call.query.get("cursor", "0")
    now = iso(call.net.now())
    return Reply(200, {"as_of": now, "now": now, **more, name: shapes, "cursor": cursor, "more": len(rows) > PAGE})
