"""Coming in and settling in, by keys alone: an invitation, a first case, a notice, one's own profile."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Stage

PASSWORD = "a phrase nobody else has"


def press(page: Page, name: str) -> None:
    """Press the button of this name by the keyboard."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")


def test_somebody_is_invited_comes_in_and_sees_a_case(stage: Stage, opens: Opens) -> None:
    dora = stage.somebody()
    stage.asks(dora, "where is my bag?")
    stage.case_of(dora)
    admin = opens("alice")
    admin.go("/settings/team")
    press(admin.page, "Invite somebody")
    expect(admin.page.get_by_label("E-mail address")).to_be_focused()
    admin.page.keyboard.type(email := f"nora-{uuid4().hex}@northair.example")
    admin.page.keyboard.press("Enter")
    link = admin.page.get_by_label("The link").input_value()
    press(admin.page, "Done")
    expect(admin.page.get_by_text(email).first).to_be_visible()

    nora = opens(None)
    nora.expects("401")
    nora.page.goto(link)
    expect(nora.page.get_by_role("heading", name="Come in to Northwind Air")).to_be_visible()
    expect(nora.page.get_by_label("Duty name")).to_be_focused()
    nora.page.keyboard.type("Nora")
    nora.page.get_by_label("Password").focus()
    nora.page.keyboard.type(PASSWORD)
    nora.page.keyboard.press("Enter")
    expect(nora.line(dora.name)).to_be_visible(timeout=30_000)
    assert "#" not in nora.page.url, "the link does not stay in the address"

    used = opens(None)
    used.expects("401|404")
    used.page.goto(link)
    expect(used.page.get_by_role("heading", name="This link does not work")).to_be_visible()


def test_a_notice_rings_and_leads_to_its_case(stage: Stage, opens: Opens) -> None:
    dora = stage.somebody()
    stage.asks(dora, "please help me")
    case = stage.case_of(dora)
    stage.saw_all_notices("bob")
    bob = opens("bob").go("/settings/profile")
    bell = bob.page.get_by_role("button", name="Notices").first
    me = bob.page.evaluate("async () => (await (await fetch('/api/me')).json()).user.id")
    stage.town.cast["alice"].asks(f"/cases/{case['id']}/assign", assignee_id=me)
    expect(bell).to_contain_text("1")
    notice = bob.page.get_by_role("link", name=f"gave you {case['reference']}")
    bob.two_keys("g", "n", notice)
    notice.focus()
    bob.page.keyboard.press("Enter")
    expect(bob.page.locator("#case-title")).to_be_visible()
    expect(bell).not_to_contain_text("1")


def test_one_changes_how_one_is_called_and_how_the_desk_looks(stage: Stage, opens: Opens) -> None:
    bob = opens("bob").go("/settings/profile")
    name = bob.page.get_by_label("Duty name")
    name.focus()
    bob.page.keyboard.press("Control+a")
    bob.page.keyboard.type("Bobby")
    bob.page.keyboard.press("Enter")
    expect(bob.page.get_by_text("Saved.").first).to_be_visible()
    bob.page.get_by_label("Theme", exact=True).focus()
    bob.page.keyboard.type("Dark")
    _keeps(bob, "dark")
    again = opens("bob").go("/settings/profile")
    expect(again.page.get_by_label("Duty name")).to_have_value("Bobby")
    expect(again.page.locator("html")).to_have_attribute("data-theme", "dark")
    again.page.get_by_label("Theme", exact=True).focus()
    again.page.keyboard.type("As")
    _keeps(again, "system")
    stage.town.cast["bob"].changes("/me/name", duty_name="Bob", initials="BO")


def _keeps(screen: Screen, theme: str) -> None:
    """The server has it."""
    screen.page.wait_for_function(
        """async (theme) =>
            (await (await fetch("/api/me/preferences")).json()).preferences.theme === theme""",
        arg=theme,
    )
