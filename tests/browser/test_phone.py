"""390 px: the list, the case, the composer, each with the screen to itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage


def test_from_the_list_to_an_answer_with_a_thumb(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody("Donaudampfschifffahrtsgesellschaftskapitänswitwe Dorothea von Ypsilon")
    stage.asks(dora, "does my dog need a ticket?" + " Dampfschiff" * 30)
    screen = opens(width=390, height=844, has_touch=True, is_mobile=True).go()
    screen.line(dora.name).tap()
    expect(screen.bubble("does my dog need a ticket?")).to_be_visible()
    expect(screen.line(dora.name)).to_be_hidden()
    fits(screen.page)
    screen.page.get_by_role("button", name="Public reply").tap()
    expect(screen.text("public")).to_be_focused()
    expect(screen.composer()).to_contain_text("Everyone will read this")
    screen.page.keyboard.type("Small dogs fly free. ^AL")
    send = screen.page.get_by_role("button", name="Publish to everyone")
    expect(send).to_be_in_viewport(ratio=1)
    fits(screen.page)
    send.tap()
    stage.published_once("Small dogs fly free. ^AL")
    expect(screen.bubble("Small dogs fly free.")).to_have_count(1)
    screen.page.get_by_role("button", name="Back to the list").tap()
    expect(screen.line(dora.name)).to_be_visible()
    fits(screen.page)


def fits(page: Page) -> None:
    """Nothing stands out at the side."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1440, 1180, 1024, 780, 390])
def test_what_sends_stands_inside_the_composer(opens: Opens, stage: Stage, width: int) -> None:
    dora = stage.somebody()
    stage.asks(dora, "does it fit?")
    screen = opens(width=width).open_case(stage.case_of(dora))
    screen.write("public", "It does. ^AL")
    send = screen.page.get_by_role("button", name="Publish to everyone").bounding_box()
    around = screen.composer().bounding_box()
    assert send is not None
    assert around is not None
    assert around["x"] < send["x"]
    assert send["x"] + send["width"] < around["x"] + around["width"]
    assert send["height"] < 60  # its words stand in one line, or two
