"""The web as people reach it: uvicorn on a free port with the real application, and a browser without a screen."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from offhold.kernel import ids
from offhold.people.actions import do_create_user
from tests.support.builders import Workspace

PASSWORD = "correct horse battery staple"


@contextmanager
def serving_http() -> Iterator[str]:
    """The application on a free port, in threads of this process; yields its address."""
    from offhold.app.asgi import application

    # Said to be TCP, asyncio sends small answers at once; a socket that does not say so waits 40 ms for more.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen(128)
        options = uvicorn.Config(
            application, loop="asyncio", lifespan="on", log_config=None, proxy_headers=False, server_header=False,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = uvicorn.Server(options)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"  # the socket listens already: early requests wait
        finally:
            server.should_exit = True
            thread.join(10)


class Member:
    """A person of a workspace who can sign in with `PASSWORD`."""

    def __init__(self, workspace: Workspace, role: str) -> None:
        self.workspace = workspace
        self.role = role
        self.email = f"{role}-{ids.new()}@example.com"
        self.id = do_create_user(
            workspace.id, email=self.email, password=PASSWORD, role=role, duty_name=f"{role.title()} {ids.new() % 999}"
        )


class Browser(httpx.Client):
    """Keeps cookies and sends the CSRF token back, as the client does; never follows a redirect by itself."""

    def __init__(self, site: str, **options: Any) -> None:
        super().__init__(base_url=site, timeout=20, trust_env=False, **options)

    def request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Response:
        token = self.cookies.get("csrftoken")
        if token and method not in ("GET", "HEAD"):
            options["headers"] = {"X-CSRFToken": token, **(options.get("headers") or {})}
        return super().request(method, url, **options)

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Ask for the page's cookie, then sign in."""
        self.get("/_allauth/browser/v1/auth/session")
        return self.post("/_allauth/browser/v1/auth/login", json={"email": email, "password": password})

    def sign_out(self) -> httpx.Response:
        """End the sign-in."""
        return self.delete("/_allauth/browser/v1/auth/session")


def signed_in(site: str, member: Member) -> Browser:
    """A browser in which `member` has signed in."""
    browser = Browser(site)
    answer = browser.sign_in(member.email)
    assert answer.status_code == 200, answer.text
    return browser
