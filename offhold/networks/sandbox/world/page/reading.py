"""What the pages read from the store; only what the visitor may see."""

from __future__ import annotations

from sqlite3 import Row

from offhold.networks.sandbox.world.acts import between
from offhold.networks.sandbox.world.network import Network, Refusal

PAGE = 40


def timeline(net: Network, before: str | None) -> list[Row]:
    last = int(before) if before and before.isdigit() else 2**62
    return net.store.all(
        "SELECT * FROM items WHERE audience = 'public' AND parent IS NULL AND deleted IS NULL AND seq < ?"
        " ORDER BY seq DESC LIMIT ?",
        *(last, PAGE),
    )


def public_item(net: Network, item_id: str) -> Row:
    row = net.store.one("SELECT * FROM items WHERE id = ? AND audience = 'public'", item_id)
    if row is None:
        raise Refusal(404, "not_found", "There is nothing here.")
    return row


def ancestors(net: Network, row: Row) -> list[Row]:
    """What it answers, oldest first; at most 20 above it."""
    above: list[Row] = []
    while row["parent"] and len(above) < 20:
        row = public_item(net, row["parent"])
        above.insert(0, row)
    return above


def answers(net: Network, row: Row) -> list[Row]:
    """The newest 200 below it in the thread, oldest first. Under the first post: all of the thread."""
    if row["conversation"] == row["id"]:
        found = net.store.all(
            "SELECT * FROM items WHERE conversation = ? AND audience = 'public' AND id != ?"
            " ORDER BY seq DESC LIMIT 200",
            *(row["id"], row["id"]),
        )
    else:
        found = net.store.all(
            "SELECT * FROM items WHERE conversation = ? AND parent = ? AND audience = 'public'"
            " ORDER BY seq DESC LIMIT 200",
            *(row["conversation"], row["id"]),
        )
    return found[::-1]


def posts_of(net: Network, account: str) -> list[Row]:
    return net.store.all(
        "SELECT * FROM items WHERE author = ? AND audience = 'public' AND deleted IS NULL ORDER BY seq DESC LIMIT ?",
        *(account, PAGE),
    )


def conversations(net: Network, me: str) -> list[Row]:
    """The last message of each."""
    return net.store.all(
        "SELECT * FROM items WHERE seq IN (SELECT max(seq) FROM items WHERE audience = 'private'"
        " AND (author = ? OR recipient = ?) GROUP BY conversation) ORDER BY seq DESC LIMIT 100",
        *(me, me),
    )


def messages(net: Network, me: str, other: str) -> list[Row]:
    found = net.store.all(
        "SELECT * FROM items WHERE conversation = ? AND audience = 'private' ORDER BY seq DESC LIMIT 200",
        between(me, other),
    )
    return found[::-1]


def people(net: Network, words: str) -> list[Row]:
    like = f"%{words.replace('%', '').replace('_', '')}%"
    return net.store.all(
        "SELECT * FROM accounts WHERE handle LIKE ? OR name LIKE ? ORDER BY created DESC LIMIT 60", *(like, like)
    )


def cast(net: Network) -> list[Row]:
    """Whom to play: the first people who joined, and the newest."""
    first = net.store.all("SELECT * FROM accounts WHERE kind = 'person' ORDER BY created, id LIMIT 4")
    last = net.store.all("SELECT * FROM accounts WHERE kind = 'person' ORDER BY created DESC, id DESC LIMIT 4")
    return list({r["id"]: r for r in [*first, *last]}.values())


def companies(net: Network) -> list[Row]:
    return net.store.all("SELECT * FROM accounts WHERE kind = 'company' ORDER BY connected DESC, created")


def first_company(net: Network) -> Row | None:
    return next(iter(companies(net)), None)


def newest(net: Network, thread: str | None) -> int:
    """Grows when somebody starts a thread, or when something is said in this one."""
    if thread is None:
        return net.store.number("SELECT max(seq) FROM items WHERE audience = 'public' AND parent IS NULL")
    return net.store.number("SELECT max(seq) FROM items WHERE conversation = ? AND audience = 'public'", thread)


def newest_between(net: Network, me: str, other: str) -> int:
    sql = "SELECT max(seq) FROM items WHERE conversation = ? AND audience = 'private'"
    return net.store.number(sql, between(me, other))
