"""One matter in two cases, two matters in one, one human with two accounts: put right by keys, and taken back."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.stage import Somebody, Stage
from tests.support.running import until


def two_cases(stage: Stage) -> tuple[list[Somebody], list[dict[str, Any]]]:
    people = [stage.somebody() for _ in range(2)]
    for person, text in zip(people, ("where is my pram?", "where is our pram?"), strict=True):
        stage.asks(person, text)
    return people, [stage.case_of(person) for person in people]


def test_a_case_is_merged_by_reference_and_taken_back_by_a_key(opens: Opens, stage: Stage) -> None:
    _, (one, other) = two_cases(stage)
    screen = opens().open_case(one)
    expect(screen.bubble("where is my pram?")).to_be_visible()
    screen.page.keyboard.press("m")
    dialog = screen.page.get_by_role("dialog", name="Merge into…")
    dialog.get_by_role("textbox").fill(other["reference"].lower())
    screen.page.keyboard.press("Enter")
    expect(dialog.get_by_role("radio")).to_have_count(1)
    dialog.get_by_role("button", name="Merge", exact=True).press("Enter")
    expect(screen.header()).to_contain_text(other["reference"])
    expect(screen.bubble("where is my pram?")).to_be_visible()
    expect(screen.bubble("where is our pram?")).to_be_visible()
    event = screen.page.get_by_text(f"Alice merged {one['reference']} into {other['reference']}")
    expect(event).to_be_visible()
    expect(screen.page.get_by_role("button", name="Undo z")).to_be_visible()
    screen.page.keyboard.press("z")
    expect(screen.header()).to_contain_text(one["reference"])
    expect(screen.bubble("where is my pram?")).to_be_visible()
    expect(screen.bubble("where is our pram?")).to_have_count(0)
    until(lambda: stage.state_of(one["id"]) == "open", 30, 0.1, what="two cases again")


def test_messages_are_split_off_and_the_timeline_takes_them_back(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "is my seat by the window?")
    stage.writes(dora, "and may my dog come along?")
    case = until(lambda: (c := stage.case_of(dora))["messages"] == 2 and c, 30, what="both in one case")
    screen = opens().open_case(case)
    expect(screen.bubble("my dog")).to_be_visible()
    screen.page.keyboard.press("S")
    dialog = screen.page.get_by_role("dialog", name="Split messages off…")
    box = dialog.get_by_role("checkbox").last
    box.focus()
    screen.page.keyboard.press("Space")
    dialog.get_by_role("button", name="Make a case of 1 message").press("Enter")
    expect(screen.bubble("my dog")).to_have_count(0)
    expect(screen.page.get_by_text("Alice split OH-")).to_be_visible()
    undo = screen.page.get_by_label("What was said").get_by_role("button", name="Undo")
    undo.press("Enter")
    expect(screen.bubble("my dog")).to_be_visible()
    expect(undo).to_have_count(0)


def test_two_accounts_of_one_person_are_joined_and_parted(opens: Opens, stage: Stage) -> None:
    people, (one, _) = two_cases(stage)
    screen = opens().open_case(one)
    panel = screen.page.locator("aside")
    expect(panel).to_contain_text(people[0].handle)
    panel.get_by_role("button", name="The same person as…").press("Enter")
    dialog = screen.page.get_by_role("dialog", name="The same person as…")
    dialog.get_by_role("textbox").fill(f"@{people[1].handle}")
    screen.page.keyboard.press("Enter")
    expect(dialog.get_by_role("radio")).to_have_count(1)
    dialog.get_by_role("button", name="They are one person").press("Enter")
    expect(screen.page.get_by_role("button", name="Undo z")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(panel).to_contain_text(people[1].handle)
    screen.page.keyboard.press("z")
    expect(panel).not_to_contain_text(people[1].handle)
    expect(screen.page.get_by_text("Alice undid joining two customers")).to_be_visible()


def test_the_cases_of_both_tell_that_they_were_joined_and_take_it_back(opens: Opens, stage: Stage) -> None:
    people, (one, other) = two_cases(stage)
    alice = stage.town.cast["alice"]
    alice.asks(f"/customers/{one['customer']['id']}/merge", into=other["customer"]["id"])
    screen = opens().open_case(other)
    panel = screen.page.locator("aside")
    expect(panel).to_contain_text(people[0].handle)
    undo = screen.page.get_by_label("What was said").get_by_role("button", name="Undo")
    undo.press("Enter")
    expect(panel).not_to_contain_text(people[0].handle)
    expect(undo).to_have_count(0)
    kinds = [item["kind"] for item in alice.case(one["id"])["timeline"] if item["type"] == "event"]
    assert kinds == ["case.opened", "customer.merged", "customer.unmerged"]
