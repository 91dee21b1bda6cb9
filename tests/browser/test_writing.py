"""What somebody writes is lost by nothing, reaches colleagues and nobody else; what is said again is a slash away."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.support.running import until


def kept(stage: Stage, case: dict[str, Any], lane: str) -> str:
    """The words of a lane as the server has them."""
    draft = stage.town.cast["alice"].sees(f"/cases/{case['id']}/drafts")[lane]
    return draft["text"] if draft else ""


def saves(stage: Stage, path: str, **body: Any) -> None:
    """Alice keeps something for everybody."""
    stage.town.cast["alice"].asks(path, shared=True, **body)


def test_a_draft_survives_a_reload_and_reaches_a_colleague(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "is there a later flight tonight?")
    case = stage.case_of(dora)
    alice = opens("alice").open_case(case)
    alice.write("public", "There is, at 21:40")
    until(lambda: kept(stage, case, "public") == "There is, at 21:40", 20, 0.1, what="the draft on the server")
    bob = opens("bob").open_case(case)
    expect(bob.composer().get_by_text("Alice’s words so far:")).to_be_visible()
    expect(bob.text("public"), "hers to change while she writes").to_have_value("")
    # what is not on the server yet when the page goes away is in this browser; what is on its way may be quicker or not
    alice.expects("status of 409")
    alice.page.keyboard.type(", gate B7.")
    alice.page.reload()
    expect(alice.text("public")).to_have_value("There is, at 21:40, gate B7.")
    expect(bob.text("public")).to_have_value("There is, at 21:40, gate B7.")
    expect(bob.composer()).to_contain_text("Alice wrote this")
    alice.page.keyboard.press("p")
    expect(alice.text("public")).to_be_focused()
    alice.page.keyboard.press("Control+Shift+Enter")
    stage.published_once("There is, at 21:40, gate B7.")
    expect(bob.text("public")).to_have_value("")
    assert kept(stage, case, "public") == ""


def test_who_writes_over_a_colleagues_words_is_shown_them(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.writes(dora, "where is my bag?")
    case = stage.case_of(dora)
    alice, bob = opens("alice").open_case(case), opens("bob").open_case(case)
    alice.write("direct", "In Lisbon.")
    expect(bob.composer().locator("blockquote")).to_contain_text("In Lisbon.")
    bob.expects("status of 409|ERR_INTERNET_DISCONNECTED|Failed to load")
    bob.context.set_offline(True)
    bob.write("direct", " It flies to you")
    alice.page.keyboard.type(" It comes at nine.")
    until(lambda: kept(stage, case, "direct") == "In Lisbon. It comes at nine.", 20, 0.1, what="Alice's words")
    bob.context.set_offline(False)
    theirs = bob.page.get_by_role("alert").filter(has_text="It comes at nine.")
    expect(theirs).to_be_visible()
    mine = bob.text("direct").input_value()
    assert "It flies to you" in mine
    assert kept(stage, case, "direct") == "In Lisbon. It comes at nine."
    theirs.get_by_role("button", name="Keep mine").press("Enter")
    expect(alice.text("direct")).to_have_value(mine)


def test_a_note_begun_is_there_for_the_team_and_nowhere_else(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "third bag this month")
    case = stage.case_of(dora)
    alice = opens("alice").open_case(case)
    alice.write("note", "She wrote to the press too")
    until(lambda: kept(stage, case, "note") != "", 20, 0.1, what="the draft of the note")
    alice.page.reload()
    expect(alice.text("note")).to_have_value("She wrote to the press too")
    assert [kept(stage, case, lane) for lane in ("public", "direct")] == ["", ""]


def test_switching_who_reads_asks_before_words_go_along(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.writes(dora, "my booking is K7TQ4M")
    screen = opens().open_case(stage.case_of(dora))
    screen.write("direct", "K7TQ4M is safe")
    screen.page.keyboard.press("Escape")
    screen.page.keyboard.press("p")
    expect(screen.composer()).to_contain_text("has said nothing in public")
    screen.page.keyboard.press("Escape")
    screen.page.keyboard.press("n")
    expect(screen.text("note")).to_have_value("")
    expect(screen.page.get_by_text("Your words stay in Direct message.")).to_be_visible()
    screen.page.keyboard.press("Alt+C")
    expect(screen.text("note")).to_have_value("K7TQ4M is safe")
    screen.page.keyboard.press("Escape")
    screen.page.keyboard.press("r")
    expect(screen.text("direct")).to_be_focused()
    expect(screen.page.locator("[aria-live]", has_text="Direct message")).to_have_count(1)
    assert stage.ours("K7TQ4M is safe") == []


def test_a_slash_finds_what_is_saved_and_fills_it_in(opens: Opens, stage: Stage) -> None:
    words = "Hello {customer.name}, {case.reference} is on it. ^{agent.duty_name}"
    saves(stage, "/saved-replies", name="Bag on its way", text=words, audience="both", lang="en")
    saves(stage, "/saved-replies", name="Bag for everyone", text="All bags fly today.", audience="public", lang=None)
    dora = stage.somebody("Dora Keller")
    stage.writes(dora, "is my bag coming?")
    case = stage.case_of(dora)
    screen = opens().open_case(case)
    screen.write("direct", "/bag")
    options = screen.page.get_by_role("option")
    expect(screen.page.get_by_role("listbox", name="Saved replies and macros").get_by_role("option")).to_have_count(1)
    expect(options.filter(has_text="Bag for everyone")).to_have_count(0)
    screen.page.keyboard.press("Enter")
    filled = f"Hello Dora Keller, {case['reference']} is on it. ^Alice"
    expect(screen.text("direct")).to_have_value(filled)
    screen.page.keyboard.type(" /")
    expect(screen.page.get_by_role("listbox", name="Saved replies and macros")).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("listbox", name="Saved replies and macros")).to_have_count(0)
    expect(screen.text("direct")).to_be_focused()
    screen.page.keyboard.press("Backspace")
    screen.page.keyboard.press("Control+Enter")
    stage.published_once(filled)


def test_a_macro_does_several_things_and_never_sends(opens: Opens, stage: Stage) -> None:
    macro = {"lane": "direct", "text": "All well again?", "tags": [], "assign_to": None, "to_me": True}
    saves(stage, "/macros", name="Follow up", **macro, once_sent="resolve")
    dora = stage.somebody()
    stage.writes(dora, "it works now, I think")
    case = stage.case_of(dora)
    screen = opens().open_case(case)
    screen.write("note", "/follow")
    expect(screen.page.get_by_role("option").filter(has_text="Follow up")).to_be_visible()
    screen.page.keyboard.press("Enter")
    expect(screen.text("direct")).to_have_value("All well again?")
    expect(screen.header()).to_contain_text("with Alice")
    expect(screen.composer()).to_contain_text("Once this is sent, the case is resolved.")
    assert stage.ours("All well again?") == []
    assert stage.state_of(case["id"]) == "open"
    expect(screen.text("direct")).to_be_focused()
    screen.page.keyboard.press("Control+Enter")
    stage.published_once("All well again?")
    until(lambda: stage.state_of(case["id"]) == "resolved", 20, 0.1, what="the case resolved")
