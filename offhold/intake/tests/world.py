"""A company on the fake network, as intake sees it: a channel with credentials, its lane, its log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

from offhold.channels.credentials import do_store_secrets
from offhold.connectors.contract import WebhookRequest
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.connectors.registry import networks
from offhold.intake.log import Arrival, append
from offhold.kernel import clock
from offhold.kernel.db import raw
from offhold.kernel.db.roles import PIPELINE
from offhold.kernel.db.tx import Row, transaction
from tests.support import builders


class World:
    """One workspace with one channel on a network of its own."""

    def __init__(self, workspace: builders.Workspace, connector: FakeConnector | None = None) -> None:
        self.network = FakeNetwork()
        self.connector = connector or FakeConnector(self.network)
        self.workspace = workspace
        self.channel = builders.channel(workspace, network="fake", account_id=self.network.us.id)
        secrets = {"token": self.network.token, "webhook_secret": self.network.webhook_secret}
        with transaction(workspace.id) as tx:
            do_store_secrets(tx, workspace.id, self.channel.id, secrets)

    @contextmanager
    def installed(self) -> Iterator[World]:
        """Within the block the registry knows this world's network."""
        with networks.lend(self.connector):
            yield self

    @property
    def path(self) -> str:
        """The channel's webhook address."""
        return f"/hooks/{self.channel.hook_token}"

    def signed(self, body: bytes) -> WebhookRequest:
        return self.network.sign(body, self.network.webhook_secret)

    def rows(self, query: LiteralString, *params: Any) -> list[Row]:
        """What the pipeline sees of this workspace, on a connection of its own: also from an event loop."""
        with raw.connect(PIPELINE) as conn, raw.transaction_on(conn, [self.workspace.id]) as tx:
            return tx.rows(query, params)

    def log(self) -> list[bytes]:
        """What is in the log of this channel, in order."""
        found = self.rows("SELECT body FROM arrivals WHERE channel_id = %s ORDER BY id", self.channel.id)
        return [bytes(body) for (body,) in found]

    def queue(self) -> list[int]:
        """The arrivals that still have to be worked."""
        found = self.rows("SELECT arrival_id FROM arrival_queue WHERE channel_id = %s ORDER BY 1", self.channel.id)
        return [arrival for (arrival,) in found]

    def arrive(self, *bodies: bytes, source: str = "webhook") -> int:
        """Append these to the log, as the pipeline. Returns how many were new."""
        arrivals = [
            Arrival(self.workspace.id, self.channel.id, "fake", source, body, clock.now()) for body in bodies
        ]  # fmt: skip
        with raw.connect(PIPELINE) as conn, raw.transaction_on(conn, [self.workspace.id]) as tx:
            return append(tx, arrivals)
