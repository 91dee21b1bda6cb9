"""Signing in, as a browser and as somebody who should not get in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from offhold.people.actions import do_disable_user, do_set_password, do_set_role
from offhold.people.actors import key_hash
from offhold.people.hashers import Argon2
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql
from tests.support.site import PASSWORD, Browser, Member, signed_in

LOGIN = "/_allauth/browser/v1/auth/login"
SESSION = "/_allauth/browser/v1/auth/session"
HOUR = 3600


@pytest.fixture(autouse=True)
def forgotten_attempts(owner_sql: OwnerSql) -> None:
    """All tests come from one address: what one tried must not slow the next."""
    owner_sql("TRUNCATE throttles")


@pytest.fixture
def bob(workspace: Workspace) -> Member:
    return Member(workspace, "agent")


def me(browser: Browser) -> int:
    """Status of asking who is signed in."""
    return browser.get("/api/me").status_code


def test_a_person_signs_in_works_and_signs_out(site: str, bob: Member) -> None:
    browser = Browser(site)
    assert browser.sign_in(bob.email.upper()).status_code == 200
    answer = browser.get("/api/me").json()
    assert answer["user"]["id"] == str(bob.id)
    assert answer["workspace"] == {"id": str(bob.workspace.id), "name": "Northwind Air"}
    assert answer["can"] == {"answer": True, "lead": False, "admin": False, "see_private": True}
    assert answer["queues"] == [{"id": str(bob.workspace.queue_id), "name": "Inbox"}]
    kept = browser.cookies["offhold"]
    assert browser.sign_out().status_code == 401
    browser.cookies.set("offhold", kept)
    assert me(browser) == 401, "signing out ends the session itself, not only the cookie"


def test_nobody_is_signed_in_at_first(site: str, database: str) -> None:
    answer = Browser(site).get("/api/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_a_wrong_password_and_an_unknown_address_look_the_same(site: str, bob: Member) -> None:
    wrong = Browser(site).sign_in(bob.email, "not the password at all")
    unknown = Browser(site).sign_in(f"x{bob.email}", "not the password at all")
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.json() == unknown.json()
    assert "offhold" not in wrong.cookies


@pytest.mark.parametrize("who", ["wrong password", "unknown", "disabled", "disabled, right password"])
def test_every_attempt_costs_one_hash(site: str, bob: Member, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    """An address nobody has, answered without one, would be told from one that somebody has by its quicker answer."""
    if who.startswith("disabled"):
        do_disable_user(bob.workspace.id, bob.id)
    counted: list[str] = []
    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2, name, counting(getattr(Argon2, name), counted))
    password = PASSWORD if "right" in who else "not the password at all"
    answer = Browser(site).sign_in(f"x{bob.email}" if who == "unknown" else bob.email, password)
    assert answer.status_code != 200
    assert len(counted) == 1, counted


def counting(method: Callable[..., Any], counted: list[str]) -> Callable[..., Any]:
    """The same, noting each call from outside: Django's `verify` hashes by calling `encode` in its turn."""
    within: list[None] = []

    def called(*given: Any) -> Any:
        if not within:
            counted.append(method.__name__)
        within.append(None)
        try:
            return method(*given)
        finally:
            within.pop()

    return called


def test_only_the_hash_of_the_token_is_kept(site: str, bob: Member, owner_sql: OwnerSql) -> None:
    token = signed_in(site, bob).cookies["offhold"]
    assert len(token) >= 43, "256 bits"
    assert owner_sql("SELECT count(*) FROM sessions WHERE key_hash = %s", (key_hash(token),)) == [(1,)]
    assert owner_sql("SELECT count(*) FROM sessions s WHERE s::text LIKE %s", (f"%{token}%",)) == [(0,)]


def test_a_token_somebody_planted_is_not_used(site: str, bob: Member) -> None:
    browser = Browser(site)
    planted = "planted" * 6
    browser.cookies.set("offhold", planted)
    assert browser.sign_in(bob.email).status_code == 200
    tokens = [cookie.value for cookie in browser.cookies.jar if cookie.name == "offhold"]
    assert any(token != planted for token in tokens)
    other = Browser(site, cookies={"offhold": planted})
    assert me(other) == 401


