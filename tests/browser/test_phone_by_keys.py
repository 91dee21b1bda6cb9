"""390 px by keys alone: the list, the case and what one writes are three screens, and Escape walks back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.browser.test_phone import fits


def test_list_case_and_composer_are_three_screens(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "is there room for a harp?")
    screen = opens(width=390, height=844).go()
    line, said, text = screen.line(dora.name), screen.bubble("is there room for a harp?"), screen.text("public")
    expect(line).to_be_visible(timeout=60_000)
    expect(said).to_be_hidden()
    fits(screen.page)
    screen.focus_line(dora.name).page.keyboard.press("Enter")
    expect(said).to_be_in_viewport()
    expect(line).to_be_hidden()
    expect(text).to_be_hidden()  # folded until somebody chooses who will read it
    fits(screen.page)
    screen.write("public", "There is. ^AL")
    send = screen.page.get_by_role("button", name="Publish to everyone")
    expect(send).to_be_in_viewport(ratio=1)
    expect(text).to_be_in_viewport(ratio=1)
    fits(screen.page)
    screen.page.keyboard.press("Control+Shift+Enter")
    stage.published_once("There is. ^AL")
    expect(text).to_have_value("")
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator("#case-title")).to_be_focused()
    screen.page.keyboard.press("c")
    expect(screen.page.get_by_role("dialog", name="Customer")).to_be_visible()
    fits(screen.page)
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    screen.page.keyboard.press("Escape")
    expect(line).to_be_visible()
    expect(said).to_be_hidden()
