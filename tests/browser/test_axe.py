"""axe finds nothing on any screen, in light and dark.

These pages go without the content security policy: axe is injected.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.journeys.town import until

AXE = Path(__file__).parents[2] / "client" / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
pytestmark = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make setup")


def found(page: Page) -> list[str]:
    """What breaks WCAG 2.2 A or AA or axe's own good practice: rule, target, and why."""
    page.evaluate(AXE.read_text("utf-8"))
    told: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in told["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_sign_in(opens: Opens, scheme: str) -> None:
    screen = opens(who=None, bypass_csp=True, color_scheme=scheme)
    screen.expects("status of 401")
    expect(screen.go("/").page.get_by_role("heading", name="Sign in to Offhold")).to_be_visible()
    assert found(screen.page) == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_inbox_and_case(opens: Opens, stage: Stage, scheme: str, width: int) -> None:
    dora = stage.somebody()
    stage.asks(dora, "how do I get home?")
    stage.writes(dora, "my booking is Z9?")
    case = stage.case_of(dora)
    screen = opens(bypass_csp=True, color_scheme=scheme, width=width)
    screen.go()
    expect(screen.line(dora.name)).to_be_visible()
    assert found(screen.page) == []
    screen.open_case(case)
    expect(screen.bubble("how do I get home?")).to_be_visible()
    assert found(screen.page) == []
    for lane in ("public", "direct", "note"):
        screen.write(lane, "Hello")
        assert found(screen.page) == [], lane
        screen.page.keyboard.press("Escape")
    screen.page.keyboard.press("?")
    expect(screen.page.get_by_role("dialog")).to_be_visible()
    assert found(screen.page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_search_and_palette(opens: Opens, stage: Stage, scheme: str) -> None:
    stage.asks(stage.somebody(), "where is the axe I checked in?")
    until(lambda: stage.town.cast["alice"].sees("/search", q="axe")["groups"], 30, 0.1, what="the axe in the index")
    screen = opens(bypass_csp=True, color_scheme=scheme).go("/search")
    expect(screen.page.get_by_text("Narrow it down with filters")).to_be_visible()
    assert found(screen.page) == []
    screen.page.keyboard.type("axe")
    expect(screen.page.locator("mark", has_text="axe").first).to_be_visible()
    assert found(screen.page) == []
    screen.page.keyboard.press("Control+k")
    expect(screen.page.get_by_role("option").first).to_be_visible()
    assert found(screen.page) == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_settings(opens: Opens, scheme: str, width: int) -> None:
    screen = opens(bypass_csp=True, color_scheme=scheme, width=width).go("/settings/channels")
    expect(screen.page.get_by_role("heading", name="Channels")).to_be_visible()
    expect(screen.page.get_by_role("heading", name="Sandbox @northair")).to_be_visible()
    assert found(screen.page) == []
    screen.go("/settings")  # on a phone the list of it
    expect(screen.page.get_by_role("heading", name="Settings")).to_be_visible()
    expect(screen.page.get_by_role("main")).to_be_visible()
    assert found(screen.page) == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_before_and_after_it_goes_out(opens: Opens, stage: Stage, scheme: str, width: int) -> None:
    dora = stage.somebody()
    stage.asks(dora, "how do I get home?")
    bob = stage.town.cast["bob"]
    screen = opens(bypass_csp=True, color_scheme=scheme, width=width)
    screen.open_case(stage.case_of(dora))
    screen.write("public", "Calm down. The card was 4111 1111 1111 1111, see jim.dale@mailbox.example")
    expect(screen.page.locator("[data-weight=refuse]").first).to_be_visible()
    assert found(screen.page) == []
    with stage.policy(asks_public={"everyone": True}):
        bob.answers_publicly(bob.case(stage.case_of(dora)["id"]), f"You fly at 18:20, {dora.name}. ^B")
        screen.go("/approvals")
        expect(screen.page.get_by_role("group", name="by Bob").first).to_be_visible()
        assert found(screen.page) == []
    for waiting in stage.town.cast["alice"].sees("/unsent")["waiting"]:
        stage.town.cast["alice"].asks(f"/public-replies/{waiting['reply']['id']}/take-back")
    with stage.holds(public=120):
        bob.answers_publicly(bob.case(stage.case_of(dora)["id"]), f"Seats 14A to C are yours, {dora.name}. ^B")
        screen.go("/settings/publishing")
        expect(screen.page.get_by_label("Waiting to go out")).to_be_visible()
        expect(screen.page.get_by_role("heading", name="What the guard looks for")).to_be_visible()
        assert found(screen.page) == []
        screen.page.get_by_role("button", name="Undo").first.click()
        expect(screen.page.get_by_label("Waiting to go out")).to_have_count(0)
    screen.page.keyboard.press("!")
    expect(screen.page.get_by_role("textbox", name="Why")).to_be_focused()
    assert found(screen.page) == []
