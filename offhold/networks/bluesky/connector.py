"""Bluesky, and any other server of the AT Protocol: the port of the contract, wired to the files beside it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

import msgspec

from offhold.connectors.contract import (
    JSON,
    Batch,
    Channel,
    Connected,
    DirectOut,
    Egress,
    Forged,
    NotSent,
    OutcomeUnknown,
    Posted,
    PublicOut,
    RateLimited,
    ReadBack,
    Receipt,
    Refused,
    Signal,
    Verdict,
    WebhookRequest,
)
from offhold.kernel.clock import now
from offhold.networks.bluesky import chat, chatlog, connecting, inbound, notifications, outbound, threads
from offhold.networks.bluesky.manifest import CHAT_DID, manifest
from offhold.networks.bluesky.memory import HandedOver
from offhold.networks.bluesky.session import Session
from offhold.networks.bluesky.tokens import Keyring

log = logging.getLogger(__name__)


class Place(msgspec.Struct, frozen=True):
    """The cursor: where we are in the notifications and in the log of direct messages. `turn` counts the polls that
    handed something over, so that a cursor says whether their batch was kept."""

    public: notifications.Reached = notifications.Reached()
    direct: chatlog.Reached = chatlog.Reached()
    turn: int = 0


class BlueskyConnector:
    """Keeps, in memory only, the newest tokens, the last look at each thread and what was handed over."""

    manifest = manifest

    def __init__(self) -> None:
        self._keyring = Keyring()
        self._handed_over = HandedOver()
        self._snapshots = threads.Snapshots()
        self._own_roots_read: dict[int, datetime] = {}
        self._convos: dict[int, dict[str, chatlog.ConvoView]] = {}

    def parse(self, channel: Channel, body: bytes) -> list[Signal]:
        return inbound.parse(channel, body)

    def verify(self, channel: Channel, request: WebhookRequest) -> Verdict:  # noqa: ARG002 - the contract's names
        return Forged("Bluesky sends no webhooks")

    def prepare_public(self, channel: Channel, key: str, at: datetime) -> JSON:  # noqa: ARG002 - the contract's names
        return outbound.prepare(key, at)

    def prepare_direct(self, channel: Channel, key: str, at: datetime) -> JSON:  # noqa: ARG002 - the contract's names
        return chat.prepare(at)

    async def connect(self, egress: Egress, typed: Mapping[str, str]) -> Connected:
        return await connecting.connect(egress, typed)

    async def poll(self, egress: Egress, channel: Channel, cursor: JSON) -> Batch:
        began, place = now(), msgspec.convert(cursor or {}, Place, strict=False)
        session = self._session(egress, channel)
        kept = self._handed_over.kept(channel.id, cursor)
        step = await notifications.step(session, place.public, kept, began)
        bodies = await notifications.bodies(session, step.told, began)
        direct = await self._direct_step(session, channel, place.direct, began)
        turn = place.turn + bool(step.told)
        reached: JSON = msgspec.to_builtins(Place(step.reached, direct.reached if direct else place.direct, turn))
        self._handed_over.offer(channel.id, reached, (one.mark() for one in step.told))
        return Batch(
            bodies=tuple(filter(None, (session.renamed(), *bodies, *(direct.bodies if direct else ())))),
            cursor=reached,
            complete_until=step.complete_until if direct else None,
            more=step.reached.walk is not None or (direct is not None and direct.more),
            secrets=session.rotated(),
        )

    async def _direct_step(
        self, session: Session, channel: Channel, reached: chatlog.Reached, at: datetime
    ) -> chatlog.Step | None:
        """None when direct messages could not be read this time: what is public comes in all the same."""
        if channel.config.get("direct") == "no":
            return chatlog.Step((), reached)
        known = self._convos.setdefault(channel.id, {})
        try:
            return await chatlog.step(self._chat(session, channel), reached, known, at)
        except chat.NotAllowed:
            return chatlog.Step((), reached)
        except (OutcomeUnknown, NotSent, RateLimited, Refused) as failed:
            log.warning("channel %s: direct messages could not be read: %s", channel.id, type(failed).__name__)
            return None

    def listen(self, egress: Egress, channel: Channel, cursor: JSON) -> AsyncIterator[Batch]:  # noqa: ARG002
        raise Refused("Bluesky is polled, not streamed", code="not_supported")

    async def reread(self, egress: Egress, channel: Channel, conversations: tuple[str, ...]) -> Batch:
        """Also reads our own posts of the last week, at most once a minute. Direct conversations are passed over: their
        log is not lossy."""
        began, session = now(), self._session(egress, channel)

        async def read(root: str) -> list[bytes]:
            known = self._snapshots.ids(channel.id, root)
            return self._snapshots.bodies(channel.id, root, await threads.read_thread(session, root, known), began)

        own = await threads.own_roots(session, began) if self._own_roots_due(channel, began) else []
        roots = [uri for uri in (*conversations, *own) if uri.startswith("at://")]
        bodies = await threads.read_all(roots, read)
        if own:
            self._own_roots_read[channel.id] = began
        return Batch(bodies=bodies, cursor=None, secrets=session.rotated())

    def _own_roots_due(self, channel: Channel, at: datetime) -> bool:
        last = self._own_roots_read.get(channel.id)
        return last is None or not 0 <= (at - last).total_seconds() < threads.OWN_POSTS_EVERY

    async def still_there(self, egress: Egress, channel: Channel, ids: tuple[str, ...]) -> set[str]:
        """A direct message can only be deleted for oneself, so those are always there."""
        direct = {network_id for network_id in ids if not network_id.startswith("at://")}
        there = await threads.still_there(self._session(egress, channel), set(ids) - direct)
        for uri, root in there.items():
            self._snapshots.know(channel.id, root, uri)  # so that the next look at its thread starts there too
        return direct | there.keys()

    async def deliver_public(self, egress: Egress, channel: Channel, out: PublicOut) -> Receipt:
        return await outbound.deliver(self._session(egress, channel), out)

    async def deliver_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> Receipt:
        if channel.config.get("direct") == "no":
            raise chat.NotAllowed
        return await chat.deliver(self._chat(self._session(egress, channel), channel), out)

    async def read_back_public(self, egress: Egress, channel: Channel, out: PublicOut) -> ReadBack:
        return await outbound.read_back(self._session(egress, channel), out)

    async def read_back_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> ReadBack:
        return await chat.read_back(self._chat(self._session(egress, channel), channel), out, now())

    async def withdraw_public(self, egress: Egress, channel: Channel, network_id: str) -> None:
        await outbound.withdraw(self._session(egress, channel), network_id)

    async def inventory(self, egress: Egress, channel: Channel, since: datetime) -> set[str]:
        """From three sides, as each leaves something out: the notifications, our own threads, the direct messages."""
        session = self._session(egress, channel)
        told = {one.uri for one in await notifications.since(session, since)}
        for root in await threads.own_roots(session, now()):
            thread = await threads.read_thread(session, root, frozenset())
            told |= threads.said_by_others(thread, session.did, since)
        if channel.config.get("direct") == "no":
            return told
        said = await chatlog.said_since(self._chat(session, channel), {}, since)
        return told | {
            s.id for body in said for s in self.parse(channel, body) if isinstance(s, Posted) and s.mentions_us
        }

    def _session(self, egress: Egress, channel: Channel) -> Session:
        return Session(egress, channel, self._keyring)

    def _chat(self, session: Session, channel: Channel) -> chat.Chat:
        return chat.Chat(session, channel.config.get("chat_did") or CHAT_DID)


connector = BlueskyConnector()
