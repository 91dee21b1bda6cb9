"""What had no key for long has one: pictures, an hour, the customer, the post itself, voices, several at once."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.browser.test_together import a_case
from tests.support.running import until


def a_picture() -> FilePayload:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, "PNG")
    return {"name": "gate.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_pictures_an_hour_the_customer_and_the_post_by_keys(opens: Opens, stage: Stage) -> None:
    screen = opens().open_case(a_case(stage, "which gate is it?"))
    page = screen.page
    screen.write("public", "This one. ^AL")
    page.keyboard.press("Alt+l")
    expect(page.get_by_label("Day and time")).to_be_focused()
    screen.composer().get_by_role("button", name="Send now instead").press("Enter")
    screen.text("public").focus()
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Alt+p")
    choosing.value.set_files([a_picture()])
    screen.composer().locator("[data-alt]").fill("Gate 7, to the left of the stairs")
    expect(screen.composer().locator("[src^='/media/']").first).to_be_visible()
    screen.text("public").focus()
    page.keyboard.press("Control+Shift+Enter")
    stage.published_once("This one. ^AL")
    expect(screen.bubble("This one. ^AL").last).to_be_visible()  # the network may tell of it before the sender does
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.get_by_label("Customer", exact=True).and_(page.locator("aside"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#case-title")).to_be_focused()
    with page.expect_popup() as opened:
        page.keyboard.press("l")
    assert opened.value.url.startswith(stage.town.network.address)


def test_a_voice_becomes_a_case_by_keys(opens: Opens, stage: Stage) -> None:
    dora, fan = stage.somebody(), stage.somebody()
    post = stage.asks(dora, "the choir waits for its robes!")
    stage.case_of(dora)
    stage.asks(fan, "thank you!", to=post)
    alice = stage.town.cast["alice"]
    until(lambda: any(v["message"]["author"]["handle"] == fan.handle for v in alice.sees("/voices")["voices"]), 60)
    page = opens().go("/voices").page
    box = page.get_by_role("checkbox", name=f"Choose the message of {fan.name}")
    expect(box).to_be_visible()
    for _ in range(60):
        page.keyboard.press("j")
        if box.evaluate("(box) => box === document.activeElement"):
            break
    page.keyboard.press("x")
    expect(box).to_be_checked()
    page.keyboard.press("c")
    expect(box).to_have_count(0)
    assert stage.case_of(fan)["state"] == "open"


def test_several_are_agreed_to_by_a_key_of_their_own(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "who looks after it?")
    with stage.policy(asks_public={"everyone": True}):
        bob = stage.town.cast["bob"]
        bob.answers_publicly(bob.case(stage.case_of(dora)["id"]), f"We all do, {dora.name}. ^B")
        page = opens().go("/approvals").page
        expect(page.get_by_role("group", name="by Bob")).to_have_count(1)
        page.keyboard.press("x")
        page.keyboard.press("A")
        page.get_by_role("dialog").get_by_role("button", name="Agree to").press("Enter")
        stage.published_once(f"We all do, {dora.name}. ^B")


def test_a_page_of_the_settings_is_used_through_the_palette(opens: Opens) -> None:
    page = opens().go("/settings/tags").page
    expect(page.get_by_role("button", name="Add tag")).to_be_visible()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog").get_by_role("combobox")
    expect(palette).to_be_focused()
    page.keyboard.type("add tag")
    expect(page.get_by_role("option", name="Add tag", exact=True)).to_have_attribute("aria-selected", "true")
    palette.press("Enter")
    expect(page.locator("#tag-new")).to_be_focused()
