"""The list while people work in it and while the world comes in."""

from __future__ import annotations

import re
import threading
import time
from contextlib import ExitStack
from typing import Any, Self

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Somebody, Stage
from tests.support.running import until

SECONDS, EACH_SECOND = 10, 100


def test_take_resolve_reopen_and_the_counters_follow(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "can I bring my cello?")
    case = stage.case_of(dora)
    screen = opens(who="bob").open_case(case)
    counted = {view: screen.count(view) for view in ("mine", "unassigned", "open", "to_answer")}

    screen.page.keyboard.press("A")
    expect(screen.header()).to_contain_text("with Bob")
    changed(screen, counted, mine=1, unassigned=-1)

    screen.page.keyboard.press("e")
    expect(screen.page.get_by_text(f"{case['reference']} is resolved.").last).to_be_visible()
    changed(screen, counted, mine=0, unassigned=-1, open=-1, to_answer=-1)
    assert stage.state_of(case["id"]) == "resolved"

    screen.open_case(case, view="resolved")
    expect(screen.page.get_by_role("button", name="Reopen")).to_be_visible()
    screen.page.keyboard.press("e")
    expect(screen.page.get_by_role("button", name="Resolve")).to_be_visible()
    changed(screen, counted, mine=1, unassigned=-1)
    screen.page.keyboard.press("A")
    changed(screen, counted)


def test_a_key_pressed_twice_resolves_one_case_and_z_takes_it_back(opens: Opens, stage: Stage) -> None:
    people = [stage.somebody() for _ in range(2)]
    for person in people:
        stage.asks(person, "may I change my seat?")
    cases = [stage.case_of(person) for person in people]
    screen = opens(who="bob").go("/inbox/unassigned").enter_case(people[1].name)
    title = screen.header()
    expect(title).to_contain_text(cases[1]["reference"])
    screen.page.keyboard.press("e")
    screen.page.keyboard.press("e")
    expect(title).not_to_contain_text(cases[1]["reference"])
    expect(screen.page.locator("[aria-live]", has_text="Nothing was done")).to_have_count(1)
    until(lambda: stage.state_of(cases[1]["id"]) == "resolved", 30, 0.1, what="the first case resolved")
    assert [stage.state_of(case["id"]) for case in cases] == ["open", "resolved"]
    expect(screen.page.get_by_role("button", name="Undo")).to_contain_text("z")
    screen.page.keyboard.press("z")
    expect(title).to_contain_text(cases[1]["reference"])
    until(lambda: stage.state_of(cases[1]["id"]) == "open", 30, 0.1, what="the first case open again")
    expect(screen.page.locator(f"#case-{cases[1]['id']}")).to_have_attribute("aria-selected", "true")


def test_a_list_there_is_not_says_so(opens: Opens) -> None:
    screen = opens().go("/inbox/to_anwser")
    expect(screen.page.get_by_role("heading", name="There is no such list")).to_be_visible()
    screen.page.get_by_role("link", name="Go to the inbox").press("Enter")
    expect(screen.page.get_by_role("heading", name="Inbox")).to_be_visible()
    assert screen.page.url.endswith("/inbox/to_answer")


def changed(screen: Screen, before: dict[str, int], **by: int) -> None:
    """The counters stand at what they were before and these differences, soon."""
    for view, count in before.items():
        expect(screen.page.locator(f"[data-view={view}] b")).to_have_text(str(count + by.get(view, 0)))


def test_reload_comes_back_to_the_same_place(opens: Opens, stage: Stage) -> None:
    people = [stage.somebody() for _ in range(3)]
    for person in people:
        stage.asks(person, "is the lounge open?")
    for person in people:
        stage.case_of(person)
    screen = opens().go("/inbox/unassigned").enter_case(people[1].name)
    address = screen.page.url
    screen.page.reload()
    expect(screen.bubble("is the lounge open?")).to_be_visible()
    assert screen.page.url == address
    chosen = screen.page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_contain_text(people[1].name)
    expect(chosen).to_be_in_viewport()
    # keys go on from there
    screen.page.keyboard.press("j")
    expect(screen.page.locator("[role=option][aria-selected=true]")).not_to_contain_text(people[1].name)


