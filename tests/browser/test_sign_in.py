"""Somebody comes in, or does not."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.support.running import PASSWORD


def test_a_wrong_password_says_so_and_the_right_one_enters(opens: Opens) -> None:
    screen = opens(who=None)
    screen.expects(r"status of 40[01]")  # asking who is here, and the wrong password
    page = screen.go("/").page
    expect(page.get_by_role("heading", name="Sign in to Offhold")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("alice@northair.example")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("E-mail and password do not match.")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    assert page.url.endswith("/inbox/to_answer")


def test_a_sign_in_that_ended_asks_again_where_one_was(opens: Opens) -> None:
    screen = opens()
    screen.expects(r"status of 40[01]")
    page = screen.go("/inbox/mine").page
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    screen.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in to Offhold")).to_be_visible()
    assert page.url.endswith("/inbox/mine")
