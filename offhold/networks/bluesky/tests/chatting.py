"""A desk whose Bluesky account talks to our own chat service, without the servers in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import (
    Batch,
    DirectOut,
    Posted,
    Refused,
    Signal,
)
from offhold.kernel import clock
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.chat_stub import ChatService, No
from offhold.networks.bluesky.tests.scripted import US, Call, Script, channel, no, ok


@dataclass(frozen=True)
class Person:
    did: str
    handle: str


ACME = Person(US, "acme.example")
ANN = Person("did:plc:ann", "ann.example")
BOB = Person("did:plc:bob", "bob.example")

_METHODS = (
    *("getLog", "listConvos", "getConvo", "getMessages", "sendMessage"),
    *("getConvoAvailability", "getConvoForMembers", "acceptConvo"),
)


class Desk:
    def __init__(self) -> None:
        self.chats = ChatService()
        self.chats.handles = {one.did: one.handle for one in (ACME, ANN, BOB)}
        self.script = Script().says("app.bsky.notification.listNotifications", {"notifications": []})
        for method in _METHODS:
            self.script.on(f"chat.bsky.convo.{method}", self._asked)
        self.connector = BlueskyConnector()
        self.channel = channel()
        self.cursor: Any = None

    def _asked(self, call: Call) -> object:
        assert call.headers["atproto-proxy"] == "did:web:chat.example#bsky_chat"
        try:
            answer = self.chats.answer(US, call.nsid.rpartition(".")[2], dict(call.params), call.body or {})
        except No as refusal:
            return no(refusal.error, refusal.error, status=refusal.status)
        return ok(answer, date=self.chats.clock().strftime("%a, %d %b %Y %H:%M:%S GMT"))

    async def poll(self) -> Batch:
        batch = await self.connector.poll(self.script, self.channel, self.cursor)
        self.cursor = msgspec.json.decode(msgspec.json.encode(batch.cursor))
        return batch

    async def heard(self) -> list[Signal]:
        return [signal for body in (await self.poll()).bodies for signal in self.connector.parse(self.channel, body)]

    async def texts(self) -> list[str]:
        return [signal.text for signal in await self.heard() if isinstance(signal, Posted)]

    def message(self, text: str = "We found it", convo: str | None = None, at: datetime | None = None) -> DirectOut:
        prepared = self.connector.prepare_direct(self.channel, "key", at or clock.now())
        return DirectOut(key="key", text=text, recipient_id=ANN.did, conversation=convo, prepared=prepared)

    async def send(self, out: DirectOut) -> Any:
        return await self.connector.deliver_direct(self.script, self.channel, out)

    async def look_back(self, out: DirectOut) -> Any:
        return await self.connector.read_back_direct(self.script, self.channel, out)

    async def refused(self, out: DirectOut) -> Refused:
        with pytest.raises(Refused) as error:
            await self.send(out)
        assert not self.script.asked("chat.bsky.convo.sendMessage")
        return error.value

    def convo(self, text: str = "Hello?") -> str:
        """Ann writes; returns the conversation."""
        return self.chats.write(ANN, ACME, text).partition("/")[0]
