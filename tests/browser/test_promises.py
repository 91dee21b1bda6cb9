"""What is owed: on the row and in the case, why then, promised and released by keys, refused; due in the whole desk."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Opens
from tests.browser.gates import tab_to
from tests.browser.screen import Screen
from tests.browser.stage import Stage
from tests.browser.test_together import a_case
from tests.journeys.town import until


def clock(where: Locator) -> Locator:
    return where.locator("[data-clock]")


def bar(screen: Screen) -> Locator:
    """What is due next, under the header of the case."""
    return screen.page.get_by_role("region", name="Promises")


def panel(screen: Screen) -> Locator:
    return screen.page.get_by_role("dialog", name="Promises")


def all_promises(screen: Screen) -> Locator:
    """Opened by its key."""
    screen.page.keyboard.press("w")
    expect(panel(screen).locator("[data-promise]").first).to_be_visible()
    return panel(screen)


def owed(stage: Stage, case: dict[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = stage.town.cast["alice"].sees(f"/cases/{case['id']}/promises")["promises"]
    return told


def test_a_clock_runs_on_row_and_case_until_a_person_answers(opens: Opens, stage: Stage) -> None:
    screen = opens().go()
    dora = stage.somebody()
    stage.asks(dora, "is my ferry going?")
    expect(clock(screen.line(dora.name))).to_have_text(re.compile(r"^(1 h|\d+ min) left$"))
    screen.enter_case(dora.name)
    expect(bar(screen)).to_contain_text("First reply")
    expect(clock(bar(screen))).to_have_text(re.compile(r"left$"))
    first = all_promises(screen).locator("[data-promise=open]", has_text="First reply")
    first.get_by_text("Why this deadline").click()
    expect(first.locator("[data-step]")).to_have_text(
        [re.compile(p) for p in ("^Began ", "^Runs from .*: 1 h", "^Due ")]
    )
    screen.page.keyboard.press("Escape")
    screen.send("public", "It is going. ^AL")
    expect(bar(screen)).to_contain_text("Resolution")
    # days away: the row says when they last spoke
    expect(clock(screen.line(dora.name))).to_have_count(0)
    screen.page.keyboard.press("Escape")
    kept = all_promises(screen).locator("[data-promise=kept]")
    expect(kept).to_contain_text("First reply")
    expect(kept).to_contain_text("A person of ours spoke to them")


def test_what_is_late_says_so_in_words_everywhere(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "has my ferry gone?")
    screen = opens().open_case(case)
    expect(clock(bar(screen))).to_have_attribute("data-clock", re.compile("calm|soon"))
    with stage.later(3_700):
        line = screen.page.locator(f"[data-case='{case['id']}']")
        for where in (bar(screen), line):
            expect(clock(where)).to_have_attribute("data-clock", "late")
            expect(clock(where)).to_have_text(re.compile("late$"))
        expect(screen.page.get_by_text("Late: the first reply was due")).to_be_visible()


def test_a_word_is_promised_and_released_by_keys_alone(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "who repairs my lift?")
    screen = opens().open_case(case)
    page = screen.page
    expect(clock(bar(screen))).to_be_visible()
    all_promises(screen)
    tab_to(screen, panel(screen).get_by_role("button", name="Promise a word"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("In one hour")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Each day until it is solved")).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Which technician comes")
    page.keyboard.press("Enter")
    given = panel(screen).locator("[data-promise]", has_text="Which technician comes")
    expect(given).to_contain_text("Promised by Alice")
    until(lambda: any(one["about"] == "Which technician comes" for one in owed(stage, case)), 30, 0.1, what="promised")
    expect(page.get_by_text("Alice promised a word by")).to_be_visible()
    tab_to(screen, given.get_by_role("button", name="Release: Next word"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why is it owed no more?")).to_be_focused()
    page.keyboard.type("He came already")
    page.keyboard.press("Enter")
    expect(panel(screen).locator("[data-promise=released]")).to_contain_text("Released by Alice: He came already")
    # shown before the server says so
    (over,) = until(
        lambda: [one for one in owed(stage, case) if one["state"] == "released"], 30, 0.1, what="released there too"
    )
    assert (over["reason"], over["released_by"]) == ("He came already", "Alice")
    page.keyboard.press("Escape")
    expect(panel(screen)).to_have_count(0)
    expect(bar(screen)).to_contain_text("First reply")


def test_what_is_promised_is_next_before_the_server_says_so_and_comes_back_when_it_refuses(
    opens: Opens, stage: Stage
) -> None:
    case = a_case(stage, "who repairs my stairs?")
    screen = opens().open_case(case)
    page = screen.page
    expect(clock(bar(screen))).to_be_visible()
    held: list[Route] = []
    page.route(
        "**/api/cases/*/promises",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    all_promises(screen).get_by_role("button", name="Promise a word").click()
    page.get_by_label("At a time").check()
    soon = page.evaluate(
        "() => new Date(Date.now() + 600e3 - new Date().getTimezoneOffset() * 60e3).toISOString().slice(0, 16)"
    )
    page.get_by_label("Date and time").fill(soon)
    panel(screen).get_by_role("button", name="Promise", exact=True).click()
    expect(panel(screen).locator("[data-promise]", has_text="on its way")).to_be_visible()
    expect(bar(screen)).to_contain_text("Next word")
    screen.expects("422")
    (post,) = held
    body = {"code": "time_is_over", "params": {}, "message": "This time is over."}
    post.fulfill(status=422, content_type="application/json", body=json.dumps(body))
    expect(panel(screen).get_by_role("alert")).to_have_text("The promise was not made: This time is over.")
    expect(page.get_by_label("Date and time")).to_have_value(soon)
    expect(bar(screen)).to_contain_text("First reply")
    # told once more under the same key, it is made
    panel(screen).get_by_role("button", name="Promise", exact=True).click()
    expect(panel(screen).locator("[data-promise]", has_text="on its way")).to_be_visible()
    one, again = (json.loads(route.request.post_data or "")["client_key"] for route in held)
    assert one == again
    held[1].continue_()
    expect(panel(screen).get_by_role("button", name="Release: Next word")).to_be_visible()


def test_what_is_due_is_shown_as_it_comes_and_leads_to_the_case(opens: Opens, stage: Stage) -> None:
    screen = opens().go()
    page = screen.page
    expect(page.get_by_role("listbox")).to_be_visible()
    screen.two_keys("g", "d", page.get_by_role("heading", name="What is due"))
    dora = stage.somebody()
    stage.asks(dora, "when does the museum open?")
    row = page.get_by_role("region", name="Within the hour").locator("[data-due]", has_text=dora.name)
    expect(row).to_contain_text("First reply by")
    expect(clock(row)).to_have_text(re.compile("left$"))
    tab_to(screen, row)
    page.keyboard.press("Enter")
    expect(page.locator("#case-title")).to_contain_text("when does the museum open?")
    expect(screen.composer()).to_be_visible()
    screen.send("public", "At nine. ^AL")
    expect(bar(screen)).to_contain_text("Resolution")
    screen.go("/due")
    row = page.get_by_role("region", name="Later").locator("[data-due]", has_text=dora.name)
    more = page.get_by_role("button", name="Show more")
    expect(row.or_(more).first).to_be_visible()
    while row.count() == 0:  # the desk of all these stories owes much
        before = page.locator("[data-due]").count()
        more.click()
        expect(page.locator("[data-due]")).not_to_have_count(before)
    expect(row).to_contain_text("Resolution by")
    figures = figures_of(page)
    assert figures["First reply"]["Kept"] >= 1
    for line in figures.values():
        assert line["All"] == line["Kept"] + line["Broken"] + line["Released"]
    total = figures.pop("All kinds")
    assert total == {column: sum(line[column] for line in figures.values()) for column in total}


def figures_of(page: Page) -> dict[str, dict[str, int]]:
    """How promises came out, by kind and way."""
    table = page.get_by_role("region", name="How promises came out").get_by_role("table")
    columns = table.locator("thead th").all_inner_texts()[1:]
    rows = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr, tfoot tr").all()]
    return {name: dict(zip(columns, map(int, numbers), strict=True)) for name, *numbers in rows}


def test_a_watcher_that_no_longer_looks_is_told_of(opens: Opens) -> None:
    screen = opens()

    def silent(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "watched": 47.2})

    screen.page.route("**/api/promises/due?*", silent)
    screen.go("/due")
    expect(screen.page.get_by_role("alert")).to_contain_text("Nobody has looked at the clocks for 47 s.")


def test_who_only_looks_on_sees_what_is_owed_and_promises_nothing(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "who repairs my door?")
    until(lambda: owed(stage, case), 30, 0.1, what="owed")
    alice, later = stage.town.cast["alice"], datetime.now(UTC) + timedelta(hours=9)
    told = alice.asks(
        f"/cases/{case['id']}/promises",
        client_key=str(uuid.uuid4()), due=later.isoformat(), about="His door code is 4711",
    )["promises"]  # fmt: skip
    (given,) = [one["id"] for one in told if one["by"]]
    alice.asks(f"/cases/{case['id']}/promises/{given}/release", reason="4711 opened it")
    screen = opens("oscar").go(f"/inbox/open/{case['id']}")
    expect(clock(bar(screen))).to_be_visible()
    expect(screen.page.get_by_text("Alice released a promise")).to_be_visible()
    shown = all_promises(screen)
    expect(shown).to_contain_text("First reply")
    expect(shown.locator("[data-promise=released]")).to_contain_text("Released by Alice")
    assert "4711" not in json.dumps(
        stage.town.cast["oscar"].case(case["id"])
    )  # what people wrote about it is the team's
    expect(screen.page.get_by_text("4711")).to_have_count(0)
    expect(shown.get_by_role("button", name=re.compile("Promise|Release"))).to_have_count(0)


def test_a_promise_each_day_says_its_rhythm(opens: Opens, stage: Stage) -> None:
    case = a_case(stage, "when does the power come back?")
    screen = opens().open_case(case)
    page = screen.page
    all_promises(screen).get_by_role("button", name="Promise a word").click()
    page.get_by_label("Each day until it is solved").check()
    page.get_by_label("At", exact=True).fill("10:30")
    page.get_by_label("Time zone").select_option("Europe/Madrid")
    for day in ("Mon", "Thu"):
        page.get_by_label(day, exact=True).check()
    page.get_by_label("I tell them in my next reply").check()
    panel(screen).get_by_role("button", name="Promise", exact=True).click()
    given = panel(screen).locator("[data-promise]", has_text="Promised by Alice")
    expect(given).to_contain_text("Mon and Thu at 10:30, clocks of Europe/Madrid")
    expect(given.get_by_role("button", name=re.compile("^Release"))).to_be_visible()
    (told,) = [one for one in owed(stage, case) if one["by"] == "Alice"]
    assert told["rhythm"] == {"at": "10:30", "zone": "Europe/Madrid", "days": [0, 3]}
    first = datetime.fromisoformat(told["due_at"])
    assert datetime.now(UTC) < first < datetime.now(UTC) + timedelta(days=5)
