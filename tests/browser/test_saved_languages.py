"""A saved reply in several languages: written in the settings, taken in the customer's, or in another one by a key."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.gates import asked
from tests.browser.stage import Stage


def test_the_customer_reads_their_own_language(opens: Opens, stage: Stage) -> None:
    page = opens().go("/settings/saved").page
    page.get_by_role("button", name="New saved reply").press("Enter")
    page.get_by_label("Name").fill("Tuba found")
    page.get_by_label("Words", exact=True).fill("Your tuba is found.")
    page.get_by_label("Language", exact=True).select_option("en")
    page.get_by_role("button", name="Add a language").press("Enter")
    page.get_by_label("Words in Spanish").fill("Tu tuba ha aparecido.")
    page.get_by_role("button", name="Add a language").press("Enter")
    page.get_by_label("Words in German").fill("Deine Tuba ist da.")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="Tuba found")).to_contain_text("English, Spanish, German")
    # the network does not say in which language: the words do
    anna = asked(stage, "Wo ist meine Tuba? Ich habe nichts gehört und warte seit gestern auf sie.")
    screen = opens().open_case(stage.case_of(anna))
    screen.write("direct", "/tuba f")
    option = screen.page.get_by_role("option", name="Tuba found")
    expect(option).to_contain_text("Deine Tuba ist da.")
    screen.page.keyboard.press("ArrowLeft")
    expect(option).to_contain_text("Tu tuba ha aparecido.")
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Enter")
    expect(screen.text("direct")).to_have_value("Deine Tuba ist da.")