def test_every_sign_in_has_a_token_of_its_own(site: str, bob: Member) -> None:
    first, second = signed_in(site, bob), signed_in(site, bob)
    assert first.cookies["offhold"] != second.cookies["offhold"]
    first.sign_out()
    assert me(second) == 200


def test_a_disabled_person_is_out_at_once(site: str, bob: Member) -> None:
    browser = signed_in(site, bob)
    do_disable_user(bob.workspace.id, bob.id)
    assert me(browser) == 401
    assert Browser(site).sign_in(bob.email).status_code != 200


def test_a_new_password_ends_what_the_old_one_opened(site: str, bob: Member) -> None:
    browser = signed_in(site, bob)
    do_set_password(bob.email, "another phrase entirely")
    assert me(browser) == 401
    assert Browser(site).sign_in(bob.email, PASSWORD).status_code == 400
    assert Browser(site).sign_in(bob.email, "another phrase entirely").status_code == 200


def test_another_role_counts_from_the_next_request(site: str, bob: Member) -> None:
    browser = signed_in(site, bob)
    do_set_role(bob.workspace.id, bob.id, "observer")
    assert browser.get("/api/me").json()["can"]["see_private"] is False


def test_a_sign_in_left_unused_ends(site: str, bob: Member, clock_offset: Callable[[float], None]) -> None:
    browser = signed_in(site, bob)
    clock_offset(7 * HOUR)
    assert me(browser) == 200, "used within eight hours"
    clock_offset(11 * HOUR)
    assert me(browser) == 200, "the idle time began anew"
    idle = signed_in(site, bob)
    clock_offset(19.5 * HOUR)
    assert me(idle) == 401


def test_a_sign_in_ends_after_twelve_hours_however_busy(
    site: str, bob: Member, clock_offset: Callable[[float], None]
) -> None:
    browser = signed_in(site, bob)
    for hours in (4, 8, 11.9):
        clock_offset(hours * HOUR)
        assert me(browser) == 200
    clock_offset(12.1 * HOUR)
    assert me(browser) == 401


def test_without_the_csrf_token_nothing_is_changed(site: str, bob: Member) -> None:
    bare = Browser(site)
    bare.get(SESSION)
    answer = bare.post(LOGIN, json={"email": bob.email, "password": PASSWORD}, headers={"X-CSRFToken": ""})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    browser = signed_in(site, bob)
    answer = browser.post("/api/channels", json={"network": "x", "typed": {}}, headers={"X-CSRFToken": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_another_sites_page_is_refused(site: str, bob: Member) -> None:
    browser = signed_in(site, bob)
    answer = browser.post("/api/channels", json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_guessing_one_account_is_slowed_everywhere(site: str, bob: Member, owner_sql: OwnerSql) -> None:
    answers = [Browser(site).sign_in(bob.email, f"wrong guess {n}") for n in range(11)]
    codes = [answer.json()["errors"][0]["code"] for answer in answers]
    assert codes == ["email_password_mismatch"] * 10 + ["too_many_login_attempts"]
    assert Browser(site).sign_in(bob.email).status_code == 400, "the right password waits too: it may be a guess"
    assert Browser(site).sign_in(Member(bob.workspace, "lead").email).status_code == 200, "colleagues do not"
    assert owner_sql("SELECT count(*) > 0 FROM throttles") == [(True,)], "shared by all processes"


def test_nobody_signs_up_and_no_mail_flow_is_open(site: str, database: str) -> None:
    browser = Browser(site)
    browser.get(SESSION)
    for path in ("auth/signup", "auth/password/request", "auth/password/reset", "auth/code/request", "account/email"):
        assert browser.post(f"/_allauth/browser/v1/{path}", json={}).status_code == 404
    assert browser.post("/_allauth/app/v1/auth/login", json={}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{", b'{"email": []}', b'{"email": {"a": 1}, "password": ["x"]}', b"\xff\xfe",
        b'{"email": "a\\u0000@example.com", "password": "x\\u0000y"}',
        b'{"email": "\\ud800@example.com", "password": "\\ud800"}',
        b'{"email": 9223372036854775808, "password": true}',
    ],
)  # fmt: skip
def test_a_hostile_sign_in_is_refused_not_a_fault(site: str, database: str, body: bytes) -> None:
    browser = Browser(site)
    browser.get(SESSION)
    answer = browser.post(LOGIN, content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
