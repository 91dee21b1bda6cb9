"""What customers write in a bench: webhooks as the sandbox network sends and signs them, the same for the same seed."""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

COMPANIES = 20  # each screen sees one of them: 5 % of what arrives
LARGEST = 0  # this one has half of what is stored, and more queues and channels than the others
BODY_BYTES = 1502
REPLIES = 0.6  # share of messages in threads that are there already
OTHERS = 0.15  # share of replies by another customer than the one who began the thread
DIRECT = 0.1
KNOWN = 0.3  # share of new threads by customers of whom something is stored
RECENT = 40  # threads of a company that are still replied to
WORDS = "my suitcase did not arrive in Lisbon and nobody at the desk could tell me where it is now so please help me "


class Account(NamedTuple):
    """A connected channel and how its network signs."""

    id: int
    account: str
    path: str
    secret: str


class Company(NamedTuple):
    """A workspace with its queues and channels."""

    workspace: int
    queues: list[int]
    channels: list[Account]


class Sent(NamedTuple):
    """One webhook. `earlier`: the number of the same customer's message before it, -1 for none: a screen that shows
    this one shows that one's place too. `due`: seconds after the beginning."""

    number: int
    company: int
    channel: int
    network_id: str
    earlier: int
    due: float
    path: str
    body: bytes
    signature: bytes

    def request(self, port: int) -> bytes:
        """It as bytes of HTTP/1.1 on a connection that stays open."""
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(self.body)}\r\nX-Sandbox-Signature: {self.signature.decode()}\r\n\r\n"
        )
        return head.encode() + self.body


class Thread(NamedTuple):
    """A public thread or a direct conversation, and the last word in it."""

    channel: Account
    customer: str
    key: str
    direct: bool
    last: str


class Traffic:
    """A stream of messages over companies. Numbers go on from call to call, so that nothing comes twice."""

    def __init__(self, companies: Sequence[Company], seed: int, *, stored: int = 0, run: str = "r") -> None:
        self._companies = companies
        self._random = random.Random(seed)
        self._stored = stored
        self._run = run
        self._threads: list[list[Thread]] = [[] for _ in companies]
        self._last: dict[tuple[int, str], int] = {}
        self._number = 0

    def take(self, count: int, rate: float, start: datetime) -> list[Sent]:
        """The next `count` messages, said at `rate` per second from the business time `start` on."""
        return [self._one(n / rate, start + timedelta(seconds=n / rate)) for n in range(count)]

    def _one(self, due: float, at: datetime) -> Sent:
        number, company = self._number, self._random.randrange(len(self._companies))
        self._number += 1
        network_id = f"{self._run}-{number}"
        thread, author, parent = self._said(company, number, network_id)
        said = {"id": network_id, "text": f"m{number} {self._words()}", "lang": "en", "version": 1}
        body = _body(thread, author, parent, {**said, "created_at": at.isoformat()}, number)
        earlier = self._last.get((company, author), -1)
        self._last[(company, author)] = number
        channel = thread.channel
        signature = b"sha256=" + hmac.new(channel.secret.encode(), body, hashlib.sha256).hexdigest().encode()
        return Sent(number, company, channel.id, network_id, earlier, due, channel.path, body, signature)

    def _said(self, company: int, number: int, network_id: str) -> tuple[Thread, str, str | None]:
        """Where it is said, by whom, in answer to what."""
        threads, draw = self._threads[company], self._random
        if threads and draw.random() < REPLIES:
            place = draw.randrange(len(threads))
            thread = threads[place]
            threads[place] = thread._replace(last=network_id)
            if not thread.direct and draw.random() < OTHERS:
                return thread, f"{self._run}-c{number}", thread.last
            return thread, thread.customer, None if thread.direct else thread.last
        thread = self._begun(company, number, network_id)
        threads.append(thread)
        if len(threads) > RECENT:
            del threads[0]
        return thread, thread.customer, None

    def _begun(self, company: int, number: int, network_id: str) -> Thread:
        draw = self._random
        channel = draw.choice(self._companies[company].channels)
        customer = f"{self._run}-c{number}"
        if self._stored and draw.random() < KNOWN:
            customer = stored_customer(company, draw.randrange(self._stored), len(self._companies))
        direct = draw.random() < DIRECT
        key = f"{channel.account}-{customer}" if direct else network_id
        return Thread(channel, customer, key, direct, network_id)

    def _words(self) -> str:
        begin = self._random.randrange(len(WORDS))
        return WORDS[begin:] + WORDS[:begin]


def stored_customer(company: int, draw: int, companies: int) -> str:
    """The account of a stored customer of this company; `bench.stored` deals them out in this way."""
    if company == 0 or companies == 1:
        return f"stored-{draw * 2}"
    return f"stored-{((draw // (companies - 1)) * (companies - 1) + company - 1) * 2 + 1}"


def _body(thread: Thread, author: str, parent: str | None, said: dict[str, object], number: int) -> bytes:
    """The delivery about `said`, what a status and a direct message have in common, filled up to its size."""
    by = {"id": author, "handle": author, "name": author.title(), "followers": 214}
    if thread.direct:
        of: dict[str, object] = {
            "visibility": "private",
            "conversation": thread.key,
            "recipient": {"id": thread.channel.account},
        }
        event: dict[str, object] = {
            "type": "direct.created",
            "reason": "direct",
            "direct": {**said, **of, "author": by},
        }
    else:
        of = {"visibility": "public", "thread": thread.key, "in_reply_to": parent}
        event = {
            "type": "status.created",
            "reason": "reply" if parent else "mention",
            "status": {**said, **of, "author": by},
        }
    event |= {"id": str(number), "at": said["created_at"]}
    whole = {"account": thread.channel.account, "cursor": str(number), "events": [event]}
    size = len(msgspec.json.encode(whole | {"context": ""}))
    return msgspec.json.encode(whole | {"context": "x" * max(0, BODY_BYTES - size)})
