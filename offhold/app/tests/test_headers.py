"""What every answer tells the browser, on plain http here and on https behind a proxy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from offhold.app import pages
from tests.support.builders import Workspace
from tests.support.site import Browser, Member, signed_in


def policy(answer: httpx.Response) -> dict[str, str]:
    """The content security policy by directive."""
    parts = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_nothing_inline_runs_and_nobody_frames_us(site: str, database: str) -> None:
    found = policy(Browser(site).get("/api/me"))
    assert found["default-src"] == "'none'"
    assert found["script-src"] == "'self'"
    assert found["base-uri"] == found["frame-ancestors"] == "'none'"
    assert found["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in str(found)


@pytest.mark.parametrize("path", ["/api/me", "/", "/api/openapi.json", "/_allauth/browser/v1/auth/session", "/api/x"])
def test_nothing_is_kept_or_sniffed(site: str, database: str, path: str) -> None:
    headers = Browser(site).get(path).headers
    assert "no-store" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_the_client_gets_a_nonce_of_its_own(
    site: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CLIENT", tmp_path)
    assert Browser(site).get("/inbox").status_code == 503
    (tmp_path / "index.html").write_text('<meta property="csp-nonce" nonce="__CSP_NONCE__">')
    first, second = (Browser(site).get("/cases/1") for _ in range(2))
    nonces = [re.findall('nonce="(.+)"', answer.text)[0] for answer in (first, second)]
    assert nonces[0] != nonces[1]
    assert policy(first)["style-src"] == f"'self' 'nonce-{nonces[0]}'"
    assert "csrftoken" in first.cookies


def test_cookies_on_plain_http(site: str, workspace: Workspace) -> None:
    browser = Browser(site)
    answer = browser.sign_in(Member(workspace, "agent").email)
    cookies = {line.split("=")[0]: line for line in answer.headers.get_list("set-cookie")}
    assert "HttpOnly" in cookies["offhold"]
    assert "SameSite=Lax" in cookies["offhold"]
    assert "HttpOnly" not in cookies["csrftoken"], "the client sends it back"


def test_another_host_is_refused(site: str, database: str) -> None:
    assert Browser(site).get("/api/me", headers={"Host": "evil.example"}).status_code == 400


def test_forwarded_headers_of_strangers_are_not_believed(site: str, workspace: Workspace) -> None:
    browser = signed_in(site, Member(workspace, "agent"))
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "203.0.113.9"}
    assert browser.get("/api/me", headers=forged).status_code == 200


HTTPS = """
from offhold.app import settings as s
print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS,
      s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS)
"""


def test_on_https_cookies_belong_to_this_host_alone() -> None:
    environ = os.environ | {"OFFHOLD_PUBLIC_URL": "https://desk.example.com", "OFFHOLD_TRUSTED_PROXIES": "127.0.0.1"}
    done = subprocess.run([sys.executable, "-c", HTTPS], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "__Host-offhold True __Host-csrftoken True 31536000 ['desk.example.com'] ['https://desk.example.com']"
    )
