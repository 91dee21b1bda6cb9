"""What an account can do here. Each act checks everything first and writes then, so it never half happens.

Texts: a public status has at most 500 code points, where every URL counts 23; a direct message at most 2,000.
"""

from __future__ import annotations

import re
import sqlite3

import msgspec

from offhold.networks.sandbox.world import announce
from offhold.networks.sandbox.world.network import Network, Refusal

URL = re.compile(r"https?://\S+")
MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9_]{1,30})")
HANDLE = re.compile(r"[A-Za-z0-9_]{1,30}")
PUBLIC_LIMIT, PRIVATE_LIMIT, URL_LENGTH, PICTURES = 500, 2000, 23, 4


def join(
    net: Network,
    handle: str,
    name: str,
    *,
    followers: int = 0,
    bio: str = "",
    lang: str = "en",
    kind: str = "person",
    via: str = "api",
) -> sqlite3.Row:
    """A new account. Raises Refusal when the handle is taken or not one."""
    if not HANDLE.fullmatch(handle):
        raise Refusal(422, "bad_handle", "A handle has 1 to 30 letters, digits or _.")
    if net.store.one("SELECT 1 FROM accounts WHERE handle = ?", handle):
        raise Refusal(409, "handle_taken", "Somebody has this handle.")
    item_id, now = net.ids.new("a", net.now()), net.now()
    net.store.write(
        "INSERT INTO accounts (id, handle, name, bio, lang, kind, followers, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(item_id, handle, name.strip()[:80] or handle, bio[:300], lang, kind, followers, now),
    )
    net.record("joined", account=item_id, handle=handle, name=name, via=via)
    return net.account(item_id)


def post(
    net: Network,
    author: str,
    text: str,
    *,
    parent: str | None = None,
    quotes: str | None = None,
    media: tuple[str, ...] = (),
    lang: str | None = None,
    key: str | None = None,
    via: str = "api",
) -> sqlite3.Row:
    """A public status; everyone may read it."""
    check_speaks(net, author)
    check_text(text, PUBLIC_LIMIT)
    above = _public(net, parent) if parent else None
    quoted = _public(net, quotes) if quotes else None
    pictures = _pictures(net, author, media)
    seq = _insert(
        net,
        author=author,
        audience="public",
        parent=parent,
        quotes=quotes,
        text=text,
        lang=lang,
        client_key=key,
        media=pictures,
        conversation=above["conversation"] if above else None,
    )
    row = _row(net, seq)
    reasons = _addressed(net, row, above, quoted)
    _after(net, row, reasons, above, quoted)
    _published(net, row, "everyone", via)
    announce.created(net, row, reasons)
    return row


def direct(
    net: Network, author: str, recipient: str, text: str, *, key: str | None = None, via: str = "api"
) -> sqlite3.Row:
    """A direct message; only its author and its recipient may read it."""
    check_speaks(net, author)
    check_text(text, PRIVATE_LIMIT)
    to = net.account(recipient)["id"]
    if to == author:
        raise Refusal(422, "to_yourself", "A direct message needs somebody else.")
    seq = _insert(
        net,
        author=author,
        audience="private",
        recipient=to,
        text=text,
        client_key=key,
        media="[]",
        conversation=between(author, to),
    )
    row = _row(net, seq)
    net.store.write("INSERT INTO addressed VALUES (?, ?, 'direct')", to, seq)
    _published(net, row, [author, to], via)
    announce.created(net, row, {to: "direct"})
    return row


def between(one: str, other: str) -> str:
    """The id of the direct conversation of two accounts."""
    return "c" + "-".join(sorted((one[1:], other[1:])))


def edit(net: Network, author: str, item_id: str, text: str, *, via: str = "api") -> sqlite3.Row:
    row = _own(net, author, item_id)
    check_text(text, PUBLIC_LIMIT if row["audience"] == "public" else PRIVATE_LIMIT)
    now = net.now()
    net.store.write("UPDATE items SET text = ?, edited = ?, version = version + 1 WHERE id = ?", text, now, item_id)
    row = _row(net, row["seq"])
    net.record(
        "edited", id=item_id, audience=row["audience"], author=author, text=text, version=row["version"], via=via
    )
    announce.changed(net, row, "edited")
    return row


def delete(net: Network, author: str, item_id: str, *, via: str = "api") -> sqlite3.Row:
    """The text is gone for good; a tombstone stays."""
    row = _own(net, author, item_id)
    net.store.write("UPDATE items SET text = '', media = '[]', deleted = ? WHERE id = ?", net.now(), item_id)
    if row["parent"]:
        _count(net, row["parent"], "replies", -1)
    row = _row(net, row["seq"])
    net.record("deleted", id=item_id, audience=row["audience"], author=author, via=via)
    announce.deleted(net, row)
    return row


def hide(net: Network, account: str, item_id: str, hidden: bool) -> sqlite3.Row:
    """Whose thread it is may hide an answer in it."""
    row = _public(net, item_id)
    if net.item(row["conversation"])["author"] != account or row["author"] == account:
        raise Refusal(403, "not_yours", "Only the author of the first post may hide other people's answers to it.")
    net.store.write("UPDATE items SET hidden = ? WHERE id = ?", int(hidden), item_id)
    row = _row(net, row["seq"])
    net.record("hidden" if hidden else "shown", id=item_id, account=account)
    announce.changed(net, row, "hidden" if hidden else "shown")
    return row


def touch(net: Network, account: str, item_id: str, kind: str) -> sqlite3.Row:
    """`kind`: likes or reposts. Doing it twice does nothing more."""
    _public(net, item_id)
    if net.store.write("INSERT OR IGNORE INTO touches VALUES (?, ?, ?)", account, item_id, kind):
        _count(net, item_id, kind, 1)
    return net.item(item_id)


