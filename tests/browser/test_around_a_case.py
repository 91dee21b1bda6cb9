"""What is near a case: others' words around it, pictures at large, numbers elsewhere, another case by its reference."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.browser.test_together import a_case, look
from tests.support.running import until


def test_others_are_counted_read_and_promoted(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    post = stage.asks(dora, "the whole orchestra waits for its trunks!")
    case = stage.case_of(dora)
    fans = [stage.somebody() for _ in range(4)]
    for fan in fans:
        stage.asks(fan, "thank you!", to=post)
    alice = stage.town.cast["alice"]
    until(lambda: alice.case(case["id"])["around"]["voices"] == 4, 60, 0.2, what="four voices")
    screen = opens().open_case(case)
    screen.page.keyboard.press("v")
    drawer = screen.page.get_by_role("dialog", name="Around this case")
    expect(drawer.get_by_role("article")).to_contain_text("the whole orchestra")
    expect(drawer.get_by_role("button", name="Thanks 4")).to_be_visible()
    expect(drawer.get_by_role("listitem")).to_have_count(4)
    look(screen, "around")
    drawer.get_by_role("checkbox", name=f"Choose {fans[0].name}").focus()
    screen.page.keyboard.press("Space")
    drawer.get_by_role("button", name="Make a case of it").press("Enter")
    expect(drawer.get_by_role("listitem")).to_have_count(3)
    expect(drawer).to_contain_text("1 word of others is in a case of its own")
    screen.page.keyboard.press("Escape")
    assert stage.case_of(fans[0])["state"] == "open"


def test_a_number_elsewhere_leads_there_and_makes_cases_alike(opens: Opens, stage: Stage) -> None:
    alice = stage.town.cast["alice"]
    alice.asks("/link-templates", name="Tickets", url="https://tickets.example/browse/{ref}")
    case, other = a_case(stage, "trunk one?"), a_case(stage, "trunk two?")
    alice.asks(f"/cases/{other['id']}/references", value="NW-77", template_id=None)
    screen = opens().open_case(case)
    screen.page.keyboard.press("#")
    dialog = screen.page.get_by_role("dialog", name="Called elsewhere")
    expect(dialog.get_by_label("Number", exact=True)).to_be_focused()
    screen.page.keyboard.type("NW-77")
    screen.page.keyboard.press("Enter")
    link = dialog.get_by_role("link")
    expect(link).to_have_attribute("href", "https://tickets.example/browse/NW-77")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    look(screen, "refer")
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator("aside")).to_contain_text("NW-77")
    screen.open_case(case)
    similar = screen.page.locator("aside section", has_text="Similar cases")
    expect(similar).to_contain_text(other["reference"])
    expect(similar).to_contain_text("called NW-77 elsewhere, too")
    look(screen, "near")
    screen.go("/settings/links")
    expect(screen.page.get_by_label("Address: Tickets")).to_have_value("https://tickets.example/browse/{ref}")
    look(screen, "links")


def test_a_resolved_case_is_merged_into_by_its_reference(opens: Opens, stage: Stage) -> None:
    one, other = a_case(stage, "where is my oboe?"), a_case(stage, "no oboe here?")
    stage.town.cast["alice"].asks(f"/cases/{other['id']}/resolve")
    screen = opens().open_case(one)
    screen.page.keyboard.press("m")
    dialog = screen.page.get_by_role("dialog", name="Merge into…")
    dialog.get_by_role("textbox").fill(other["reference"])
    screen.page.keyboard.press("Enter")
    expect(dialog.get_by_role("radio")).to_have_count(1)
    dialog.get_by_role("button", name="Merge", exact=True).press("Enter")
    expect(screen.header()).to_contain_text(other["reference"])
    screen.page.keyboard.press("z")
    expect(screen.header()).to_contain_text(one["reference"])
