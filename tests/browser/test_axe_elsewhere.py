"""axe finds nothing on the screens that are seen less often, in light and dark: settings, first steps, bell, pictures.

These pages go without the content security policy: axe is injected.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.browser.test_axe import AXE, found
from tests.browser.test_every_act import a_picture
from tests.browser.test_together import a_case

pytestmark = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make setup")

SECTIONS = {
    "profile": "Profile", "notifications": "Notifications", "kept": "Kept about you", "team": "Team",
    "queues": "Queues", "tags": "Tags", "links": "Numbers elsewhere", "views": "Views", "saved": "Saved replies",
}  # fmt: skip


def in_both(page: Page, what: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # the page follows a moment later, and colours on their way to others are of neither theme
        expect(page.locator(f"html[data-theme={scheme}]")).to_be_attached()
        page.wait_for_function("document.getAnimations().every(({ playState }) => playState === 'finished')")
        assert found(page) == [], f"{what}, {scheme}"


def test_settings(opens: Opens, stage: Stage) -> None:
    alice = stage.town.cast["alice"]
    alice.asks("/tags", name="Axe", shape="ring", ink="soft")
    alice.asks("/saved-replies", name="Axe", text="Hello {customer.name}", shared=True, audience="both")
    page = opens(bypass_csp=True).go("/settings").page
    for section in SECTIONS:
        page.goto(f"{stage.url}/settings/{section}")
        expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("main [aria-busy=true]")).to_have_count(0)
        in_both(page, section)


def test_the_first_steps(opens: Opens, stage: Stage) -> None:
    steps = {"channel": True, "case": True, "colleague": False, "sending": False, "answered": False}
    page = opens(bypass_csp=True).page
    page.route(
        "**/api/first-steps", lambda route: route.fulfill(body=json.dumps(steps), content_type="application/json")
    )
    page.goto(f"{stage.url}/start")
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    in_both(page, "first steps")


def test_the_bell_and_a_picture_before_it_goes_out(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "which gate?")
    screen = opens(bypass_csp=True).open_case(case)
    page = screen.page
    me = page.evaluate("async () => (await (await fetch('/api/me')).json()).user.id")
    bob = stage.town.cast["bob"]
    bob.asks(f"/cases/{case['id']}/assign", assignee_id=me)
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.get_by_role("link", name=f"gave you {case['reference']}")).to_be_visible()
    in_both(page, "the bell")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    screen.write("public", "Gate 7. ^AL")
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Alt+p")
    choosing.value.set_files([a_picture()])
    screen.composer().locator("[data-alt]").fill("Gate 7")
    expect(screen.composer().locator("[src^='/media/']").first).to_be_visible()
    in_both(page, "a picture before it goes out")
