"""Somebody else's system: accounts, posts, direct messages, events, and the truth about what was published."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from offhold.connectors.contract import Audience, Channel, WebhookRequest
from offhold.connectors.fake import wire
from offhold.connectors.fake.egress import FakeEgress
from offhold.kernel import clock

Failure = Literal[
    "unreachable",  # the connection is never made
    "refuse",  # a definite no, nothing happens
    "rate_limit",  # 429, nothing happens
    "fail_before",  # 500, nothing happened (which the answer does not tell)
    "fail_after",  # 500, and it did happen
    "lose_answer",  # it happens, the connection breaks before the answer
    "garble",  # it happens, the answer is not what was promised
    "misstate_audience",  # it happens, and the answer states the other audience
]
"""What befalls the next write. Reads are never touched: make the network late with `hide_new` instead."""


class Publication(msgspec.Struct, frozen=True):
    """One thing our account said, kept although it may be deleted since."""

    id: str
    audience: Audience
    text: str
    key: str | None
    at: datetime


class FakeNetwork:
    """`dedupes`: a write with a key already used returns what the first one made."""

    def __init__(self, *, dedupes: bool = True, now: Callable[[], datetime] = clock.now) -> None:
        self.us = wire.Account("acct-us", "@offhold_air", "Offhold Air", 1200)
        self.token = "fake-token-7f3a9c"  # noqa: S105 - nobody's, anywhere
        self.webhook_secret = "fake-hook-51d2e8"  # noqa: S105
        self.text_limit = 300
        self.dedupes = dedupes
        self.items: dict[str, wire.Item] = {}
        self.events: list[wire.Event] = []
        self.publications: list[Publication] = []
        self.failures: deque[Failure] = deque()
        self.login_valid = True
        self.keeps_everything = False  # nothing can be deleted here
        self.egress = FakeEgress(self)
        self._now = now
        self._last_at: datetime | None = None
        self._serial = 0
        self._hidden: set[str] = set()
        self._late = False
        self._news = asyncio.Event()

    def channel(self, channel_id: int, workspace_id: int, network: str = "fake") -> Channel:
        """Our account here, as the desk holds it once connected."""
        return Channel(
            id=channel_id,
            workspace_id=workspace_id,
            network=network,
            account_id=self.us.id,
            handle=self.us.handle,
            config={},
            secrets={"token": self.token, "webhook_secret": self.webhook_secret},
        )

    # --- what customers do -----------------------------------------------------------------------------------

    def customer(self, name: str = "dora", followers: int | None = 42) -> wire.Account:
        return wire.Account(f"acct-{name}", f"@{name}", name.capitalize(), followers)

    def post(self, text: str, *, by: str = "dora", parent: str | None = None, addressed: bool = True) -> str:
        """A public post, or a reply when `parent` is given. Returns its id."""
        return self.add("public", self.customer(by), text, parent=parent, addressed=addressed).id

    def message(self, text: str, *, by: str = "dora") -> str:
        """A direct message to us. Returns its id."""
        return self.add("private", self.customer(by), text, to=self.us).id

    def edit(self, item_id: str, text: str) -> None:
        old = self.items[item_id]
        self.items[item_id] = msgspec.structs.replace(old, text=text, version=old.version + 1, edited_at=self.tick())
        self._tell(wire.Edited(self.items[item_id]))

    def delete(self, item_id: str) -> None:
        del self.items[item_id]
        self._tell(wire.Deleted(item_id, self.tick()))

    def count(self, item_id: str, *, likes: int | None = None, reposts: int | None = None) -> None:
        self._tell(wire.Counted(item_id, self.tick(), likes, reposts))

    # --- how it fails ----------------------------------------------------------------------------------------

    def fail(self, *failures: Failure) -> None:
        """The next writes fail like this, in this order."""
        self.failures.extend(failures)

    def expire_login(self) -> None:
        self.login_valid = False

    def restore_login(self) -> None:
        self.login_valid = True

    def hide_new(self) -> None:
        """From now on what is published exists but shows nowhere, until `reveal`."""
        self._late = True

    def hide(self, item_id: str) -> None:
        """Show this one thing to nobody, as a network does that lost sight of it."""
        self._hidden.add(item_id)

    def expose(self, item_id: str) -> None:
        """Show to everyone what was said to one person: the worst a network can do."""
        self.items[item_id] = msgspec.structs.replace(self.items[item_id], audience="public")

    def reveal(self) -> None:
        self._late = False
        self._hidden.clear()
        self._news.set()

    # --- the truth -------------------------------------------------------------------------------------------

    def published(self, audience: Audience) -> list[str]:
        """Every text our account ever said to this audience, in order; a text said twice is there twice."""
        return [said.text for said in self.publications if said.audience == audience]

    def shown(self, audience: Audience) -> list[str]:
        """The texts of ours that can be seen there now."""
        return [item.text for item in self.items.values() if item.author == self.us and item.audience == audience]

    # --- webhooks --------------------------------------------------------------------------------------------

    def deliveries(self, after: int = 0) -> list[WebhookRequest]:
        """One signed webhook for each event since."""
        return [self.sign(wire.envelope(event), self.webhook_secret) for event in self.events[after:]]

    @staticmethod
    def sign(body: bytes, secret: str) -> WebhookRequest:
        return WebhookRequest("POST", (("x-fake-signature", signature(secret, body)),), {}, body)

    # --- inside ----------------------------------------------------------------------------------------------

    def add(
        self,
        audience: Audience,
        author: wire.Account,
        text: str,
        *,
        parent: str | None = None,
        to: wire.Account | None = None,
        addressed: bool = True,
        key: str | None = None,
    ) -> wire.Item:
        item_id = self._next_id()
        item = wire.Item(
            id=item_id,
            audience=audience,
            author=author,
            text=text,
            at=self.tick(),
            thread=self._thread(item_id, author, parent, to),
            parent=parent,
            to=to,
            addressed=addressed,
            key=key,
        )
        self.items[item_id] = item
        if author == self.us:
            self.publications.append(Publication(item_id, audience, text, key, item.at))
            if self._late:
                self._hidden.add(item_id)
        self._tell(wire.Posted(item))
        return item

    def _thread(self, item_id: str, author: wire.Account, parent: str | None, to: wire.Account | None) -> str:
        if to is not None:
            return "dm:" + ":".join(sorted((author.id, to.id)))
        return self.items[parent].thread if parent else item_id

    def visible(self) -> Iterator[wire.Item]:
        return (item for item in self.items.values() if item.id not in self._hidden)

    def events_after(self, position: int, limit: int) -> list[wire.Event]:
        """Events in order; those of hidden items hold back all that follow, as a late index does."""
        found: list[wire.Event] = []
        for event in self.events[position : position + limit]:
            if isinstance(event, wire.Posted) and event.item.id in self._hidden:
                break
            found.append(event)
        return found

    async def wait_for_news(self, position: int, seconds: float) -> None:
        """Until there is an event at `position`. Raises `TimeoutError`."""
        async with asyncio.timeout(seconds):
            while not self.events_after(position, 1):
                self._news.clear()
                await self._news.wait()

    def tick(self) -> datetime:
        """Now, but never the same moment twice."""
        now = self._now()
        if self._last_at is not None and now <= self._last_at:
            now = self._last_at + timedelta(microseconds=1)
        self._last_at = now
        return now

    def _next_id(self) -> str:
        self._serial += 1
        return f"item-{self._serial:06}"

    def _tell(self, event: wire.Event) -> None:
        self.events.append(event)
        self._news.set()


def signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
