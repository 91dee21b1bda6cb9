"""Signed webhooks: one queue for each subscription, in order, tried again until the other side says 2xx.

`x-sandbox-signature: sha256=<hex HMAC-SHA256 of the raw body>`. One body carries one event when the other side keeps
up, and up to 100 when it is behind. A try may take 10 s; then it waits 0.5 s, twice as long each time, at most 60 s.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
import sqlite3
from urllib.parse import urlsplit

import msgspec

from offhold.networks.sandbox.world import gate, shape
from offhold.networks.sandbox.world.events import logged
from offhold.networks.sandbox.world.faults import Fault
from offhold.networks.sandbox.world.http1 import Client, Unreachable
from offhold.networks.sandbox.world.network import Network, Refusal

BATCH = 100
LONGEST_WAIT = 60.0


class Subscription(msgspec.Struct):
    id: str
    account: str
    url: str
    secret: str
    cursor: int

    def __repr__(self) -> str:
        return f"Subscription({self.id}, {self.account})"


class Webhooks:
    def __init__(self, net: Network) -> None:
        self._net = net
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.failures: dict[str, int] = {}

    def resume(self) -> None:
        for row in self._net.store.all("SELECT * FROM subscriptions"):
            self._start(_subscription(row))

    def subscribe(self, account: str, url: str, secret: str, *, replace: bool = False) -> str:
        """Its id. Hears what happens from now on; with `replace` it takes the place of the account's others, and what
        they had not delivered. Raises Refusal for an address that is not on this machine.
        """
        check_url(url)
        if not secret:
            raise Refusal(422, "no_secret", "Deliveries are signed; a secret is needed.")
        sub_id, net = self._net.ids.new("w", self._net.now()), self._net
        cursor = self._take_over(account) if replace else None
        cursor = net.store.number("SELECT max(seq) FROM events") if cursor is None else cursor
        net.store.write("INSERT INTO subscriptions VALUES (?, ?, ?, ?, ?)", sub_id, account, url, secret, cursor)
        self._start(Subscription(sub_id, account, url, secret, cursor))
        return sub_id

    def _take_over(self, account: str) -> int | None:
        old = self._net.store.all("SELECT id, cursor FROM subscriptions WHERE account = ?", account)
        for row in old:
            self.unsubscribe(row["id"])
        return min((row["cursor"] for row in old), default=None)

    def unsubscribe(self, sub_id: str) -> None:
        self._net.store.write("DELETE FROM subscriptions WHERE id = ?", sub_id)
        if task := self._tasks.pop(sub_id, None):
            task.cancel()

    def change_secret(self, sub_id: str, secret: str) -> None:
        self._net.store.write("UPDATE subscriptions SET secret = ? WHERE id = ?", secret, sub_id)
        if task := self._tasks.pop(sub_id, None):
            task.cancel()
        row = self._net.store.one("SELECT * FROM subscriptions WHERE id = ?", sub_id)
        if row is None:
            raise Refusal(404, "not_found", "There is no such subscription.")
        self._start(_subscription(row))

    async def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _start(self, sub: Subscription) -> None:
        self._tasks[sub.id] = asyncio.create_task(self._serve(sub), name=f"webhook {sub.id}")

    async def _serve(self, sub: Subscription) -> None:
        client = Client(sub.url)
        try:
            while True:
                news = asyncio.ensure_future(self._net.news())
                rows = logged(self._net, sub.account, sub.cursor, BATCH)
                if not rows:
                    await self._net.settle()  # what was delivered goes to the log with others, or here
                    await news
                    continue
                news.cancel()
                await self._deliver(sub, client, rows)
                sub.cursor = rows[-1]["seq"]
                self._net.store.write("UPDATE subscriptions SET cursor = ? WHERE id = ?", sub.cursor, sub.id)
        finally:
            client.close()

    async def _deliver(self, sub: Subscription, client: Client, rows: list[sqlite3.Row]) -> None:
        fault = self._fault(sub, "delay_webhook")
        if fault:
            await asyncio.sleep(fault.ask.seconds)
        if self._fault(sub, "drop_webhook"):
            return
        if fault := self._fault(sub, "reorder_webhook"):
            shuffled = random.Random(f"{fault.ask.seed} {fault.met}").sample(rows, len(rows))  # noqa: S311 - repeatable
            for row in shuffled:
                await self._until_taken(sub, client, [row])
        else:
            await self._until_taken(sub, client, rows)
        if self._fault(sub, "duplicate_webhook"):
            await self._until_taken(sub, client, rows)

    async def _until_taken(self, sub: Subscription, client: Client, rows: list[sqlite3.Row]) -> None:
        body, wait, tries = self._body(sub, rows), 0.5, 0
        forged = self._fault(sub, "bad_signature")
        while True:
            tries += 1
            status = await self._try(sub, client, body, forged)
            told = {"subscription": sub.id, "account": sub.account, "events": [r["seq"] for r in rows]}
            if 200 <= status < 300 or forged:
                self.failures.pop(sub.id, None)
                self._net.record("delivered", how="webhook", status=status, tries=tries, **told)
                return
            self.failures[sub.id] = tries
            self._net.record("delivery_failed", how="webhook", status=status, tries=tries, **told)
            await asyncio.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 2)

    async def _try(self, sub: Subscription, client: Client, body: bytes, forged: Fault | None) -> int:
        """The status; 0 when no answer came."""
        try:
            return await client.post(body, {"x-sandbox-signature": sign(body, "forged" if forged else sub.secret)})
        except Unreachable:
            return 0

    def _body(self, sub: Subscription, rows: list[sqlite3.Row]) -> bytes:
        events = [shape.numbered(r["seq"], r["payload"]) for r in rows]
        if self._net.faults.pick(("drift_fields",), "webhook", sub.account):
            events = [msgspec.json.encode(gate.drift(msgspec.json.decode(e))) for e in events]
        if self._fault(sub, "drift_event"):
            events.insert(
                0, b'{"id":"0","type":"status.resonated","at":"2026-01-01T00:00:00.000Z","resonance":{"depth":3}}'
            )
        return shape.envelope(sub.account, events, rows[-1]["seq"], None, subscription=sub.id)

    def _fault(self, sub: Subscription, name: str) -> Fault | None:
        return self._net.faults.pick((name,), "webhook", sub.account)


def sign(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Refusal(422, "bad_url", "The sandbox delivers to http addresses on this machine only.")


def _subscription(row: sqlite3.Row) -> Subscription:
    return Subscription(row["id"], row["account"], row["url"], row["secret"], row["cursor"])
