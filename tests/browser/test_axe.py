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


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_settings(opens: Opens, scheme: str, width: int) -> None:
    screen = opens(bypass_csp=True, color_scheme=scheme, width=width).go("/settings")
    expect(screen.page.get_by_role("heading", name="Channels")).to_be_visible()
    expect(screen.page.get_by_role("heading", name="Sandbox @northair")).to_be_visible()
    assert found(screen.page) == []
