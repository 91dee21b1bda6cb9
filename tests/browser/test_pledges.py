"""Whoever asks for a human: what people see of it, what they decide, and that nothing else ends the wait."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from offhold.app.cli.main import main
from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Stage
from tests.browser.test_axe import AXE
from tests.browser.test_axe_elsewhere import in_both

LOOK = os.environ.get("OFFHOLD_TEST_LOOK")  # a folder for pictures, to look at what a test sees


def look(screen: Screen, name: str) -> None:
    if LOOK:
        screen.page.screenshot(path=f"{LOOK}/{name}.png")


def test_a_wish_for_a_human_waits_in_front_of_everybody_until_one_answers(
    opens: Opens, stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dora = stage.somebody()
    stage.asks(dora, "Can I please talk to a real person?")
    alice = opens("alice").open_case(stage.case_of(dora))
    wish = alice.page.get_by_role("region", name="Wish for a human")
    expect(wish).to_contain_text("asked for a human")
    look(alice, "wish")
    alice.expects("409")
    alice.page.get_by_role("button", name="Resolve").click()
    expect(alice.page.get_by_text("has not reached one yet").first).to_be_visible()
    alice.page.keyboard.press("g")
    alice.page.keyboard.press("h")
    expect(alice.page.get_by_role("heading", name="Who asked for a human")).to_be_visible()
    row = alice.page.locator("[data-pledge=asked]").filter(has_text=dora.name)
    expect(row).to_contain_text(dora.name)
    look(alice, "board")
    row.click()
    alice.send("public", "I am here, Dora: your bag is in Lisbon. ^AL")
    expect(wish).to_have_count(0)
    expect(alice.page.get_by_text("Alice reached the customer")).to_be_visible()
    alice.page.goto(alice.page.url.split("/inbox")[0] + "/pledges")
    reached = alice.page.locator("[data-pledge=reached]").filter(has_text=dora.name)
    expect(reached).to_contain_text("reached Alice after")
    with alice.page.expect_download() as got:
        alice.page.get_by_role("link", name="Get the record").click()
    file = tmp_path / "pledges.json"
    got.value.save_as(file)
    assert dora.name not in file.read_text()
    assert main(["pledge", "verify", str(file)]) == 0
    assert "The record holds." in capsys.readouterr().out
    told = json.loads(file.read_text())
    told["entries"].pop(0)
    file.write_text(json.dumps(told))
    assert main(["pledge", "verify", str(file)]) == 1


def test_what_only_sounds_like_a_wish_is_for_a_person_to_say(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.writes(dora, "is anyone there??")
    alice = opens("alice").open_case(stage.case_of(dora))
    wish = alice.page.get_by_role("region", name="Wish for a human")
    expect(wish).to_contain_text("sounds as if")
    look(alice, "likely")
    wish.get_by_role("button", name="No").click()
    expect(wish).to_have_count(0)


def test_a_release_is_looked_at_by_somebody_else(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "I want to speak to a human")
    case = stage.case_of(dora)
    alice, bob = opens("alice").open_case(case), opens("bob").open_case(case)
    alice.page.get_by_role("button", name="Release…").click()
    dialog = alice.page.get_by_role("dialog", name="Release a wish for a human")
    dialog.get_by_label("They reached a human elsewhere").check()
    dialog.get_by_label("In your words").fill("We spoke on the phone.")
    look(alice, "release")
    dialog.get_by_role("button", name="Release…").click()
    expect(alice.page.get_by_role("region", name="Wish for a human")).to_contain_text("somebody else looks at it")
    hers = bob.page.get_by_role("region", name="Wish for a human")
    expect(hers).to_contain_text("They reached a human elsewhere")
    hers.get_by_role("button", name="No, they wait for a human").click()
    expect(alice.page.get_by_role("region", name="Wish for a human")).to_contain_text("asked for a human")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make setup")
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(opens: Opens, stage: Stage, width: int) -> None:
    dora, emil = stage.somebody(), stage.somebody()
    stage.asks(dora, "HUMAN please")
    stage.writes(emil, "is anyone there??")
    screen = opens(width=width, bypass_csp=True).open_case(stage.case_of(dora))
    expect(screen.page.get_by_role("region", name="Wish for a human")).to_be_visible()
    look(screen, f"wish-{width}")
    in_both(screen.page, "a wish for a human")
    screen.page.get_by_role("button", name="Release…").click()
    expect(screen.page.get_by_role("dialog", name="Release a wish for a human")).to_be_visible()
    look(screen, f"release-{width}")
    in_both(screen.page, "releasing a wish")
    screen.page.keyboard.press("Escape")
    screen.go("/pledges")
    expect(screen.page.locator("[data-pledge=likely]").first).to_be_visible()
    look(screen, f"board-{width}")
    in_both(screen.page, "who asked for a human")
