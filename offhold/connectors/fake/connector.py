"""How the desk speaks to the fake network. A model of a connector: what a real one must get right is right here."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from offhold.connectors.contract import (
    JSON,
    Abilities,
    Absent,
    Accepted,
    Answer,
    Audience,
    Batch,
    CannotTell,
    Channel,
    Connected,
    Counter,
    DirectOut,
    Egress,
    Field,
    Forged,
    Found,
    LoginExpired,
    Manifest,
    OutcomeUnknown,
    PictureRule,
    PublicOut,
    RateLimited,
    ReadBack,
    Receipt,
    Refused,
    Signal,
    ThreadRule,
    Verdict,
    WebhookRequest,
)
from offhold.connectors.decode import utc
from offhold.connectors.fake import wire
from offhold.connectors.fake.egress import BASE, PAGE
from offhold.connectors.fake.network import FakeNetwork, signature

T = TypeVar("T")

_OVERLAP = 2  # events each poll reads again, as real cursors make us do


class Events(msgspec.Struct):
    events: list[msgspec.Raw]
    now: datetime


class FakeConnector:
    """Implements `contract.Connector`. Other `abilities` let a test see how later stages treat a lesser network."""

    def __init__(self, network: FakeNetwork, *, name: str = "fake", abilities: Abilities | None = None) -> None:
        self.manifest = Manifest(
            name=name,
            label="Fake",
            can=abilities or _all_abilities(network),
            public_text=Counter(network.text_limit),
            private_text=Counter(network.text_limit),
            pictures=PictureRule(most=2, types=("image/png", "image/jpeg"), max_bytes=1_000_000),
            thread=ThreadRule(most=4, numbered=True),
            connect=(Field("token", "Token", secret=True),),
            poll_seconds=1.0,
            read_back_after=0.0,
        )

    # --- pure ------------------------------------------------------------------------------------------------

    def parse(self, channel: Channel, body: bytes) -> list[Signal]:
        return wire.parse(channel, body)

    def verify(self, channel: Channel, request: WebhookRequest) -> Verdict:
        secret = channel.secrets.get("webhook_secret", "")
        if not secret:
            return Forged("this channel has no webhook secret")
        given = request.all("x-fake-signature")
        if len(given) != 1:
            return Forged(f"{len(given)} signatures")
        if not hmac.compare_digest(given[0].encode(), signature(secret, request.body).encode()):
            return Forged("the signature does not match")
        return Accepted()

    def prepare_public(self, channel: Channel, key: str, at: datetime) -> JSON:  # noqa: ARG002 - the contract's
        return {"at": at.isoformat()}

    def prepare_direct(self, channel: Channel, key: str, at: datetime) -> JSON:  # noqa: ARG002 - the contract's
        return {"at": at.isoformat()}

    # --- receiving -------------------------------------------------------------------------------------------

    async def connect(self, egress: Egress, typed: Mapping[str, str]) -> Connected:
        answer = await egress.request("GET", f"{BASE}/me", headers={"authorization": f"Bearer {typed['token']}"})
        if answer.status == 401:
            raise Refused("The network does not know this token.", code="login_refused")
        us = _read(answer, wire.Account)
        return Connected(us.id, us.handle, us.name, {}, {"token": typed["token"]}, us.followers)

    async def poll(self, egress: Egress, channel: Channel, cursor: JSON) -> Batch:
        after = max(0, int(cursor["after"]) - _OVERLAP) if cursor else 0
        page = await self._get(egress, channel, "/events", Events, after=str(after))
        bodies = tuple(msgspec.json.encode({"events": [event]}) for event in page.events)
        return Batch(bodies, {"after": after + len(bodies)}, utc(page.now), more=len(bodies) == PAGE)

    async def listen(self, egress: Egress, channel: Channel, cursor: JSON) -> AsyncIterator[Batch]:
        after = int(cursor["after"]) if cursor else 0
        async for body in egress.stream(f"{BASE}/stream?after={after}", headers=_login(channel)):
            after += 1
            yield Batch((body,), {"after": after})

    async def reread(self, egress: Egress, channel: Channel, conversations: tuple[str, ...]) -> Batch:
        held = [i for i in await self._items(egress, channel) if i.thread in conversations and i.audience == "public"]
        bodies = [wire.envelope(wire.Posted(item)) for item in held]
        for thread in conversations:
            items = [item for item in held if item.thread == thread]
            if items:
                bodies.append(wire.envelope(wire.Held(thread, tuple(i.id for i in items), max(i.at for i in items))))
        return Batch(tuple(bodies), None)

    async def still_there(self, egress: Egress, channel: Channel, ids: tuple[str, ...]) -> set[str]:
        return {item.id for item in await self._items(egress, channel)} & set(ids)

    async def inventory(self, egress: Egress, channel: Channel, since: datetime) -> set[str]:
        items = await self._items(egress, channel)
        return {i.id for i in items if i.addressed and i.author.id != channel.account_id and utc(i.at) >= since}

    # --- sending ---------------------------------------------------------------------------------------------

    async def deliver_public(self, egress: Egress, channel: Channel, out: PublicOut) -> Receipt:
        return await self._publish(
            egress, channel, "/posts", {"text": out.text, "key": out.key, "parent": out.parent_id}
        )

    async def deliver_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> Receipt:
        said = {"text": out.text, "key": out.key, "to": out.recipient_id}
        return await self._publish(egress, channel, "/messages", said)

    async def read_back_public(self, egress: Egress, channel: Channel, out: PublicOut) -> ReadBack:
        return await self._look(egress, channel, "public", out)

    async def read_back_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> ReadBack:
        return await self._look(egress, channel, "private", out)

    async def withdraw_public(self, egress: Egress, channel: Channel, network_id: str) -> None:
        answer = await egress.request("DELETE", f"{BASE}/posts/{network_id}", headers=_login(channel))
        _read(answer, dict[str, Any])

    # --- inside ----------------------------------------------------------------------------------------------

    async def _publish(self, egress: Egress, channel: Channel, path: str, said: dict[str, str]) -> Receipt:
        headers = {**_login(channel), "content-type": "application/json"}
        answer = await egress.request("POST", BASE + path, headers=headers, content=msgspec.json.encode(said))
        return _receipt(_read(answer, wire.Item))

    async def _look(self, egress: Egress, channel: Channel, audience: Audience, out: PublicOut | DirectOut) -> ReadBack:
        tried = out.tried_until or datetime.fromisoformat(out.prepared["at"])
        ours = [i for i in await self._items(egress, channel) if i.author.id == channel.account_id]
        sent = next((item for item in ours if item.key == out.key), None)  # to whomever it is shown
        if sent is not None:
            return Found(_receipt(sent))
        if any(utc(item.at) > tried for item in ours if item.audience == audience):
            return Absent()
        return CannotTell("nothing of ours that is later can be seen yet")

    async def _items(self, egress: Egress, channel: Channel) -> list[wire.Item]:
        return await self._get(egress, channel, "/items", list[wire.Item])

    async def _get(self, egress: Egress, channel: Channel, path: str, shape: type[T], **params: str) -> T:
        return _read(await egress.request("GET", BASE + path, headers=_login(channel), params=params), shape)


def _all_abilities(network: FakeNetwork) -> Abilities:
    return Abilities(
        reply_public=True,
        reply_private=True,
        webhooks=True,
        polls=True,
        streams=True,
        edit_signal=True,
        delete_signal=True,
        dedupes_by_key=network.dedupes,
        dedupes_direct_by_key=network.dedupes,
    )


def _login(channel: Channel) -> dict[str, str]:
    return {"authorization": f"Bearer {channel.secrets['token']}"}


def _receipt(item: wire.Item) -> Receipt:
    return Receipt(item.id, utc(item.at), item.audience, conversation=item.thread, native={"version": item.version})


def _read(answer: Answer, shape: type[T]) -> T:
    """What a status means is decided here alone; a success we cannot read is an unknown outcome, never a failure."""
    if answer.status == 401:
        raise LoginExpired("the network no longer takes our token")
    if answer.status == 429:
        raise RateLimited("the network asks us to slow down", float(answer.headers.get("retry-after", "60")))
    if 400 <= answer.status < 500:
        raise Refused("the network refused this", code=_code(answer.body))
    if answer.status >= 500:
        raise OutcomeUnknown(f"the network answered {answer.status}")
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except (msgspec.MsgspecError, RecursionError):
        raise OutcomeUnknown("the network's answer cannot be read") from None


class _Error(msgspec.Struct):
    code: str = "refused"


def _code(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Error).code
    except msgspec.MsgspecError:
        return "refused"
