"""Two people of the team in two browsers: they see each other, answer once, hand over, name each other."""

from __future__ import annotations

import os
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Stage
from tests.support.running import until

LOOK = os.environ.get("OFFHOLD_TEST_LOOK")  # a folder for pictures, to look at what a test sees


def look(screen: Screen, name: str) -> None:
    if LOOK:
        screen.page.screenshot(path=f"{LOOK}/{name}.png")


def a_case(stage: Stage, text: str) -> dict[str, Any]:
    dora = stage.somebody()
    stage.asks(dora, text)
    return stage.case_of(dora)


def answering(screen: Screen) -> Locator:
    return screen.composer().get_by_role("status").first


def test_two_who_answer_at_once_see_it_take_over_and_publish_once_each(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "where is my cello?")
    alice, bob = opens("alice").open_case(case), opens("bob").open_case(case)
    for screen, other in ((alice, "Bob"), (bob, "Alice")):
        expect(screen.header()).to_contain_text(f"{other} is looking")
    bob.write("public", "It is in Oslo. ^BO")
    expect(answering(alice)).to_contain_text("Bob is writing a public answer.")
    expect(alice.composer().get_by_text("Bob’s words so far:")).to_be_visible()
    expect(alice.text("public")).to_have_value("")
    look(alice, "answering")
    alice.write("public", "It is in Rome. ^AL")
    alice.page.keyboard.press("Control+Shift+Enter")
    expect(alice.text("public")).to_have_value("It is in Rome. ^AL")
    alice.page.keyboard.press("Escape")
    alice.page.keyboard.press("o")
    expect(answering(bob)).to_contain_text("Alice took this answer over. Your words are still here.")
    look(bob, "taken")
    alice.page.keyboard.press("p")
    alice.page.keyboard.press("Control+Shift+Enter")
    expect(bob.bubble("It is in Rome. ^AL")).to_be_visible()
    expect(answering(bob)).to_have_text("")
    stage.published_once("It is in Rome. ^AL")
    assert stage.ours("It is in Oslo. ^BO") == []
    alice.page.close()
    expect(bob.header()).not_to_contain_text("Alice is")


def test_what_came_while_one_wrote_is_shown_beside_it(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "and my harp?")
    bob = opens("bob").open_case(case)
    bob.expects("409")
    bob.write("public", "Your harp is on its way. ^BO")
    bob.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    alice = stage.town.cast["alice"]
    alice.answers_publicly(alice.case(case["id"]), "Your harp was found. ^AL")
    expect(bob.bubble("Your harp was found. ^AL")).to_be_visible()
    bob.page.keyboard.press("Control+Shift+Enter")
    stale = bob.composer().get_by_role("alert").filter(has_text="Your harp was found.")
    expect(stale).to_be_visible()
    look(bob, "stale")
    assert stage.ours("Your harp is on its way. ^BO") == []


def test_a_case_is_given_to_anybody_by_name_and_taken_back(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "who has my guitar?")
    alice = opens("alice").open_case(case)
    alice.page.keyboard.press("a")
    dialog = alice.page.get_by_role("dialog", name="Assign this case")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    look(alice, "assign")
    alice.page.keyboard.type("bo")
    expect(dialog.get_by_role("option")).to_have_count(1)
    alice.page.keyboard.press("Enter")
    expect(alice.header()).to_contain_text("with Bob")
    alice.page.keyboard.press("A")
    expect(alice.header()).to_contain_text("with Alice")
    alice.page.keyboard.press("z")
    expect(alice.header()).to_contain_text("with Bob")
    alice.page.keyboard.press("z")
    expect(alice.header()).to_contain_text("with nobody")


def test_a_hand_over_reaches_the_other_and_can_be_taken_back(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "my drums!")
    alice, bob = opens("alice").open_case(case), opens("bob").open_case(case)
    alice.page.keyboard.press("h")
    dialog = alice.page.get_by_role("dialog", name=f"Hand {case['reference']} over")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    alice.page.keyboard.type("bob")
    alice.page.keyboard.press("Enter")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    alice.page.keyboard.type("She plays at eight; Oslo has them. Call the venue first.")
    look(alice, "hand-over")
    alice.page.keyboard.press("Control+Enter")
    expect(bob.bubble("Call the venue first.")).to_contain_text("hands over to Bob")
    expect(bob.header()).to_contain_text("with Bob")
    kinds = until(lambda: [n["kind"] for n in stage.town.cast["bob"].sees("/notices")["notices"]], 10, what="a notice")
    assert kinds[0] == "handed_over"
    look(bob, "handed-over")
    alice.page.keyboard.press("z")
    expect(bob.header()).to_contain_text("with nobody")
    expect(bob.bubble("Call the venue first.")).to_contain_text("taken back")


def test_a_colleague_is_named_in_a_note(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "my flute?")
    alice = opens("alice").open_case(case)
    alice.write("note", "ask @bo")
    names = alice.page.get_by_role("listbox", name="Name a colleague")
    expect(names.get_by_role("option", name="Bob")).to_be_visible()
    look(alice, "naming")
    alice.page.keyboard.press("Enter")
    expect(alice.text("note")).to_have_value("ask @Bob ")
    alice.page.keyboard.type("about Oslo")
    alice.page.keyboard.press("Control+Enter")
    expect(alice.bubble("about Oslo").locator("b", has_text="@Bob")).to_be_visible()
    mentioned = lambda: [  # noqa: E731
        n for n in stage.town.cast["bob"].sees("/notices")["notices"]
        if n["kind"] == "mention" and n["case_id"] == case["id"]
    ]  # fmt: skip
    assert len(until(mentioned, 10, what="a notice")) == 1
