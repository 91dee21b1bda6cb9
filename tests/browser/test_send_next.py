"""After sending: the next case of the list, or this one stays, as each person wishes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.gates import asked
from tests.browser.stage import Stage


def test_what_was_sent_is_done_with_and_the_next_case_comes(opens: Opens, stage: Stage) -> None:
    other, dora = asked(stage, "is the pool open?"), asked(stage, "is the sauna open?")
    with stage.goes_on("alice"):
        screen = opens().go().enter_case(dora.name)
        title = screen.page.locator("#case-title")
        words = f"It is, {dora.name}, from nine. ^AL"
        screen.write("public", words)
        screen.page.keyboard.press("Control+Shift+Enter")
        expect(title).to_be_visible()
        expect(title).not_to_contain_text("is the sauna open?")
        stage.published_once(words)
        # nobody is carried into another composer: the next key is an act, not a letter
        expect(screen.page.locator("textarea:focus")).to_have_count(0)
        # a key turns it around, and it is kept
        screen.open_case(stage.case_of(other))
        screen.write("public", f"It is, {other.name}, all day. ^AL")
        turned = screen.composer().get_by_role("button", name="Then the next case")
        expect(turned).to_have_attribute("aria-pressed", "true")
        screen.page.keyboard.press("Alt+j")
        expect(turned).to_have_attribute("aria-pressed", "false")
        screen.page.keyboard.press("Control+Shift+Enter")
        expect(screen.bubble(f"It is, {other.name}, all day. ^AL").last).to_be_visible()
        expect(title).to_contain_text("is the pool open?")
        setting = opens().go("/settings/profile").page.get_by_role("switch", name="After sending, open the next case")
        expect(setting).not_to_be_checked()
