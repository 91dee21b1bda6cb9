"""The sandbox network, spoken to. `connector` is what the registry finds."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from offhold.connectors.contract import (
    JSON,
    Answer,
    Batch,
    Channel,
    Connected,
    DeliveryError,
    DirectOut,
    Egress,
    NotSent,
    OutcomeUnknown,
    PublicOut,
    ReadBack,
    Receipt,
    Refused,
    Signal,
    Verdict,
    WebhookRequest,
)
from offhold.networks.sandbox import inbound, outbound, signature
from offhold.networks.sandbox.manifest import MANIFEST

T = TypeVar("T")
PAGE = 200
AT_ONCE = 50
TIMEOUT = 10.0


class Me(msgspec.Struct, frozen=True):
    id: str
    handle: str
    name: str = ""
    followers: int | None = None


class Uploaded(msgspec.Struct, frozen=True):
    id: str


class There(msgspec.Struct, frozen=True):
    ids: tuple[str, ...]


class Ids(msgspec.Struct, frozen=True):
    ids: tuple[str, ...]
    cursor: str
    more: bool


class SandboxConnector:
    manifest = MANIFEST

    def parse(self, channel: Channel, body: bytes) -> list[Signal]:
        return inbound.parse(channel, body)

    def verify(self, channel: Channel, request: WebhookRequest) -> Verdict:
        return signature.verify(channel.secrets, request)

    def prepare_public(self, channel: Channel, key: str, at: datetime) -> JSON:  # noqa: ARG002 - the contract's
        """When the intent was written: a read-back looks from there on."""
        return {"at": at.astimezone(UTC).isoformat()}

    def prepare_direct(self, channel: Channel, key: str, at: datetime) -> JSON:
        return self.prepare_public(channel, key, at)

    async def connect(self, egress: Egress, typed: Mapping[str, str]) -> Connected:
        base, token = typed.get("base_url", "").strip().rstrip("/"), typed.get("token", "").strip()
        if urlsplit(base).scheme not in ("http", "https") or not token:
            raise Refused("Please give the address (http://...) and the access token.", "incomplete")
        answer = await egress.request("GET", f"{base}/api/me", headers=_bearer(token), timeout=TIMEOUT)
        me = _introduced(answer, base)
        secret = typed.get("webhook_secret", "").strip() or secrets.token_urlsafe(32)
        return Connected(
            account_id=me.id,
            handle=me.handle,
            name=me.name,
            config={"base_url": base},
            secrets={"token": token, "webhook_secret": secret},
            followers=me.followers,
        )

    async def poll(self, egress: Egress, channel: Channel, cursor: JSON) -> Batch:
        """One page of the account's event log: what addresses us, what we said ourselves, edits, deletions, counts."""
        answer = await _get(egress, channel, "/api/events", {"after": _after(cursor), "limit": str(PAGE)})
        return _batch(answer.body, _read(answer, inbound.Body))

    async def listen(self, egress: Egress, channel: Channel, cursor: JSON) -> AsyncIterator[Batch]:
        """The same log as a stream. A quiet stretch brings empty batches that move `complete_until`."""
        url = f"{channel.config['base_url']}/api/stream?after={_after(cursor)}"
        async for line in egress.stream(url, headers=_auth(channel)):
            data = line.removeprefix(b"data:").strip()
            if data.startswith(b"{"):
                yield _batch(data, _decode(data, inbound.Body))

    async def reread(self, egress: Egress, channel: Channel, conversations: tuple[str, ...]) -> Batch:
        bodies: list[bytes] = []
        for thread in conversations:
            params = {"cursor": "0"}
            while True:
                answer = await _get(egress, channel, f"/api/statuses/{quote(thread, safe='')}/thread", params)
                if answer.status == 404:
                    break  # its first post is gone; its deletion was an event of its own
                page = _read(answer, inbound.Body)
                bodies.append(answer.body)
                if not page.more or page.cursor is None:
                    break
                params = {"cursor": page.cursor}
        return Batch(bodies=tuple(bodies), cursor=None)

    async def still_there(self, egress: Egress, channel: Channel, ids: tuple[str, ...]) -> set[str]:
        there: set[str] = set()
        for start in range(0, len(ids), AT_ONCE):
            params = {"ids": ",".join(ids[start : start + AT_ONCE])}
            there.update(_read(await _get(egress, channel, "/api/items", params), There).ids)
        return there & set(ids)

    async def deliver_public(self, egress: Egress, channel: Channel, out: PublicOut) -> Receipt:
        media = [await self._upload(egress, channel, p.content, p.content_type, p.alt) for p in out.pictures]
        return outbound.receipt(
            await _post(
                egress, channel, "/api/statuses", outbound.status_body(out, media), {"idempotency-key": out.key}
            )
        )

    async def deliver_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> Receipt:
        path = f"/api/direct/{quote(out.recipient_id, safe='')}/messages"
        body = outbound.direct_body(out)
        return outbound.receipt(await _post(egress, channel, path, body, {"idempotency-key": out.key}))

    async def read_back_public(self, egress: Egress, channel: Channel, out: PublicOut) -> ReadBack:
        return await self._look(egress, channel, "/api/me/statuses", out.key, out.prepared)

    async def read_back_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> ReadBack:
        path = f"/api/direct/{quote(out.recipient_id, safe='')}/messages"
        return await self._look(egress, channel, path, out.key, out.prepared)

    async def withdraw_public(self, egress: Egress, channel: Channel, network_id: str) -> None:
        url = f"{channel.config['base_url']}/api/statuses/{quote(network_id, safe='')}"
        answer = await egress.request("DELETE", url, headers=_auth(channel), timeout=TIMEOUT)
        if answer.status not in (200, 204, 404, 410):
            raise outbound.refusal(answer)

    async def inventory(self, egress: Egress, channel: Channel, since: datetime) -> set[str]:
        held: set[str] = set()
        params = {"since": since.astimezone(UTC).isoformat()}
        while True:
            page = _read(await _get(egress, channel, "/api/me/inbox", params), Ids)
            held.update(page.ids)
            if not page.more:
                return held
            params["cursor"] = page.cursor

    async def _look(self, egress: Egress, channel: Channel, path: str, key: str, prepared: JSON) -> ReadBack:
        """All own items since the intent, page by page, for the one that carries our key."""
        at = datetime.fromisoformat(prepared["at"])
        params = {"since": (at - outbound.SKEW).isoformat()}
        while True:
            page = outbound.page(await _get(egress, channel, path, params))
            if (hit := outbound.found(key, (*page.statuses, *page.messages))) is not None:
                return hit
            if not page.more:
                return outbound.not_there(page, at)
            params["cursor"] = page.cursor

    async def _upload(self, egress: Egress, channel: Channel, content: bytes, kind: str, alt: str) -> str:
        """A picture alone says nothing to anybody, so whatever goes wrong here, nothing was sent."""
        headers = {"content-type": kind, "x-alt": quote(alt)}
        try:
            answer = await _post(egress, channel, "/api/media", content, headers)
        except OutcomeUnknown as error:
            raise NotSent(f"the picture could not be uploaded: {error}") from error
        if answer.status != 201:
            problem = outbound.refusal(answer)
            raise NotSent("the picture could not be uploaded") if isinstance(problem, OutcomeUnknown) else problem
        try:
            return msgspec.json.decode(answer.body, type=Uploaded).id
        except msgspec.DecodeError as error:
            raise NotSent("the picture could not be uploaded: an answer that cannot be read") from error


