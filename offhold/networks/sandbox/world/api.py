"""The network's HTTP API, as an app of a company sees it. `doc.md` of this network's folder describes each call."""

from __future__ import annotations

import sqlite3
from typing import Literal

import msgspec
from starlette.routing import Route

from offhold.networks.sandbox.world import acts, gate, keys, pictures, shape, tokens
from offhold.networks.sandbox.world.clock import iso
from offhold.networks.sandbox.world.events import page_of_events
from offhold.networks.sandbox.world.gate import Call, Reply
from offhold.networks.sandbox.world.limits import Limits
from offhold.networks.sandbox.world.listing import PAGE, late, listed, page, since
from offhold.networks.sandbox.world.network import Network, Refusal

INBOX_PAGE = 1000


class StatusIn(msgspec.Struct):
    text: str
    visibility: Literal["public"]
    in_reply_to: str | None = None
    quotes: str | None = None
    media: tuple[str, ...] = ()
    lang: str | None = None


class DirectIn(msgspec.Struct):
    text: str
    visibility: Literal["private"]


class TextIn(msgspec.Struct):
    text: str


class RotateIn(msgspec.Struct):
    seconds: float | None = None


def create_status(call: Call) -> Reply:
    said = call.read(StatusIn)
    key, known = keys.known(call)
    if known is not None:
        return known
    _duplicate(call, said.text, said.in_reply_to)
    row = acts.post(
        call.net,
        call.account,
        said.text,
        parent=said.in_reply_to,
        quotes=said.quotes,
        media=said.media,
        lang=said.lang,
        key=key,
    )
    return keys.remember(call, row, key)


def create_direct(call: Call) -> Reply:
    said = call.read(DirectIn)
    key, known = keys.known(call)
    if known is not None:
        return known
    return keys.remember(call, acts.direct(call.net, call.account, call.path["person"], said.text, key=key), key)


def read_status(call: Call) -> Reply:
    return Reply(200, shape.item(call.net, _visible(call), call.account))


def edit_item(call: Call) -> Reply:
    _same_kind(call)
    row = acts.edit(call.net, call.account, call.path["id"], call.read(TextIn).text)
    return Reply(200, shape.item(call.net, row, call.account))


def delete_item(call: Call) -> Reply:
    _same_kind(call)
    return Reply(200, shape.tombstone(acts.delete(call.net, call.account, call.path["id"]), call.account))


def like(call: Call) -> Reply:
    return Reply(200, shape.item(call.net, acts.touch(call.net, call.account, call.path["id"], "likes"), call.account))


def unlike(call: Call) -> Reply:
    row = acts.untouch(call.net, call.account, call.path["id"], "likes")
    return Reply(200, shape.item(call.net, row, call.account))


def repost(call: Call) -> Reply:
    row = acts.touch(call.net, call.account, call.path["id"], "reposts")
    return Reply(200, shape.item(call.net, row, call.account))


def hide(call: Call) -> Reply:
    return Reply(200, shape.item(call.net, acts.hide(call.net, call.account, call.path["id"], True), call.account))


def show(call: Call) -> Reply:
    return Reply(200, shape.item(call.net, acts.hide(call.net, call.account, call.path["id"], False), call.account))


def follow(call: Call) -> Reply:
    acts.follow(call.net, call.account, call.path["person"])
    return Reply(200, shape.account(call.net, call.net.account(call.path["person"])))


def read_thread(call: Call) -> Reply:
    """A page of a public thread, oldest first, with tombstones, so that nothing is missed in reading it again."""
    root = _visible(call)["conversation"]
    rows = page(call, "audience = 'public' AND conversation = ?", root)
    return listed(call, "statuses", rows, {"account": call.account, "thread": root})


def own_statuses(call: Call) -> Reply:
    return listed(call, "statuses", *late(call, "audience = 'public' AND author = ?", call.account))


def own_direct(call: Call) -> Reply:
    """Both sides of the direct conversation with one person."""
    pair = acts.between(call.account, call.net.account(call.path["person"])["id"])
    return listed(call, "messages", *late(call, "audience = 'private' AND conversation = ?", pair))


def inbox(call: Call) -> Reply:
    """Ids of all that addresses this account and still stands, to compare oneself with; up to 1,000 a page."""
    rows = call.net.store.all(
        "SELECT items.seq, items.id FROM addressed JOIN items ON items.seq = addressed.item"
        " WHERE account = ? AND addressed.item > ? AND created >= ? AND deleted IS NULL"
        " ORDER BY addressed.item LIMIT ?",
        *(call.account, call.number("cursor", 0, 0, 2**62), since(call), INBOX_PAGE + 1),
    )
    held = rows[:INBOX_PAGE]
    cursor = str(held[-1]["seq"]) if held else call.query.get("cursor", "0")
    told = {"ids": [r["id"] for r in held], "more": len(rows) > INBOX_PAGE, "as_of": iso(call.net.now())}
    return Reply(200, told | {"cursor": cursor})


