"""What tests of the gates have in common: where a reply waits, what the guard found, somebody who is answered."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.browser.stage import Somebody, Stage

EVERYONE = {"asks_public": {"everyone": True}}


def strip(screen: Screen) -> Locator:
    """Replies that wait, on every screen."""
    return screen.page.get_by_label("Waiting to go out")


def finding(screen: Screen, words: str) -> Locator:
    """What the guard found, with its reason."""
    return screen.page.locator("[data-finding]", has_text=words)


def choose(screen: Screen, button: Locator, name: str) -> None:
    """From a button's menu, by keys."""
    button.press("Enter")
    item = screen.page.get_by_role("menuitem", name=name)
    expect(item).to_be_visible()
    for _ in range(4):
        screen.page.keyboard.press("ArrowDown")
        if item.evaluate("(element) => element === document.activeElement"):
            break
    expect(item).to_be_focused()
    screen.page.keyboard.press("Enter")


def asked(stage: Stage, text: str) -> Somebody:
    """Somebody new asks something in public, and it is a case."""
    who = stage.somebody()
    stage.asks(who, text)
    stage.case_of(who)
    return who


def bob_answers(stage: Stage, who: Somebody, text: str) -> None:
    bob = stage.town.cast["bob"]
    bob.answers_publicly(bob.case(stage.case_of(who)["id"]), text)


def tab_to(screen: Screen, to: Locator) -> None:
    """By Tab alone, as somebody without a mouse comes there."""
    expect(to).to_be_visible()
    for _ in range(60):
        if to.evaluate("(element) => element === document.activeElement"):
            return
        screen.page.keyboard.press("Tab")
    expect(to).to_be_focused()
