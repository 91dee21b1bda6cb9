"""The pieces pages are made of: a post, a message, a form, the frame around everything."""

from __future__ import annotations

import re
import zlib
from sqlite3 import Row
from urllib.parse import quote

import msgspec

from offhold.connectors.marking import marks
from offhold.networks.sandbox.manifest import MARKING
from offhold.networks.sandbox.world.acts import PRIVATE_LIMIT, PUBLIC_LIMIT
from offhold.networks.sandbox.world.clock import iso
from offhold.networks.sandbox.world.network import Network
from offhold.networks.sandbox.world.page.html import Html, el, join


def frame(title: str, here: str, main: Html, side: Html, said: str = "") -> str:
    """A whole page. `said`: one line about what just happened, or did not."""
    tabs = [("/", "Public"), ("/direct", "Direct messages"), ("/people", "People"), ("/storms", "Storms")]
    links = [el("li", el("a", name, href=path, aria_current="page" if path == here else None)) for path, name in tabs]
    return "<!doctype html>" + el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="color-scheme", content="light dark"),
            el("title", f"{title} · Sandbox network"),
            el("link", rel="stylesheet", href="/page.css"),
            el("link", rel="icon", href="/icon.svg", type="image/svg+xml"),
            el("script", src="/page.js", defer=True),
        ),
        el(
            "body",
            el("a", "Skip to the posts", href="#main", class_="skip"),
            el(
                "header",
                el(
                    "a",
                    el("span", "sandbox", class_="mark"),
                    el("small", "a small network to try things on"),
                    href="/",
                    class_="brand",
                ),
                el("nav", el("ul", links), aria_label="Pages"),
            ),
            el("div", el("aside", side, aria_label="You"), el("main", notice(said), main, id="main"), class_="columns"),
        ),
        lang="en",
    )


def notice(said: str) -> Html:
    return el("p", said, class_="notice", role="status") if said else Html("")


def fresh(news: str, here: str, words: str, *, at_once: bool = False) -> Html:
    """Hidden until the script hears of something newer. `at_once`: then the page is shown anew, if nobody is typing."""
    return el("a", words, href=here, id="fresh", hidden=True, class_="more", data_news=news, data_at_once=at_once)


def replies(number: int) -> str:
    return counted(number, "reply", "replies")


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def face(account: Row, small: bool = False) -> Html:
    hue = zlib.crc32(account["id"].encode()) % 12
    letters = "".join(word[0] for word in account["name"].split()[:2]).upper() or "?"
    return el("span", letters, class_=f"face hue{hue}" + (" small" if small else ""), aria_hidden="true")


def person(account: Row) -> Html:
    handle = el("span", f"@{account['handle']}", class_="handle")
    firm = el("span", "company", class_="badge") if account["kind"] == "company" else None
    return el(
        "a", el("b", account["name"], dir="auto"), " ", handle, " ", firm, href=f"/@{account['handle']}", class_="who"
    )


def moment(ms: int) -> Html:
    return el("time", iso(ms)[:16].replace("T", " "), datetime=iso(ms))


def followers(number: int) -> str:
    if number >= 1_000_000:
        return f"{number / 1_000_000:.1f}M followers"
    return f"{number / 1000:.1f}k followers" if number >= 10_000 else f"{number} followers"


def rich(text: str) -> Html:
    """Mentions become links; nothing else is markup, and links to elsewhere stay text."""
    out, at = [], 0
    for kind, start, end, _ in marks(text, MARKING):
        out.append(el("span", text[at:start]) if start > at else Html(""))
        shown = text[start:end]
        out.append(el("span", shown, class_="link") if kind == "link" else el("a", shown, href=f"/{shown}"))
        at = end
    return join(out, text[at:])


def pictures(row: Row) -> Html:
    shown = [
        el("img", src=f"/media/{m['id']}", alt=m["alt"], width=m["width"], height=m["height"], loading="lazy")
        for m in msgspec.json.decode(row["media"])
    ]
    return el("div", shown, class_="pictures") if shown else Html("")