async def _get(egress: Egress, channel: Channel, path: str, params: Mapping[str, str]) -> Answer:
    url = channel.config["base_url"] + path
    return await egress.request("GET", url, headers=_auth(channel), params=params, timeout=TIMEOUT)


async def _post(egress: Egress, channel: Channel, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    named = {"content-type": "application/json", **headers, **_auth(channel)}
    return await egress.request("POST", channel.config["base_url"] + path, headers=named, content=body, timeout=TIMEOUT)


def _introduced(answer: Answer, base: str) -> Me:
    """Who the token speaks for. Raises Refused with words an admin can act on, or RateLimited."""
    if answer.status == 401:
        raise Refused("The network does not know this token, or it has expired.", "bad_token")
    if answer.status == 429:
        raise outbound.refusal(answer)
    try:
        return _read(answer, Me)
    except DeliveryError:
        raise Refused(f"What answers at {base} is not a sandbox network.", "not_this_network") from None


def _read(answer: Answer, expected: type[T]) -> T:
    """Raises a DeliveryError where the answer is no success or cannot be read."""
    if answer.status != 200:
        raise outbound.refusal(answer)
    return _decode(answer.body, expected)


def _decode(body: bytes, expected: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=expected)
    except (msgspec.DecodeError, RecursionError) as error:
        raise OutcomeUnknown("an answer that cannot be read") from error


def _batch(body: bytes, told: inbound.Body) -> Batch:
    """A page without events is no arrival: only its cursor and its watermark are kept."""
    bodies = (body,) if told.events else ()
    return Batch(
        bodies, {"after": told.cursor or "0"}, complete_until=None if told.more else told.as_of, more=told.more
    )


def _after(cursor: JSON) -> str:
    return str(cursor["after"]) if cursor else "0"


def _auth(channel: Channel) -> dict[str, str]:
    return _bearer(channel.secrets["token"])


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


connector = SandboxConnector()
