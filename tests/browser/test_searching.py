"""The search and the palette, by keys alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Stage
from tests.journeys.town import until


def there(screen: Screen) -> Screen:
    """The desk hears keys once it stands."""
    expect(screen.page.get_by_role("link", name="Search").first).to_be_visible()
    return screen


def typed(screen: Screen, words: str) -> Screen:
    """Into the search, from wherever one is."""
    screen.page.keyboard.press("/")
    field = screen.page.get_by_label("Words, phrases, people, references")
    expect(field).to_be_focused()
    screen.page.keyboard.press("Control+a")
    screen.page.keyboard.type(words)
    return screen


def filed(stage: Stage, words: str) -> None:
    """They are in the index, which is filled a moment behind the messages."""
    alice = stage.town.cast["alice"]
    until(lambda: alice.sees("/search", q=words)["groups"], 30, 0.1, what=f"{words!r} in the index")


def test_words_are_found_and_open_at_the_message(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "my grey rucksack vanished in Kraków")
    stage.asks(dora, "the vanished rucksack was <b>blue</b>, sorry")
    filed(stage, "rucksack blue")
    screen = there(opens().go())
    typed(screen, f'rucksack "in krakow" from:{dora.handle}')
    hit = screen.page.locator("a[data-hit]:has(mark)", has_text="my grey rucksack vanished")
    expect(hit).to_have_count(1)
    expect(hit.locator("mark")).to_have_text(["rucksack", "in Kraków"])
    screen.page.keyboard.press("ArrowDown")
    for _ in range(4):
        screen.page.keyboard.press("j")
    expect(hit).to_be_focused()
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("[data-reached]")).to_contain_text("my grey rucksack")
    screen.page.go_back()
    expect(hit).to_be_visible()
    typed(screen, f"rucksack blue from:{dora.handle}")
    expect(screen.page.locator("a[data-hit]:has(mark)", has_text="<b>blue</b>")).to_have_count(1)


def test_a_filter_that_is_none_is_named(opens: Opens, stage: Stage) -> None:
    screen = there(opens().go())
    screen.expects("422")
    typed(screen, "suitcase color:red")
    expect(screen.page.get_by_role("alert").filter(has_text="There is no filter “color:”")).to_be_visible()
    typed(screen, 'zzz"never closed')
    expect(screen.page.get_by_text("Nothing like that was said")).to_be_visible()


def test_the_palette_does_what_can_be_done(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "may I bring a harp?")
    filed(stage, "harp")
    reference = stage.case_of(dora)["reference"]
    screen = there(opens().go())
    palette = screen.page.get_by_role("combobox", name="An action, a case, a person, a view")

    def wish(words: str, option: str) -> None:
        screen.page.keyboard.press("Control+k")
        expect(palette).to_be_focused()
        screen.page.keyboard.type(words)
        expect(screen.page.locator("[role=option][aria-selected=true]", has_text=option)).to_be_visible()
        screen.page.keyboard.press("Enter")
        expect(palette).to_be_hidden()

    wish(reference, reference)
    expect(screen.bubble("may I bring a harp?")).to_be_visible()
    wish("assign bob", "Assign to Bob")
    expect(screen.header()).to_contain_text("with Bob")
    wish("team note", "Team note")
    expect(screen.text("note")).to_be_focused()
    # also while one writes, and the words stay
    screen.page.keyboard.type("harps go in the hold")
    screen.page.keyboard.press("Control+k")
    expect(palette).to_be_focused()
    screen.page.keyboard.press("Escape")
    expect(screen.text("note")).to_be_focused()
    expect(screen.text("note")).to_have_value("harps go in the hold")
    wish("resolved", "Resolved")
    screen.page.wait_for_url("**/inbox/resolved")


def test_the_help_sheet_shows_what_can_be_done_here(opens: Opens, stage: Stage) -> None:
    screen = there(opens().go("/search"))
    expect(screen.page.get_by_label("Words, phrases, people, references")).to_be_focused()
    screen.page.keyboard.press("Escape")
    screen.page.wait_for_url("**/inbox/*")
    screen.page.keyboard.press("?")
    sheet = screen.page.get_by_role("dialog", name="Keys")
    expect(sheet).to_contain_text("Do anything, go anywhere")
    expect(sheet.get_by_text("Merge the case into another")).to_be_hidden()
    sheet.get_by_text("Elsewhere", exact=True).press("Enter")
    expect(sheet.get_by_text("Merge the case into another")).to_be_visible()
