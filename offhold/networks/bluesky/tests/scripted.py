"""A server that answers as a test says: for what a real network does not do on demand (expiry, drift, floods)."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from offhold.connectors.contract import Answer, Channel

US = "did:plc:us"
PDS = "https://pds.example"


@dataclass(frozen=True)
class Call:
    nsid: str
    params: Mapping[str, list[str]]
    body: Any
    headers: Mapping[str, str]

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


Handler = Callable[[Call], object]


class Script:
    """Implements `contract.Egress`. A handler returns an `Answer`, or what becomes a JSON one."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._handlers: dict[str, Handler] = {}

    def on(self, nsid: str, handler: Handler) -> Script:
        self._handlers[nsid] = handler
        return self

    def says(self, nsid: str, value: object) -> Script:
        return self.on(nsid, lambda _call: value)

    def asked(self, nsid: str) -> list[Call]:
        return [call for call in self.calls if call.nsid == nsid]

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - the contract's name
        max_bytes: int = 10_000_000,
        redirects: int = 0,
    ) -> Answer:
        parts = urlsplit(url)
        sent = headers or {}
        body = msgspec.json.decode(content) if content and "json" in sent.get("content-type", "") else content
        call = Call(parts.path.rpartition("/")[2], parse_qs(parts.query), body, sent)
        self.calls.append(call)
        await asyncio.sleep(0)  # whoever else is at it comes in between, as on a wire
        said = self._handlers[call.nsid](call)
        return said if isinstance(said, Answer) else ok(said)

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        raise AssertionError("nothing streams here")

    websocket = stream


def ok(value: object, **headers: str) -> Answer:
    return Answer(200, headers, msgspec.json.encode(value), "")


def no(error: str, message: str = "", *, status: int = 400, **headers: str) -> Answer:
    return Answer(status, headers, msgspec.json.encode({"error": error, "message": message}), "")


def jwt(issued: int, scope: str = "com.atproto.appPassPrivileged") -> str:
    claims = base64.urlsafe_b64encode(msgspec.json.encode({"iat": issued, "scope": scope})).decode().rstrip("=")
    return f"header.{claims}.signature"


def channel(access: str = "", refresh: str = "refresh-0", **config: str) -> Channel:
    return Channel(
        id=1,
        workspace_id=1,
        network="bluesky",
        account_id=US,
        handle="acme.example",
        config={"service": PDS, "pds": PDS, "chat_did": "did:web:chat.example", "direct": "yes", **config},
        secrets={"access_jwt": access or jwt(1), "refresh_jwt": refresh, "app_password": "pass-word"},
    )