def still_there(call: Call) -> Reply:
    """Which of up to 100 ids this account could still open."""
    asked = call.query.get("ids", "").split(",")[:100]
    rows = call.net.store.all(
        "SELECT id FROM items WHERE id IN (SELECT value FROM json_each(?)) AND deleted IS NULL"
        " AND (audience = 'public' OR author = ? OR recipient = ?)",
        *(msgspec.json.encode(asked).decode(), call.account, call.account),
    )
    return Reply(200, {"ids": [r["id"] for r in rows]})


def me(call: Call) -> Reply:
    return Reply(200, shape.account(call.net, call.net.account(call.account)))


def read_account(call: Call) -> Reply:
    return Reply(200, shape.account(call.net, call.net.account(call.path["person"])))


def timeline(call: Call) -> Reply:
    """The newest public posts that answer nothing, newest first."""
    before = call.number("before", 2**62, 0, 2**62)
    rows = call.net.store.all(
        "SELECT * FROM items WHERE audience = 'public' AND parent IS NULL AND deleted IS NULL AND seq < ?"
        " ORDER BY seq DESC LIMIT 50",
        before,
    )
    statuses = [shape.item(call.net, r, call.account) for r in rows]
    return Reply(200, {"statuses": statuses, "cursor": str(rows[-1]["seq"]) if rows else None})


def events(call: Call) -> Reply:
    """A page of the account's event log after a cursor."""
    after, limit = call.number("after", 0, 0, 2**62), call.number("limit", PAGE, 1, PAGE)
    return Reply(200, page_of_events(call.net, call.account, after, limit, call.name))


def upload(call: Call) -> Reply:
    """A picture as the raw body, its alternative text in `x-alt` (UTF-8, percent-encoded)."""
    row = pictures.keep(call.net, call.account, call.body, pictures.alt_text(call.headers.get("x-alt", "")))
    return Reply(201, row)


def rotate(call: Call) -> Reply:
    seconds = call.read(RotateIn).seconds if call.body else None
    token, expires = tokens.rotate(call.net, call.token, call.account, seconds)
    return Reply(201, {"token": token, "expires_at": iso(expires) if expires else None})


def _duplicate(call: Call, text: str, parent: str | None) -> None:
    if not call.net.faults.on("duplicate_refusal"):
        return
    said = call.net.store.one(
        "SELECT 1 FROM items WHERE author = ? AND text = ? AND parent IS ? AND created > ?",
        *(call.account, text, parent, call.net.now() - 3_600_000),
    )
    if said and call.net.faults.pick(("duplicate_refusal",), call.name, call.account) is not None:
        raise Refusal(403, "duplicate", "You already said that.")


def _visible(call: Call) -> sqlite3.Row:
    row = call.net.item(call.path["id"])
    if row["audience"] == "private" and call.account not in (row["author"], row["recipient"]):
        raise Refusal(404, "not_found", "There is nothing here, or it was deleted.")
    return row


def _same_kind(call: Call) -> None:
    """A status is not reached through the way of messages, nor a message through the way of statuses."""
    if _visible(call)["audience"] != ("public" if call.name.startswith("statuses.") else "private"):
        raise Refusal(404, "not_found", "There is nothing here, or it was deleted.")


def routes(net: Network, limits: Limits) -> list[Route]:
    def at(path: str, method: str, name: str, what: Literal["read", "write", "upload"], do: gate.Handler) -> Route:
        return Route(path, gate.endpoint(net, limits, name, what, do), methods=[method])

    return [
        at("/api/me", "GET", "me", "read", me),
        at("/api/statuses", "POST", "statuses.create", "write", create_status),
        at("/api/statuses/{id}", "GET", "statuses.read", "read", read_status),
        at("/api/statuses/{id}", "PATCH", "statuses.edit", "write", edit_item),
        at("/api/statuses/{id}", "DELETE", "statuses.delete", "write", delete_item),
        at("/api/statuses/{id}/like", "PUT", "statuses.like", "write", like),
        at("/api/statuses/{id}/like", "DELETE", "statuses.unlike", "write", unlike),
        at("/api/statuses/{id}/repost", "PUT", "statuses.repost", "write", repost),
        at("/api/statuses/{id}/hidden", "PUT", "statuses.hide", "write", hide),
        at("/api/statuses/{id}/hidden", "DELETE", "statuses.show", "write", show),
        at("/api/statuses/{id}/thread", "GET", "thread", "read", read_thread),
        at("/api/direct/{person}/messages", "POST", "direct.create", "write", create_direct),
        at("/api/direct/{person}/messages", "GET", "direct.list", "read", own_direct),
        at("/api/messages/{id}", "PATCH", "direct.edit", "write", edit_item),
        at("/api/messages/{id}", "DELETE", "direct.delete", "write", delete_item),
        at("/api/me/statuses", "GET", "statuses.own", "read", own_statuses),
        at("/api/items", "GET", "items.there", "read", still_there),
        at("/api/me/inbox", "GET", "inbox", "read", inbox),
        at("/api/timeline/public", "GET", "timeline", "read", timeline),
        at("/api/accounts/{person}", "GET", "accounts.read", "read", read_account),
        at("/api/accounts/{person}/follow", "PUT", "accounts.follow", "write", follow),
        at("/api/events", "GET", "events", "read", events),
        at("/api/media", "POST", "media.upload", "upload", upload),
        at("/api/token/rotate", "POST", "token.rotate", "write", rotate),
    ]
