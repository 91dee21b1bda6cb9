"""Idempotency-Key: honoured within a window, and not a second longer, as real networks do."""

from __future__ import annotations

import hashlib
import sqlite3

from offhold.networks.sandbox.world import shape
from offhold.networks.sandbox.world.gate import Call, Reply
from offhold.networks.sandbox.world.network import Refusal


def known(call: Call) -> tuple[str | None, Reply | None]:
    """The Idempotency-Key, and the answer of the call that used it first, if that is within the window."""
    key = call.headers.get("idempotency-key") or None
    if key is None:
        return None, None
    if len(key) > 128:
        raise Refusal(422, "bad_key", "An Idempotency-Key has at most 128 characters.")
    row = call.net.store.one("SELECT * FROM idempotency WHERE account = ? AND key = ?", call.account, key)
    if row is None or row["until"] <= call.net.now():
        return key, None
    if row["asked"] != _asked(call):
        raise Refusal(409, "key_reused", "This Idempotency-Key was used for something else.")
    item = call.net.store.one("SELECT * FROM items WHERE id = ?", row["item"])
    assert item is not None, "items are never removed, only blanked"
    view = shape.tombstone(item, call.account) if item["deleted"] else shape.item(call.net, item, call.account)
    return key, Reply(200, view, {"idempotency-replayed": "true"})


def remember(call: Call, row: sqlite3.Row, key: str | None) -> Reply:
    """The answer to a fresh item; the same call under this key gets it again until the window ends."""
    if key is not None:
        until = call.net.now() + int(call.net.key_window * 1000)
        call.net.store.write(
            "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?)",
            call.account,
            key,
            _asked(call),
            row["id"],
            until,
        )
    return Reply(201, shape.item(call.net, row, call.account))


def _asked(call: Call) -> bytes:
    return hashlib.sha256(repr(sorted(call.path.items())).encode() + b"\0" + call.body).digest()
