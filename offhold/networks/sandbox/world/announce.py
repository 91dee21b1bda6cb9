"""Who is told of what: each act becomes one event for every connected account it concerns.

An account is connected once it was given a token. It hears what addresses it (mention, reply, quote, direct message),
what is said further down in threads it takes part in, and its own items (an echo).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from offhold.networks.sandbox.world import shape
from offhold.networks.sandbox.world.network import Network


def created(net: Network, row: sqlite3.Row, reasons: dict[str, str]) -> None:
    """`reasons`: account id -> mention | reply | quote | direct, for all who are addressed."""
    kind = "status" if row["audience"] == "public" else "direct"
    told = {**dict.fromkeys(watchers(net, row), "thread"), **reasons, row["author"]: "echo"}
    for account, reason in told.items():
        if account in net.connected:
            tell(net, account, f"{kind}.created", reason=reason, **{kind: shape.item(net, row, account)})


def changed(net: Network, row: sqlite3.Row, what: str) -> None:
    """`what`: edited, hidden or shown; whoever could see the item hears of it."""
    kind = "status" if row["audience"] == "public" else "direct"
    for account in concerned(net, row):
        tell(net, account, f"{kind}.{what}", **{kind: shape.item(net, row, account)})


def deleted(net: Network, row: sqlite3.Row) -> None:
    kind = "status" if row["audience"] == "public" else "direct"
    for account in concerned(net, row):
        tell(net, account, f"{kind}.deleted", **{kind: shape.tombstone(row, account)})


def counts(net: Network) -> None:
    """Counts are absolute and told at most once a second for each item."""
    ids, net.counted = net.counted, set()
    for item_id in ids:
        row = net.store.one("SELECT * FROM items WHERE id = ? AND deleted IS NULL", item_id)
        if row is not None:
            numbers = {"likes": row["likes"], "reposts": row["reposts"], "replies": row["replies"]}
            for account in concerned(net, row):
                tell(net, account, "status.counted", status={"id": item_id, "counts": numbers})


def tell(net: Network, account: str, kind: str, **parts: Any) -> None:
    payload = shape.event(kind, net.now(), **parts)
    net.store.insert("INSERT INTO events (account, payload) VALUES (?, ?)", account, payload)


def watch(net: Network, conversation: str, accounts: Iterable[str]) -> None:
    for account in accounts:
        if account in net.connected:
            net.store.write("INSERT OR IGNORE INTO watching VALUES (?, ?)", conversation, account)


def watchers(net: Network, row: sqlite3.Row) -> list[str]:
    if row["audience"] == "private" or not net.connected:
        return []
    return [r[0] for r in net.store.all("SELECT account FROM watching WHERE conversation = ?", row["conversation"])]


def concerned(net: Network, row: sqlite3.Row) -> list[str]:
    """The connected accounts that were told of this item, or would be now."""
    addressed = [r[0] for r in net.store.all("SELECT account FROM addressed WHERE item = ?", row["seq"])]
    everyone = {row["author"], row["recipient"], *watchers(net, row), *addressed}
    return sorted(a for a in everyone if a in net.connected)
