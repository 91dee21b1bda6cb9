"""Without a connection, and back: acts wait and are done in their order, nothing is lost, nothing goes out late."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Stage

CUT_OFF = "ERR_INTERNET_DISCONNECTED|Failed to load resource"


def banner(screen: Screen, words: str) -> None:
    expect(screen.page.get_by_role("status").filter(has_text=words)).to_be_visible()


def test_offline_and_back(opens: Opens, stage: Stage) -> None:
    dora, emil = stage.somebody(), stage.somebody()
    stage.asks(dora, "will I make my connection?")
    stage.asks(emil, "is the lounge open?")
    case = stage.case_of(dora)
    screen, bob = opens().open_case(case), opens("bob").open_case(case)
    screen.expects(CUT_OFF)
    screen.context.set_offline(True)
    banner(screen, "No connection to Offhold.")
    # acts that may be repeated wait, and look as they will
    screen.write("note", "Gate B12 holds for her.")
    screen.page.keyboard.press("Control+Enter")
    screen.page.keyboard.press("Escape")
    expect(screen.bubble("Gate B12 holds for her.")).to_contain_text("Waits for the connection")
    screen.send("public", "You will: gate B12 waits. ^AL")
    expect(screen.bubble("You will: gate B12 waits.")).to_contain_text("Waits for the connection")
    banner(screen, "2 acts wait.")
    # what is only typed stays
    screen.page.keyboard.press("Escape")
    screen.write("direct", "Your seat is 14A")
    assert stage.ours("You will: gate B12 waits. ^AL") == []
    screen.context.set_offline(False)
    expect(bob.bubble("Gate B12 holds for her.")).to_be_visible()
    stage.published_once("You will: gate B12 waits. ^AL")
    expect(screen.page.get_by_role("status").filter(has_text="No connection")).to_have_count(0)
    expect(screen.text("direct")).to_have_value("Your seat is 14A")
    expect(screen.bubble("Gate B12 holds for her.")).to_have_count(1)
    # what happened meanwhile is there, and what could not be read is read
    expect(screen.line(emil.name)).to_be_visible()


def test_a_public_reply_that_waited_for_long_comes_back(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "is there a later train?")
    screen = opens(who="alice")
    screen.page.clock.install()
    screen.expects(CUT_OFF)
    screen.open_case(stage.case_of(dora))
    screen.context.set_offline(True)
    banner(screen, "No connection to Offhold.")
    screen.send("public", "At 21:40. ^AL")
    expect(screen.bubble("At 21:40.")).to_contain_text("Waits for the connection")
    screen.page.clock.run_for(61_000)
    screen.context.set_offline(False)
    screen.page.clock.run_for(5_000)
    expect(screen.text("public")).to_have_value("At 21:40. ^AL")
    expect(screen.page.get_by_text("It waited for more than a minute").first).to_be_visible()
    assert stage.ours("At 21:40. ^AL") == []
