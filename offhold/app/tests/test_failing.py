"""How the API fails: in one form, with a code, and without a word about its inside."""

from __future__ import annotations

import logging

import psycopg
import pytest
from django.db.utils import OperationalError
from psycopg_pool import PoolTimeout

from offhold.app import me
from offhold.kernel.errors import Conflict, Stale, Unavailable
from offhold.people.models import User
from offhold.people.sessions import SessionStore
from tests.support.builders import Workspace
from tests.support.site import Browser, Member, signed_in


@pytest.fixture
def bob(site: str, workspace: Workspace) -> Browser:
    return signed_in(site, Member(workspace, "agent"))


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Conflict("Somebody was faster."), 409, "conflict"),
        (Stale(case_version=7), 409, "stale"),
        (Unavailable(), 503, "unavailable"),
        (psycopg.OperationalError("connection to 10.0.0.5 failed: secret"), 503, "unavailable"),
        (OperationalError("secret"), 503, "unavailable"),
        (psycopg.DataError("invalid secret"), 422, "invalid"),
        (KeyError("secret"), 500, "internal"),
        (psycopg.errors.UniqueViolation("Key (email)=(secret) already exists"), 500, "internal"),
    ],
)
def test_every_failure_has_one_form(
    bob: Browser, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(me, "answer", fail)
    answer = bob.get("/api/me")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json().keys() == {"code", "params", "message"}
    assert answer.json()["code"] == code
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["auth/session", "auth/login"])
@pytest.mark.parametrize("error", [psycopg.OperationalError("secret"), OperationalError("secret"), PoolTimeout()])
def test_signing_in_without_a_database_says_that_it_is_away(
    site: str, database: str, monkeypatch: pytest.MonkeyPatch, path: str, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    browser = Browser(site)
    browser.get("/_allauth/browser/v1/auth/session")
    monkeypatch.setattr(SessionStore, "load", fail)
    monkeypatch.setattr(User.objects, "get_queryset", fail)
    browser.cookies.set("offhold", "x" * 43)
    method, body = (
        ("GET", None) if path == "auth/session" else ("POST", {"email": "a@example.com", "password": "p" * 12})
    )
    answer = browser.request(method, f"/_allauth/browser/v1/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "secret" not in answer.text


def test_a_fault_is_written_down_under_the_reference_the_person_sees(
    bob: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("what went wrong")

    monkeypatch.setattr(me, "answer", fail)
    with caplog.at_level(logging.ERROR):
        reference = bob.get("/api/me").json()["params"]["reference"]
    assert any(reference in record.getMessage() and record.exc_info for record in caplog.records)
    assert bob.cookies["offhold"] not in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/api/",
        "/_allauth/x",
        "/media/x/y/z",
        "/assets/..%2f..%2fsettings.py",
        "/assets/..%2findex.html",
    ],
)
def test_nothing_is_there(bob: Browser, path: str) -> None:
    assert bob.get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(bob: Browser, method: str) -> None:
    assert bob.request(method, "/api/me").status_code in (400, 405)
