"""What is promised, set by leads: rules in their order, hours, what the server finds wrong, last week, saving."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Stage
from tests.browser.test_axe import AXE
from tests.browser.test_axe_elsewhere import in_both
from tests.browser.test_promises import all_promises, bar, clock, owed
from tests.browser.test_together import a_case
from tests.journeys.town import until

NINE = [{"opens": "09:00", "closes": "18:00"}]
ANY: dict[str, Any] = {"networks": [], "channels": [], "audiences": [], "tags": []}


def rule(name: str, minutes: int, **whom: Any) -> dict[str, Any]:
    """So soon a first reply, for whom it is said."""
    targets = {"first_reply": {"within": 60 * minutes, "hours": []}, "next_word": None, "resolution": None}
    return {"name": name, **ANY, **whom, "targets": targets}


@contextmanager
def promises(stage: Stage, **changed: Any) -> Iterator[None]:
    """What is promised, for as long as this lasts; then it is as before."""
    alice = stage.town.cast["alice"]
    before = alice.sees("/promise-policy")
    alice.changes("/promise-policy", version=before["version"], policy={**before["policy"], **changed})
    try:
        yield
    finally:
        now = alice.sees("/promise-policy")["version"]
        alice.changes("/promise-policy", version=now, policy=before["policy"])


def held(stage: Stage) -> Any:
    return stage.town.cast["alice"].sees("/promise-policy")["policy"]


def at_settings(opens: Opens, who: str = "alice", **more: Any) -> Screen:
    screen = opens(who, **more).go("/settings/promises")
    expect(section(screen.page, "Usual")).to_be_visible()
    return screen


def section(page: Page, title: str) -> Locator:
    return page.locator("section", has=page.get_by_role("heading", name=title, exact=True, level=2))


def save(page: Page, also: bool = False) -> None:
    page.get_by_role("button", name="Save promises").click()
    asked = page.get_by_role("dialog", name="Save these promises")
    expect(asked.get_by_label("No: only what begins from now on")).to_be_checked()
    if also:
        asked.get_by_label("Yes: what is owed now too").check()
    asked.get_by_role("button", name="Save promises").click()
    expect(asked).to_have_count(0)


def test_promises_are_changed_tried_on_last_week_and_reach_what_is_owed_only_when_asked(
    opens: Opens, stage: Stage
) -> None:
    with promises(stage):
        case = a_case(stage, "where is my tram?")
        until(lambda: owed(stage, case), 30, 0.1, what="owed")
        screen = at_settings(opens)
        page = screen.page
        first = section(page, "Usual").get_by_role("group", name="First reply")
        first.get_by_label("Within").fill("2")
        page.get_by_role("button", name="What would have happened last week?").click()
        table = section(page, "Last week").get_by_role("table")
        expect(section(page, "Last week")).to_contain_text("counted both ways.")
        for line in table.locator("tbody tr:not(:first-child)").all():
            *ways, all_of_them = map(int, line.locator("td").all_inner_texts())
            assert sum(ways) == all_of_them
        first.get_by_label("Within").fill("3")
        expect(section(page, "Last week")).to_contain_text("You changed something since: look again.")
        save(page)
        expect(page.get_by_text("Saved.").first).to_be_visible()
        assert held(stage)["usual"]["first_reply"]["within"] == 3 * 3600
        assert {one["target"] for one in owed(stage, case) if one["kind"] == "first_reply"} == {3600}
        first.get_by_label("Unit").select_option("days")
        save(page, also=True)
        until(
            lambda: {one["target"] for one in owed(stage, case) if one["kind"] == "first_reply"} == {3 * 86_400},
            30, 0.1, what="counted by the new promises",
        )  # fmt: skip
        screen.open_case(case)
        expect(clock(bar(screen))).to_have_text("2 d left")


def test_rules_change_places_by_keys_and_the_first_that_fits_counts(opens: Opens, stage: Stage) -> None:
    with promises(stage, rules=[rule("Slow", 50, audiences=["public"]), rule("Quick", 20)]):
        screen = at_settings(opens)
        page = screen.page
        page.get_by_role("button", name="Move Quick up").focus()
        page.keyboard.press("Enter")
        # at the top only the other way is left
        expect(page.get_by_role("button", name="Move Quick down")).to_be_focused()
        expect(page.get_by_role("textbox", name=re.compile("^Rule "))).to_have_count(2)
        expect(page.get_by_label("Rule 1")).to_have_value("Quick")
        save(page)
        until(lambda: [each["name"] for each in held(stage)["rules"]] == ["Quick", "Slow"], 30, 0.1, what="saved")
        case = a_case(stage, "and my bus?")
        until(lambda: owed(stage, case), 30, 0.1, what="owed")
        screen.open_case(case)
        expect(all_promises(screen)).to_contain_text("By the rule “Quick” · within 20 min")


def test_a_deadline_over_a_holiday_says_why(opens: Opens, stage: Stage) -> None:
    closed = {"name": "Every day off", "zone": "Europe/Madrid", "country": "ES", "region": "MD", "exceptions": []}
    hours = {**{key: value for key, value in closed.items() if key != "name"}, "week": [NINE] * 7}
    usual = {
        "first_reply": {"within": 3600, "hours": []}, "next_word": {"within": 3600, "hours": []},
        "resolution": {"within": 330 * 9 * 3600, "hours": ["Madrid"]},
    }  # fmt: skip
    with promises(stage, hours={"Madrid": hours}, usual=usual):
        case = a_case(stage, "what about Christmas?")
        until(lambda: owed(stage, case), 30, 0.1, what="owed")
        screen = opens().open_case(case)
        all_of_it = all_promises(screen).locator("[data-promise=open]", has_text="Resolution")
        expect(all_of_it).to_contain_text("of Madrid")
        all_of_it.get_by_text("Why this deadline").click()
        expect(all_of_it.locator("[data-step=special]").first).to_have_text(re.compile("^Closed over: "))


def test_what_is_wrong_is_said_where_it_is(opens: Opens, stage: Stage) -> None:
    before = held(stage)
    screen = at_settings(opens)
    page = screen.page
    screen.expects("422")
    page.get_by_role("button", name="Add hours").click()
    card = page.get_by_role("region", name="Team")
    expect(card.get_by_label("Name")).to_be_focused()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        card.get_by_role("button", name=f"Remove time 1 of {day}").click()
    save(page)
    wrong = card.get_by_role("alert")
    expect(wrong).to_have_text("These hours never come: open at least one day.")
    expect(wrong).to_be_focused()
    card.get_by_role("button", name="Add a time for Monday").click()
    expect(wrong).to_have_count(0)
    card.get_by_label("Public holidays of").select_option("ES")
    card.get_by_label("Region").fill("NOWHERE")
    save(page)
    expect(wrong).to_have_text("No public holidays are known for this country and region.")
    page.get_by_role("button", name="Remove the hours Team").click()
    for name in ("One", "One"):
        page.get_by_role("button", name="Add a rule").click()
        page.locator(":focus").fill(name)
    save(page)
    expect(page.get_by_role("listitem").filter(has=page.get_by_label("Rule 2")).get_by_role("alert")).to_have_text(
        "This name is there twice."
    )
    assert held(stage) == before


def test_what_somebody_else_changed_meanwhile_is_shown_and_told(opens: Opens, stage: Stage) -> None:
    with promises(stage):
        screen = at_settings(opens)
        page = screen.page
        screen.expects("409")
        with promises(stage, rules=[rule("Theirs", 10)]):
            page.get_by_label("For so many days at most").fill("20")
            save(page)
            expect(page.get_by_role("alert").first).to_contain_text("Somebody else changed the promises meanwhile.")
            expect(page.get_by_label("Rule 1")).to_have_value("Theirs")
            expect(page.get_by_label("For so many days at most")).to_have_value("14")
            assert held(stage)["pausing"]["most_days"] == 14


def test_who_does_not_lead_reads(opens: Opens, stage: Stage) -> None:
    with promises(stage, rules=[rule("Quick", 20)]):
        page = at_settings(opens, "bob").page
        expect(page.get_by_label("Rule 1")).to_be_disabled()
        expect(page.get_by_label("Rule 1")).to_have_value("Quick")
        expect(page.get_by_role("button", name=re.compile("Save|last week"))).to_have_count(0)


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make setup")
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(opens: Opens, stage: Stage, width: int) -> None:
    hours = {"zone": "Europe/Madrid", "week": [NINE] * 5 + [[], []], "country": "ES", "region": "",
             "exceptions": [{"day": "2026-12-24", "name": "Christmas Eve", "shifts": NINE}]}  # fmt: skip
    with promises(stage, hours={"Madrid": hours}, rules=[rule("Quick", 5, audiences=["private"])]):
        case = a_case(stage, "does axe find anything?")
        until(lambda: owed(stage, case), 30, 0.1, what="owed")
        screen = opens(width=width, bypass_csp=True).open_case(case)
        page = screen.page
        expect(clock(bar(screen))).to_be_visible()
        shown = all_promises(screen)
        shown.get_by_text("Why this deadline").first.click()
        shown.get_by_role("button", name="Promise a word").click()
        page.get_by_label("Each day until it is solved").check()
        in_both(page, "the promises of a case")
        screen.go("/due")
        expect(page.locator("[data-due]").first).to_be_visible()
        in_both(page, "what is due")
        screen.go("/settings/promises")
        expect(page.get_by_label("Rule 1")).to_be_visible()
        page.get_by_role("button", name="What would have happened last week?").click()
        expect(page.get_by_text("counted both ways.")).to_be_visible()
        in_both(page, "the promises that are set")