def test_a_hundred_messages_a_second_move_nothing_under_the_pointer(opens: Opens, stage: Stage) -> None:
    people = [stage.somebody(followers=3) for _ in range(40)]
    for person in people[:25]:
        stage.asks(person, "is my gate open?")
    for person in people[:25]:
        stage.case_of(person)
    reader = people[12]
    screen = opened_whole(opens()).walk_to(reader.name)
    line = screen.line(reader.name)
    expect(line).to_have_attribute("aria-selected", "true")
    calm = max(notes(screen) for _ in range(10))
    before, shown = box(line), visible(screen)
    longest = 0.0
    with Storm(stage, people) as storm:
        while storm.goes_on():
            longest = max(longest, notes(screen))
            assert box(line) == before
            assert visible(screen) == shown
    assert storm.said == SECONDS * EACH_SECOND
    # a person would call two seconds broken; a machine that is slow without the storm is not slow because of it
    assert longest < max(2.0, 5 * calm)
    pill = screen.page.get_by_role("button", name=re.compile(r"^\d+ new$"))  # nor the bell, nor what is new below
    expect(pill.first).to_be_visible()
    expect(screen.text("note")).to_have_value("x" * len(screen.text("note").input_value()))
    everything_came(stage, people)
    until(lambda: screen.page.keyboard.press(".") or pill.count() == 0, 30, 0.5, what="the new ones in the list")
    assert screen.count("open") >= len(people)


def opened_whole(screen: Screen) -> Screen:
    """With all that stands above a list and is read after it: from then on only messages could move a line."""
    with ExitStack() as answers:
        for above in ("views", "unsent", "stops", "pages"):
            answers.enter_context(screen.page.expect_response(f"**/api/{above}", timeout=60_000))
        return screen.go()


def notes(screen: Screen) -> float:
    """Seconds to begin a note, type a letter and leave: five round trips to the browser."""
    started = time.monotonic()
    screen.page.keyboard.press("n")
    expect(screen.text("note")).to_be_focused()
    screen.page.keyboard.type("x")
    screen.page.keyboard.press("Escape")
    return time.monotonic() - started


def everything_came(stage: Stage, people: list[Somebody]) -> None:
    """Nothing was lost on the way, and nothing came twice: all that was said is in the cases."""
    meant = 25 + SECONDS * EACH_SECOND

    def counted() -> int:
        return sum(stage.case_of(person)["messages"] for person in people)

    until(lambda: counted() >= meant, 60, 0.5, what="everything that was said")
    assert counted() == meant


def box(line: Locator) -> Any:
    return line.bounding_box()


def visible(screen: Screen) -> list[str]:
    """The cases in the list as they stand on the screen, top to bottom."""
    script = """() => [...document.querySelectorAll('[role=option]')]
        .map((line) => [line.getBoundingClientRect().top, line.dataset.case]).sort((a, b) => a[0] - b[0])
        .map(([, id]) => id)"""
    return list(screen.page.evaluate(script))


class Storm:
    """Everybody writes at once, for ten seconds, from a thread of its own (it never touches the browser)."""

    def __init__(self, stage: Stage, people: list[Somebody]) -> None:
        self._stage, self._people = stage, people
        self.said = 0
        self._thread = threading.Thread(target=self._blow)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def goes_on(self) -> bool:
        return self._thread.is_alive()

    def _blow(self) -> None:
        started = time.monotonic()
        for second in range(SECONDS):
            for part in range(5):
                acts = [self._act(second * EACH_SECOND + part * 20 + n) for n in range(EACH_SECOND // 5)]
                self.said += sum("error" not in done for done in self._stage.control.act(*acts))
                time.sleep(max(0.0, started + second + (part + 1) / 5 - time.monotonic()))

    def _act(self, number: int) -> dict[str, str]:
        who = self._people[number % len(self._people)]
        return {"who": who.handle, "do": "post", "text": f"@northair where is flight {number}?"}