def post(net: Network, row: Row, me: Row | None, *, nested: bool = False, alone: bool = False) -> Html:
    """One public post, with what the visitor may do to it."""
    if row["deleted"]:
        return el("article", el("p", "This post was deleted by its author.", class_="gone"), class_="post")
    author = net.account(row["author"])
    head = el("header", face(author), person(author), el("a", moment(row["created"]), href=f"/status/{row['id']}"))
    changed = el("small", "edited") if row["edited"] else None
    hidden = el("small", "hidden by the thread's author") if row["hidden"] else None
    text = el("p", rich(row["text"]), dir="auto", class_="text", lang=row["lang"])
    body = join(text, pictures(row), _quoted(net, row), el("p", changed, " ", hidden, class_="marks"))
    return el("article", head, body, _acts(row, me, alone), class_="post nested" if nested else "post", id=row["id"])


def message(net: Network, row: Row, me: Row) -> Html:
    mine = row["author"] == me["id"]
    text = el("p", rich(row["text"]), dir="auto") if not row["deleted"] else el("p", "Deleted.", class_="gone")
    who = el("span", "You" if mine else net.account(row["author"])["name"], class_="sr")
    foot = el(
        "footer",
        moment(row["created"]),
        " edited" if row["edited"] and not row["deleted"] else None,
        _form(f"/do/delete/{row['id']}", el("button", "Delete", class_="quiet"))
        if mine and not row["deleted"]
        else None,
    )
    return el("li", who, text, foot, class_="mine" if mine else "theirs")


def compose(action: str, label: str, button: str, *, private: bool = False, text: str = "", hint: str = "") -> Html:
    limit = PRIVATE_LIMIT if private else PUBLIC_LIMIT
    field_id = "say-" + re.sub(r"\W", "", action)
    return el(
        "form",
        el("label", label, for_=field_id),
        el(
            "textarea",
            text,
            id=field_id,
            name="text",
            rows=3,
            maxlength=limit + 2000,
            required=True,
            data_limit=limit,
            dir="auto",
        ),
        el(
            "div",
            el("small", hint or f"up to {limit} characters", data_count=field_id),
            el("button", button, class_="main"),
            class_="row",
        ),
        method="post",
        action=action,
        class_="compose private" if private else "compose",
    )


def _form(action: str, *inside: Html) -> Html:
    return el("form", *inside, method="post", action=action, class_="inline")


def _quoted(net: Network, row: Row) -> Html:
    if not row["quotes"]:
        return Html("")
    quoted = net.store.one("SELECT * FROM items WHERE id = ?", row["quotes"])
    if quoted is None or quoted["deleted"]:
        return el("blockquote", "The quoted post was deleted.", class_="gone")
    author = net.account(quoted["author"])
    return el(
        "blockquote",
        el("a", el("b", author["name"]), f" @{author['handle']}", href=f"/status/{quoted['id']}"),
        el("p", quoted["text"], dir="auto"),
    )


def _acts(row: Row, me: Row | None, alone: bool) -> Html:
    counts = " · ".join(
        (
            replies(row["replies"]),
            counted(row["reposts"], "repost", "reposts"),
            counted(row["likes"], "like", "likes"),
        )
    )
    if me is None:
        return el("footer", el("span", counts))
    reply = el("a", "Reply", href=f"/status/{row['id']}#reply") if not alone else None
    own = None
    if row["author"] == me["id"]:
        own = join(
            el("a", "Edit", href=f"/edit/{quote(row['id'])}"),
            _form(f"/do/delete/{row['id']}", el("button", "Delete", class_="quiet", data_ask="Delete this post?")),
        )
    like = _form(f"/do/like/{row['id']}", el("button", "Like", class_="quiet"))
    repost = _form(f"/do/repost/{row['id']}", el("button", "Repost", class_="quiet"))
    return el("footer", el("span", counts), reply, el("a", "Quote", href=f"/quote/{row['id']}"), like, repost, own)
