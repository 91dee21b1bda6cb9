"""A new company sets up its desk: the steps follow what is really there, and end with an answered customer."""

from __future__ import annotations

from playwright.sync_api import expect

from offhold.networks.sandbox.demo import NORTHFIBRE
from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.support.running import until

ANSWER = "It is back since noon. ^EV"
PATIENCE = 120  # seconds for what all of it together does: the network, the worker, a hold of 20 seconds


def test_the_first_steps_end_with_a_customer_who_was_answered(stage: Stage, opens: Opens) -> None:
    lead = stage.town.somebody_else()
    company = stage.control.found_company(*NORTHFIBRE)
    screen = opens("eve@other.example").go("/start")
    page = screen.page
    expect(page.get_by_role("heading", name="Set up your desk")).to_be_visible()
    expect(page.get_by_text("Setting up: 0 of 5")).to_be_visible()

    lead.asks("/channels", 201, network="sandbox", typed=company.typed)
    expect(page.get_by_text("Setting up: 1 of 5")).to_be_visible()
    dora = stage.somebody()
    stage.control.act({"who": dora.handle, "do": "post", "text": "@northfibre no internet since nine"})
    expect(page.get_by_text("Setting up: 2 of 5")).to_be_visible(timeout=PATIENCE * 1000)

    page.get_by_role("link", name="To the team").press("Enter")
    page.get_by_role("button", name="Invite somebody").press("Enter")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("mallory@other.example")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Done", exact=True).press("Enter")
    expect(page.get_by_text("Setting up: 3 of 5")).to_be_visible()

    screen.go("/settings/channels")
    expect(page.get_by_role("heading", name="Connect an account")).to_be_visible()
    expect(page.get_by_role("button", name="New login")).to_be_visible()
    page.get_by_role("switch").press("Space")
    page.get_by_role("dialog").get_by_role("button", name="Turn sending on").press("Enter")
    expect(page.get_by_text("Setting up: 4 of 5")).to_be_visible()

    screen.go("/inbox/to_answer").enter_case(dora.name).write("public", ANSWER)
    page.keyboard.press("Control+Shift+Enter")  # and then no case is left to be open
    expect(page.get_by_text("Your first customer is answered. The desk is yours.")).to_be_visible(
        timeout=PATIENCE * 1000
    )
    published = stage.town.network.oracle.published
    until(lambda: published(author=company.account_id, text=ANSWER), PATIENCE, what="the answer")
    page.get_by_role("button", name="Good", exact=True).press("Enter")
    expect(page.get_by_text("Setting up")).to_have_count(0)
