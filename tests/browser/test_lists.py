"""Lists in use: acts on many cases and their undoing, views that are kept, cases that rest and come back."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Stage
from tests.support.running import until


def dialog(screen: Screen) -> Locator:
    return screen.page.get_by_role("dialog")


def pressed(screen: Screen, *keys: str) -> None:
    for key in keys:
        screen.page.keyboard.press(key)


def ask(screen: Screen, key: str, words: str) -> None:
    """Open what a key asks, and find one answer by typing."""
    screen.page.keyboard.press(key)
    expect(dialog(screen).get_by_role("combobox")).to_be_focused()
    screen.page.keyboard.type(words)


def kept(screen: Screen, name: str) -> Locator:
    """The tab of a view somebody keeps."""
    return screen.page.get_by_role("navigation", name="Saved views").get_by_role("link", name=name)


def test_many_are_resolved_and_z_brings_them_back(opens: Opens, stage: Stage) -> None:
    people = [stage.somebody() for _ in range(3)]
    for person in people:
        stage.asks(person, "is my flight on time?")
    cases = [stage.case_of(person) for person in people]
    screen = opens(who="bob").go("/inbox/unassigned")
    expect(screen.line(people[2].name)).to_be_visible(timeout=60_000)
    screen.focus_line(people[2].name)  # what earlier stories left may stand above
    pressed(screen, "x", "J", "J")
    bar = screen.page.get_by_role("toolbar", name="Acts on the chosen cases")
    expect(bar).to_contain_text("3 chosen")
    expect(screen.page.locator("[role=option][aria-selected=true]")).to_have_count(3)

    # one of them is solved by a colleague meanwhile
    stage.town.cast["alice"].asks(f"/cases/{cases[1]['id']}/resolve")
    pressed(screen, "e")
    expect(dialog(screen)).to_contain_text("This changes 2 cases.")
    expect(dialog(screen)).to_contain_text("1 is so already.")
    pressed(screen, "Enter")
    expect(screen.page.get_by_text("2 cases resolved.").last).to_be_visible()
    until(lambda: [stage.state_of(case["id"]) for case in cases] == ["resolved"] * 3, 30, 0.1, what="all resolved")
    expect(bar).to_have_count(0)

    pressed(screen, "z")
    until(
        lambda: [stage.state_of(case["id"]) for case in cases] == ["open", "resolved", "open"], 30, 0.1,
        what="those that were open are open again",
    )  # fmt: skip


def test_a_view_is_kept_and_its_counter_is_live(opens: Opens, stage: Stage) -> None:
    dora, emil = stage.somebody(), stage.somebody()
    for person in (dora, emil):
        stage.asks(person, "where is my pushchair?")
    first, second = (stage.case_of(person) for person in (dora, emil))
    screen = opens(who="alice").open_case(first)

    ask(screen, "t", "Pushchair")
    pressed(screen, "Enter", "Control+Enter")
    expect(screen.line(dora.name)).to_contain_text("Pushchair")

    pressed(screen, "f")
    dialog(screen).locator("select[name=tag]").select_option(label="Pushchair")
    expect(screen.page.get_by_label("This list shows only")).to_contain_text("Pushchair")
    pressed(screen, "Escape")
    expect(dialog(screen)).to_have_count(0)
    pressed(screen, "F")
    dialog(screen).locator("input[name=name]").fill("Lost pushchairs")
    pressed(screen, "Enter")
    tab = kept(screen, "Lost pushchairs")
    expect(tab).to_have_text("Lost pushchairs1")
    expect(screen.page.locator("[role=option]")).to_have_count(1)

    # a colleague tags another: the list and the counter follow
    alice = stage.town.cast["alice"]
    (tag,) = [tag["id"] for tag in alice.sees("/tags")["tags"] if tag["name"] == "Pushchair"]
    alice.asks("/bulk", case_ids=[second["id"]], act={"kind": "tags", "add": [tag], "remove": []})
    expect(tab).to_have_text("Lost pushchairs2")
    expect(screen.page.locator("[role=option]")).to_have_count(2)

    # it is alice's alone
    assert not any(view["name"] == "Lost pushchairs" for view in stage.town.cast["bob"].sees("/views")["views"])


def test_what_rests_comes_back_by_itself(opens: Opens, stage: Stage) -> None:
    dora, emil = stage.somebody(), stage.somebody()
    for person in (dora, emil):
        stage.asks(person, "is breakfast served?")
    by_time, by_words = stage.case_of(dora), stage.case_of(emil)
    screen = opens(who="bob").open_case(by_time, view="to_answer")
    ask(screen, "s", "three")
    pressed(screen, "Enter")
    expect(screen.page.get_by_text("1 case rests.").last).to_be_visible()
    screen.open_case(by_words, view="to_answer")
    ask(screen, "s", "until the customer")
    pressed(screen, "Enter")
    expect(screen.page.get_by_text("1 case rests.").last).to_be_visible()

    screen.go("/inbox/snoozed")
    expect(screen.line(dora.name)).to_contain_text("until")
    expect(screen.line(emil.name)).to_contain_text("until they write")
    stage.asks(emil, "Hello? Is it served or not?")
    expect(screen.line(emil.name)).to_have_count(0, timeout=60_000)
    with stage.later(4 * 3600):
        expect(screen.line(dora.name)).to_have_count(0, timeout=60_000)
    screen.go("/inbox/to_answer")
    for person in (dora, emil):
        expect(screen.line(person.name)).to_be_visible()
    screen.open_case(by_time)
    expect(screen.page.get_by_text("Back: its time has come")).to_be_visible()
