"""Two people of the team at once, and a desk whose server goes away for a while."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage


def test_each_sees_what_the_other_does(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "who can rebook me?")
    case = stage.case_of(dora)
    alice, bob = opens("alice").open_case(case), opens("bob").open_case(case)
    alice.page.keyboard.press("A")
    expect(bob.header()).to_contain_text("with Alice")
    bob.send("note", "I have a seat on NW486.")
    expect(alice.bubble("I have a seat on NW486.")).to_be_visible()
    alice.send("public", "You are on NW486. ^AL")
    expect(bob.bubble("You are on NW486.")).to_have_count(1)
    stage.published_once("You are on NW486. ^AL")
    alice.page.keyboard.press("Escape")
    alice.page.keyboard.press("e")
    expect(bob.page.get_by_role("button", name="Reopen")).to_be_visible()


def test_a_server_that_stops_is_told_and_nothing_is_lost(opens: Opens, stage: Stage) -> None:
    screen = opens().go()
    screen.expects("ERR_|status of 50|Failed to load resource")
    expect(screen.page.get_by_role("heading", name="Inbox")).to_be_visible()
    banner = screen.page.get_by_role("status").filter(has_text="No connection to Offhold")
    dora = stage.somebody()
    stage.town.desk.web.stop()
    try:
        expect(banner).to_be_visible(timeout=30_000)
        stage.asks(dora, "are you still there?")
    finally:
        stage.town.desk.start_one(stage.town.desk.web)
    expect(banner).to_have_count(0, timeout=30_000)
    expect(screen.line(dora.name)).to_be_visible(timeout=30_000)
    screen.enter_case(dora.name)
    screen.send("public", "We are. ^AL")
    stage.published_once("We are. ^AL")
