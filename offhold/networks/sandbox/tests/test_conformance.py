"""The suite that every network passes, against the sandbox network itself in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec
import pytest

from offhold.connectors.conformance import ConnectorConformance, Specimen, Trouble, World
from offhold.connectors.contract import Channel, Egress, WebhookRequest
from offhold.connectors.egress import GuardedEgress
from offhold.networks.sandbox.connector import connector
from offhold.networks.sandbox.demo import DemoCompany
from offhold.networks.sandbox.signature import HEADER, sign
from offhold.networks.sandbox.tests.running import Running

FIXTURES = Path(__file__).parent.parent / "fixtures"


class SandboxWorld(World):
    def __init__(self, running: Running, company: DemoCompany, channel: Channel, customer: str, egress: Egress) -> None:
        self.connector, self.channel, self.egress = connector, channel, egress
        self._running, self._company, self._customer = running, company, customer

    async def customer_posts(self, text: str) -> str:
        return self._act(do="post", text=f"@{self._company.handle} {text}")

    async def customer_replies(self, parent_id: str, text: str) -> str:
        return self._act(do="post", text=text, to=parent_id)

    async def customer_dms(self, text: str) -> str:
        return self._act(do="direct", text=text, to=self._company.handle)

    async def edit(self, network_id: str, text: str) -> None:
        self._act(do="edit", id=network_id, text=text)

    async def delete(self, network_id: str) -> None:
        self._act(do="delete", id=network_id)

    async def public_texts(self) -> list[str]:
        return self._standing("public")

    async def private_texts(self) -> list[str]:
        return self._standing("private")

    async def inject(self, trouble: Trouble) -> None:
        control = self._running.control
        match trouble:
            case "refused":
                control.act({"who": self._company.handle, "do": "suspend"})
            case "rate_limited":
                control.fault("limited", "statuses.create", account=self._company.account_id, count=1, seconds=7)
            case "login_expired":
                control.fault("expired_token", "statuses.create", account=self._company.account_id, count=1)
            case "misstated_audience":
                control.fault("wrong_visibility", "statuses.create", account=self._company.account_id, count=1)

    def is_write(self, method: str, url: str) -> bool:
        return method == "POST" and url.endswith(("/api/statuses", "/messages"))

    def typed(self) -> Mapping[str, str]:
        return self._company.typed

    def typed_wrong(self) -> Mapping[str, str]:
        return {**self._company.typed, "token": "sbx_mistyped_by_somebody"}

    def sign(self, channel: Channel, body: bytes) -> WebhookRequest:
        signature = sign(body, channel.secrets["webhook_secret"]).decode()
        headers = (("content-type", "application/json"), (HEADER, signature))
        return WebhookRequest("POST", headers, {}, body)

    def _act(self, **act: str) -> str:
        [done] = self._running.control.act({"who": self._customer, **act})
        assert "error" not in done, done
        return str(done["id"])

    def _standing(self, audience: str) -> list[str]:
        deleted = {r.id for r in self._running.oracle.records("deleted")}
        said = self._running.oracle.published(author=self._company.account_id, audience=audience)
        return [r.text for r in said if r.id not in deleted]


class TestSandbox(ConnectorConformance):
    @pytest.fixture
    def specimen(self) -> Specimen:
        account = msgspec.json.decode((FIXTURES / "page.json").read_bytes())["account"]
        secrets = {"token": "sbx_unknown", "webhook_secret": "a-secret-of-tests"}
        channel = Channel(1, 1, "sandbox", account, "northair", {"base_url": "http://127.0.0.1:1"}, secrets)
        return Specimen(connector, channel, tuple(f.read_bytes() for f in sorted(FIXTURES.glob("*.json"))))

    @pytest.fixture
    async def world(
        self, running: Running, company: DemoCompany, channel: Channel, customer: str
    ) -> AsyncIterator[World]:
        egress = GuardedEgress(allow=[f"127.0.0.1:{running.port}"])
        yield SandboxWorld(running, company, channel, customer, egress)
        await egress.aclose()
