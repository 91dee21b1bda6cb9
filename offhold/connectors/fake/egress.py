"""The wire to the fake network: an `Egress` whose requests are answered in memory, or fail on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from offhold.connectors import passage
from offhold.connectors.contract import Answer, ForbiddenAddress, LoginExpired, NotSent, OutcomeUnknown
from offhold.connectors.fake import wire

if TYPE_CHECKING:
    from offhold.connectors.fake.network import FakeNetwork

BASE = "https://fake.test"
PAGE = 50


class Publish(msgspec.Struct):
    text: str
    key: str
    parent: str | None = None
    to: str | None = None


class FakeEgress:
    """Implements `contract.Egress`. `requests` keeps method and path of all that was asked."""

    def __init__(self, network: FakeNetwork) -> None:
        self._network = network
        self.requests: list[tuple[str, str]] = []

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109, ARG002 - the signature is the contract's
        max_bytes: int = 10_000_000,  # noqa: ARG002
        redirects: int = 0,  # noqa: ARG002
    ) -> Answer:
        if not url.startswith(BASE + "/"):
            raise ForbiddenAddress("only the fake network can be reached from here")
        passage.leave()
        path = urlsplit(url).path
        self.requests.append((method, path))
        act = self._act(method, path, dict(params or {}), content)
        if method == "GET":
            status, value = self._behind_login(headers, act)
        else:
            status, value = self._failing(headers, act)
        head = {"retry-after": "7"} if status == 429 else {}
        return Answer(status, head, value if isinstance(value, bytes) else msgspec.json.encode(value), url)

    def _behind_login(self, headers: Mapping[str, str] | None, act: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        given = {name.lower(): value for name, value in (headers or {}).items()}.get("authorization")
        if not self._network.login_valid or given != f"Bearer {self._network.token}":
            return 401, {"code": "login_expired"}
        return act()

    def _failing(  # noqa: PLR0911 - one way out for each way to fail
        self, headers: Mapping[str, str] | None, act: Callable[[], tuple[int, Any]]
    ) -> tuple[int, Any]:
        failure = self._network.failures.popleft() if self._network.failures else None
        match failure:
            case "unreachable":
                raise NotSent("no connection to fake.test")
            case "refuse":
                return 403, {"code": "blocked"}
            case "rate_limit":
                return 429, {"code": "rate_limited"}
            case "fail_before":
                return 500, {"code": "internal"}
        status, value = self._behind_login(headers, act)
        match failure:
            case "lose_answer":
                raise OutcomeUnknown("fake.test: the connection broke")
            case "fail_after":
                return 500, {"code": "internal"}
            case "garble":
                return status, b"<html>It works!"
            case "misstate_audience" if isinstance(value, wire.Item):
                other: Any = "private" if value.audience == "public" else "public"
                return status, msgspec.structs.replace(value, audience=other)
        return status, value

    def _act(
        self, method: str, path: str, params: dict[str, str], content: bytes | None
    ) -> Callable[[], tuple[int, Any]]:
        parts = path.strip("/").split("/")
        match (method, *parts):
            case ("GET", "me"):
                return lambda: (200, self._network.us)
            case ("GET", "events"):
                return lambda: (200, self._events(int(params["after"])))
            case ("GET", "items"):
                return lambda: (200, [*self._network.visible()])
            case ("POST", "posts" | "messages"):
                return lambda: self._publish(parts[0], msgspec.json.decode(content or b"", type=Publish))
            case ("DELETE", "posts", item_id):
                return lambda: self._delete(item_id)
        return lambda: (404, {"code": "no_such_place"})

    def _events(self, after: int) -> dict[str, Any]:
        now = self._network.tick()
        return {"events": self._network.events_after(after, PAGE), "now": now}

    def _publish(self, place: str, wanted: Publish) -> tuple[int, Any]:
        network = self._network
        before = next((i for i in network.items.values() if i.key == wanted.key and i.author == network.us), None)
        if network.dedupes and before:
            return 200, before
        if len(wanted.text) > network.text_limit:
            return 422, {"code": "text_too_long"}
        if place == "posts":
            if wanted.parent not in network.items:
                return 404, {"code": "no_such_post"}
            return 201, network.add("public", network.us, wanted.text, parent=wanted.parent, key=wanted.key)
        if wanted.to is None:
            return 422, {"code": "no_recipient"}
        return 201, network.add("private", network.us, wanted.text, to=self._account(wanted.to), key=wanted.key)

    def _account(self, account_id: str) -> wire.Account:
        return next(
            (i.author for i in self._network.items.values() if i.author.id == account_id), wire.Account(account_id)
        )

    def _delete(self, item_id: str) -> tuple[int, Any]:
        item = self._network.items.get(item_id)
        if item is None or item.author != self._network.us:
            return 404, {"code": "no_such_post"}
        if self._network.keeps_everything:
            return 403, {"code": "cannot_be_deleted"}
        self._network.delete(item_id)
        return 200, {}

    async def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002 - the signature is the contract's
        idle_timeout: float = 60.0,
    ) -> AsyncIterator[bytes]:
        position = int(urlsplit(url).query.removeprefix("after="))
        while True:
            if not self._network.login_valid:
                raise LoginExpired("fake.test: the stream answered 401")
            try:
                await self._network.wait_for_news(position, idle_timeout)
            except TimeoutError:
                raise OutcomeUnknown("fake.test: the stream went silent") from None
            for event in self._network.events_after(position, PAGE):
                position += 1
                yield wire.envelope(event)

    def websocket(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        return self.stream(url, headers=headers, idle_timeout=idle_timeout)
