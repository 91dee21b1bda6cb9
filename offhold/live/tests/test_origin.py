from __future__ import annotations

import pytest

from offhold.live.origin import is_ours, is_surely_ours

DESK = "desk.example.com"


@pytest.mark.parametrize(
    ("origin", "fetch_site", "may_read", "may_change"),
    [
        (None, None, True, False),  # not a browser, or an old one reading from its own server
        (None, "same-origin", True, False),
        ("https://desk.example.com", "same-origin", True, True),
        ("https://desk.example.com", None, True, True),
        (None, "cross-site", False, False),
        (None, "same-site", False, False),
        (None, "none", False, False),
        (None, "", False, False),
        ("https://desk.example.com", "cross-site", False, False),
        ("http://desk.example.com", None, False, False),
        ("https://desk.example.com:8443", None, False, False),
        ("https://desk.example.com.evil.test", None, False, False),
        ("https://evil.test/https://desk.example.com", None, False, False),
        ("https://desk.example.com/", None, False, False),
        ("https://bob@desk.example.com", None, False, False),
        ("https://status.example.com", None, False, False),
        ("null", None, False, False),
        ("", None, False, False),
        ("https://[::1", None, False, False),
    ],
)
def test_whose_page_asks(origin: str | None, fetch_site: str | None, may_read: bool, may_change: bool) -> None:
    assert is_ours(host=DESK, origin=origin, fetch_site=fetch_site, https=True) is may_read
    assert is_surely_ours(host=DESK, origin=origin, fetch_site=fetch_site, https=True) is may_change
