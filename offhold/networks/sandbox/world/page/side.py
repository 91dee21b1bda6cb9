"""Who the visitor is, whom else they may play, and the storms they may start."""

from __future__ import annotations

from sqlite3 import Row
from typing import Any

from offhold.networks.sandbox.world.page import parts
from offhold.networks.sandbox.world.page.html import Html, el, join
from offhold.networks.sandbox.world.scenarios.catalogue import SCENARIOS


def aside(me: Row | None, cast: list[Row]) -> Html:
    others = [c for c in cast if me is None or c["id"] != me["id"]]
    who = (
        join(parts.face(me), el("p", el("b", me["name"], dir="auto"), el("br"), f"@{me['handle']}"))
        if me
        else (el("p", "You are nobody yet. Choose a person, and write to the company as they would."))
    )
    firm = el("p", "You play the company itself: what you say here is said outside the desk.", class_="warn")
    return join(
        el(
            "section",
            el("h2", "You play"),
            el("div", who, class_="me"),
            firm if me and me["kind"] == "company" else None,
        ),
        el(
            "section",
            el("h2", "Somebody else"),
            el("ul", [el("li", _play(c)) for c in others], class_="cast"),
            join_form(),
        ),
    )


def join_form() -> Html:
    return el(
        "details",
        el("summary", "A new person"),
        el(
            "form",
            el(
                "label",
                "Handle",
                el("input", name="handle", pattern="@?[A-Za-z0-9_]{1,30}", required=True, autocomplete="off"),
            ),
            el("label", "Name", el("input", name="name", maxlength=80, autocomplete="off")),
            el("button", "Join", class_="main"),
            method="post",
            action="/do/join",
        ),
    )


def people(found: list[Row], words: str) -> Html:
    search = el(
        "form",
        el("label", "Find a person", el("input", name="q", value=words, type="search")),
        el("button", "Find", class_="main"),
        action="/people",
        class_="row",
    )
    return join(el("h1", "People"), search, el("ul", [_one_of(a) for a in found], class_="list people"))


def choose(cast: list[Row]) -> Html:
    """Direct messages are somebody's: with nobody chosen yet, whose?"""
    ask = el("p", "Choose the person you want to play: you will see what they and the company write to each other.")
    return join(el("h1", "Direct messages"), ask, el("ul", [_one_of(a) for a in cast], class_="list people"))


def _one_of(account: Row) -> Html:
    return el(
        "li", parts.face(account), parts.person(account), el("small", parts.followers(account["followers"])),
        _play(account, short=True),
    )  # fmt: skip


def storms(states: list[dict[str, Any]], companies: list[Row]) -> Html:
    if not companies:
        return join(el("h1", "Storms"), el("p", "No company is here yet, so nobody can be stormed.", class_="gone"))
    running = [el("li", _running(s)) for s in reversed(states)]
    now = el("section", el("h2", "Playing"), el("ul", running, class_="list")) if running else None
    cards = [_card(name, companies) for name in SCENARIOS]
    intro = el(
        "p", "Each plays by itself, from a seed: the same seed tells the same story. Nothing here waits for you."
    )
    return join(el("h1", "Storms"), intro, now, el("div", cards, class_="cards"))


def _card(name: str, companies: list[Row]) -> Html:
    entry = SCENARIOS[name]
    chosen = next((c for c in companies if c["handle"] == entry.home), companies[0])
    options = [el("option", f"@{c['handle']}", value=c["id"], selected=c["id"] == chosen["id"]) for c in companies]
    return el(
        "form",
        el("h3", entry.title),
        el("p", entry.what),
        el("label", "For", el("select", options, name="company")),
        el(
            "details",
            el("summary", "Speed and seed"),
            el("label", "Speed", el("input", name="speed", value=f"{entry.speed:g}", inputmode="decimal", size=5)),
            el("label", "Seed", el("input", name="seed", inputmode="numeric", placeholder="any", size=5)),
        ),
        el("button", "Start the storm: " if entry.storm else "Play: ", entry.title, class_="main"),
        method="post",
        action=f"/do/storm/{name}",
        class_="card",
    )


def _running(state: dict[str, Any]) -> Html:
    words = f"{SCENARIOS[state['name']].title} for @{state['company']}: {state['played']} steps, {state['state']}"
    stop = el(
        "form", el("button", "Stop", class_="quiet"), method="post", action=f"/do/calm/{state['id']}", class_="inline"
    )
    return join(el("span", words), stop if state["state"] == "playing" else None)


def _play(account: Row, short: bool = False) -> Html:
    inside = (
        [parts.face(account, small=True), el("span", account["name"], dir="auto")]
        if not short
        else [el("span", "Play")]
    )
    label = f"Play as {account['name']}"
    return el(
        "form",
        el("button", inside, class_="person", aria_label=label),
        method="post",
        action=f"/do/play/{account['id']}",
        class_="inline",
    )
