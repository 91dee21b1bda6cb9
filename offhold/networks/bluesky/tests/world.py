"""The real network as the conformance suite sees it: one brand of ours, one customer with a client of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

import msgspec

from offhold.connectors.conformance import Trouble, World
from offhold.connectors.contract import Answer, Channel, Connected, Egress
from offhold.connectors.egress import GuardedEgress
from offhold.connectors.faults import FaultyEgress
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.chat_stub import ChatService
from offhold.networks.bluesky.tests.people import Account, Said
from offhold.networks.bluesky.tests.real_network import RealNetwork

_PUBLISHES = ("com.atproto.repo.createRecord", "chat.bsky.convo.sendMessage")

_ANSWERS: Mapping[Trouble, Answer] = {
    "refused": Answer(400, {}, b'{"error":"InvalidRequest","message":"Invalid app.bsky.feed.post record"}', ""),
    "rate_limited": Answer(429, {"retry-after": "7"}, b'{"error":"RateLimitExceeded","message":"Rate limit"}', ""),
}


def publishes(method: str, url: str) -> bool:
    return method == "POST" and urlsplit(url).path.endswith(_PUBLISHES)


def channel_of(connected: Connected, channel_id: int = 1) -> Channel:
    """The channel as the desk stores it."""
    return Channel(
        id=channel_id,
        workspace_id=1,
        network="bluesky",
        account_id=connected.account_id,
        handle=connected.handle,
        config=connected.config,
        secrets=connected.secrets,
    )


def typed_for(
    network: RealNetwork, brand: Account, chats: ChatService | None, *, direct: bool = True
) -> dict[str, str]:
    """What an admin types, with a new app password."""
    chat_did = {"chat_did": chats.did} if chats else {}
    password = brand.app_password(direct=direct)
    return {"identifier": brand.handle, "app_password": password, "service": network.pds, **chat_did}


class CountingEgress:
    """Implements `contract.Egress` over another one, and counts calls by the last part of their method's name."""

    def __init__(self, inner: Egress) -> None:
        self._inner = inner
        self.calls: Counter[str] = Counter()

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
        self.calls[urlsplit(url).path.rpartition(".")[2]] += 1
        return await self._inner.request(
            method,
            url,
            headers=headers,
            content=content,
            params=params,
            timeout=timeout,
            max_bytes=max_bytes,
            redirects=redirects,
        )

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        return self._inner.stream(url, headers=headers, idle_timeout=idle_timeout)

    def websocket(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        return self._inner.websocket(url, headers=headers, idle_timeout=idle_timeout)


class RealWorld(World):
    """`open` it: connecting is the connector's own."""

    pause = 0.1
    patience = 20.0

    def __init__(self, network: RealNetwork, chats: ChatService, brand: Account, customer: Account) -> None:
        self.network = network
        self.chats = chats
        self.brand = brand
        self.customer = customer
        self.connector = BlueskyConnector()
        self.faults = FaultyEgress(GuardedEgress(network.allow), publishes)
        self.egress: Egress = self.faults
        self._said: dict[str, Said] = {}
        self._typed = typed_for(network, brand, chats)

    async def open(self) -> RealWorld:
        self.channel = channel_of(await self.connector.connect(self.egress, self._typed))
        return self

    async def customer_posts(self, text: str) -> str:
        said = self.customer.say(f"@{self.brand.handle} {text}", mentioning=[self.brand])
        return self._remember(said)

    async def customer_replies(self, parent_id: str, text: str) -> str:
        said = self._said.get(parent_id) or self.customer.find(parent_id)
        return self._remember(self.customer.say(text, answering=said))

    async def public_texts(self) -> list[str]:
        """Asked of our server, which knows at once; not of the AppView, which may lag."""
        return self.customer.texts_of(self.brand.did)

    async def customer_dms(self, text: str) -> str:
        return self.chats.write(self.customer, self.brand, text)

    async def private_texts(self) -> list[str]:
        return self.chats.texts(self.customer, self.brand)

    async def edit(self, network_id: str, text: str) -> None:
        mention = f"@{self.brand.handle} {text}"
        self._remember(self.customer.edit(self._said[network_id], mention, mentioning=[self.brand]))

    async def delete(self, network_id: str) -> None:
        self.customer.delete(self._said[network_id])

    async def inject(self, trouble: Trouble) -> None:
        if trouble == "misstated_audience":
            await super().inject(trouble)
        elif trouble == "login_expired":
            self._end_the_session()
        else:
            self.faults.spoil(_ANSWERS[trouble])

    def _end_the_session(self) -> None:
        """The app password is revoked, so its refresh token too; and the access token is not taken any more."""
        self.brand.revoke_app_password()
        self.channel = msgspec.structs.replace(
            self.channel, secrets={**self.channel.secrets, "access_jwt": "an-access-token-that-is-dead"}
        )
        self.connector = BlueskyConnector()

    def is_write(self, method: str, url: str) -> bool:
        return publishes(method, url)

    def typed(self) -> Mapping[str, str]:
        return self._typed

    def typed_wrong(self) -> Mapping[str, str]:
        return {**self._typed, "app_password": "aaaa-bbbb-cccc-dddd"}

    def _remember(self, said: Said) -> str:
        self._said[said.uri] = said
        return said.uri