def untouch(net: Network, account: str, item_id: str, kind: str) -> sqlite3.Row:
    _public(net, item_id)
    if net.store.write("DELETE FROM touches WHERE account = ? AND item = ? AND kind = ?", account, item_id, kind):
        _count(net, item_id, kind, -1)
    return net.item(item_id)


def applaud(net: Network, item_id: str, likes: int, reposts: int) -> None:
    """So many more people who have no account in this store liked and reposted it: how a post spreads in a scenario."""
    _public(net, item_id)
    net.store.write("UPDATE items SET likes = likes + ?, reposts = reposts + ? WHERE id = ?", likes, reposts, item_id)
    net.counted.add(item_id)


def follow(net: Network, follower: str, followed: str) -> None:
    row = net.account(followed)
    if net.store.write("INSERT OR IGNORE INTO follows VALUES (?, ?)", follower, row["id"]):
        net.store.write("UPDATE accounts SET followers = followers + 1 WHERE id = ?", row["id"])
        if row["id"] in net.connected:
            announce.tell(net, row["id"], "account.followed", by={"id": follower})


def check_text(text: str, limit: int) -> None:
    if not text.strip():
        raise Refusal(422, "empty", "There is no text.")
    length = len(URL.sub("x" * URL_LENGTH, text)) if limit == PUBLIC_LIMIT else len(text)
    if length > limit:
        raise Refusal(422, "too_long", f"The text has {length} characters; {limit} fit.")


def check_speaks(net: Network, account: str) -> None:
    if net.account(account)["suspended"]:
        raise Refusal(403, "suspended", "This account is suspended.")


def _public(net: Network, item_id: str) -> sqlite3.Row:
    row = net.item(item_id)
    if row["audience"] != "public":
        raise Refusal(404, "not_found", "There is nothing here, or it was deleted.")
    return row


def _own(net: Network, author: str, item_id: str) -> sqlite3.Row:
    row = net.item(item_id)
    if row["author"] != author:
        seen = row["audience"] == "public" or row["recipient"] == author
        raise Refusal(403, "not_yours", "This is somebody else's.") if seen else Refusal(404, "not_found", "Nothing.")
    return row


def _pictures(net: Network, author: str, ids: tuple[str, ...]) -> str:
    if len(ids) > PICTURES:
        raise Refusal(422, "too_many_pictures", f"At most {PICTURES} pictures fit.")
    found = []
    for item_id in ids:
        row = net.store.one("SELECT * FROM media WHERE id = ? AND owner = ?", item_id, author)
        if row is None:
            raise Refusal(422, "no_such_picture", "A picture was not uploaded, or by somebody else.")
        found.append(
            {"id": item_id, "type": "image", "alt": row["alt"], "width": row["width"], "height": row["height"]}
        )
    return msgspec.json.encode(found).decode()


def _insert(net: Network, *, conversation: str | None, audience: str, **columns: object) -> int:
    now = net.now()
    item_id = net.ids.new("s" if audience == "public" else "m", now)
    row = {"id": item_id, "audience": audience, "conversation": conversation or item_id, "created": now, **columns}
    marks = ", ".join("?" * len(row))
    sql = f"INSERT INTO items ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - the names are written above
    return net.store.insert(sql, *row.values())


def _row(net: Network, seq: int) -> sqlite3.Row:
    row = net.store.one("SELECT * FROM items WHERE seq = ?", seq)
    assert row is not None, "it was written just now"
    return row


def _addressed(net: Network, row: sqlite3.Row, above: sqlite3.Row | None, quoted: sqlite3.Row | None) -> dict[str, str]:
    """Account id -> why. A reply outweighs a quote, a quote a mention; nobody addresses themselves."""
    reasons: dict[str, str] = {}
    for handle in dict.fromkeys(MENTION.findall(row["text"])):
        if (account := net.store.one("SELECT id FROM accounts WHERE handle = ?", handle)) is not None:
            reasons[account["id"]] = "mention"
    if quoted is not None:
        reasons[quoted["author"]] = "quote"
    if above is not None:
        reasons[above["author"]] = "reply"
    reasons.pop(row["author"], None)
    return reasons


def _after(
    net: Network, row: sqlite3.Row, reasons: dict[str, str], above: sqlite3.Row | None, quoted: sqlite3.Row | None
) -> None:
    for account, reason in reasons.items():
        net.store.write("INSERT INTO addressed VALUES (?, ?, ?)", account, row["seq"], reason)
    announce.watch(net, row["conversation"], {row["author"], *reasons})
    if above is not None:
        _count(net, above["id"], "replies", 1)
    if quoted is not None:
        _count(net, quoted["id"], "reposts", 1)


def _count(net: Network, item_id: str, kind: str, by: int) -> None:
    sql = f"UPDATE items SET {kind} = max(0, {kind} + ?) WHERE id = ?"  # noqa: S608 - likes, reposts or replies
    net.store.write(sql, by, item_id)
    net.counted.add(item_id)


def _published(net: Network, row: sqlite3.Row, to: str | list[str], via: str) -> None:
    net.record(
        "published",
        id=row["id"],
        audience=row["audience"],
        to=to,
        author=row["author"],
        key=row["client_key"],
        text=row["text"],
        parent=row["parent"],
        quotes=row["quotes"],
        conversation=row["conversation"],
        recipient=row["recipient"],
        media=len(msgspec.json.decode(row["media"])) or None,
        via=via,
    )
