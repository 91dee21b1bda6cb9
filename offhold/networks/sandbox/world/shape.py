"""How this network writes things down for others: rows become the JSON of its API, stream and webhooks."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from offhold.networks.sandbox.world.clock import iso
from offhold.networks.sandbox.world.network import Network

Shape = dict[str, Any]


def account(net: Network, row: sqlite3.Row) -> Shape:
    return {
        "id": row["id"],
        "handle": row["handle"],
        "name": row["name"],
        "followers": row["followers"],
        "avatar": f"{net.base_url}/avatar/{row['id']}.png",
    }


def author(net: Network, account_id: str) -> Shape:
    row = net.store.one("SELECT * FROM accounts WHERE id = ?", account_id)
    assert row is not None, "items belong to accounts, and accounts stay"
    return account(net, row)


def item(net: Network, row: sqlite3.Row, viewer: str | None = None) -> Shape:
    """A status or a direct message as `viewer` may see it. Only its author is told its `client_key`."""
    shape = _said(net, row)
    if row["audience"] == "public":
        shape |= _status(net, row)
    else:
        shape |= {"conversation": row["conversation"], "recipient": author(net, row["recipient"])}
    if viewer == row["author"] and row["client_key"]:
        shape["client_key"] = row["client_key"]
    return shape


def tombstone(row: sqlite3.Row, viewer: str | None = None) -> Shape:
    """What is left of a deleted item: that it was there."""
    shape = {
        "id": row["id"],
        "visibility": row["audience"],
        "created_at": iso(row["created"]),
        "deleted_at": iso(row["deleted"]),
    }
    if viewer == row["author"] and row["client_key"]:
        shape["client_key"] = row["client_key"]
    return shape


def event(kind: str, at: int, **parts: Any) -> bytes:
    """An event without its id, which is its place in the log: `numbered` puts that in."""
    return msgspec.json.encode({"type": kind, "at": iso(at), **{k: v for k, v in parts.items() if v is not None}})


def numbered(seq: int, payload: bytes) -> bytes:
    return b'{"id":"%d",%b' % (seq, payload[1:])


def envelope(account_id: str, events: list[bytes], cursor: int, as_of: int | None, **more: Any) -> bytes:
    """The same body for a page of the log, a webhook and a stream frame.

    `as_of`: all that happened to this account before is at or before `cursor`; None where that cannot be said.
    """
    head = msgspec.json.encode(
        {"account": account_id, "cursor": str(cursor), "as_of": iso(as_of) if as_of else None, **more}
    )
    return head[:-1] + b',"events":[' + b",".join(events) + b"]}"


def _said(net: Network, row: sqlite3.Row) -> Shape:
    return {
        "id": row["id"],
        "visibility": row["audience"],
        "author": author(net, row["author"]),
        "text": row["text"],
        "lang": row["lang"],
        "created_at": iso(row["created"]),
        "edited_at": iso(row["edited"]) if row["edited"] else None,
        "version": row["version"],
        "media": [{**m, "url": f"{net.base_url}/media/{m['id']}"} for m in msgspec.json.decode(row["media"])],
    }


def _status(net: Network, row: sqlite3.Row) -> Shape:
    return {
        "thread": row["conversation"],
        "in_reply_to": row["parent"],
        "quotes": row["quotes"],
        "hidden": bool(row["hidden"]),
        "url": f"{net.base_url}/status/{row['id']}",
        "counts": {"likes": row["likes"], "reposts": row["reposts"], "replies": row["replies"]},
    }
