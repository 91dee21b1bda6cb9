"""Calls in the name of one account: the stored session is used until the server says it expired, then renewed once.

Logging in is limited (30 in 5 minutes for an account), so it happens when an account is connected, and again only when
the refresh token is dead. No clock decides: the server's own "expired" does, and a call it refuses so made nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from offhold.connectors.contract import Answer, Channel, Egress, LoginExpired, NotSent, OutcomeUnknown
from offhold.kernel.clock import now
from offhold.networks.bluesky.tokens import Keyring, Tokens, stored
from offhold.networks.bluesky.xrpc import Declined, Params, address, problem, read

T = TypeVar("T")

_DEAD = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})


class Opened(msgspec.Struct, rename="camel"):
    """What createSession and refreshSession answer. `didDoc` names the account's own server (the PDS)."""

    access_jwt: str
    refresh_jwt: str
    did: str
    handle: str = ""
    did_doc: Any = None
    active: bool = True
    status: str = ""


async def open_session(egress: Egress, service: str, identifier: str, password: str) -> Opened:
    """Log in. Raises `Declined`, `RateLimited`, `NotSent`; a lost answer is `NotSent`: a session more does no harm."""
    body = msgspec.json.encode({"identifier": identifier, "password": password})
    try:
        answer = await egress.request(
            "POST",
            address(service, "com.atproto.server.createSession"),
            headers={"content-type": "application/json"},
            content=body,
        )
        return read(answer, Opened)
    except OutcomeUnknown as lost:
        raise NotSent(f"no session could be opened: {lost}") from None


class Session:
    """One channel's way to its own server, and through it to all else. Raises as `xrpc.read`, and `LoginExpired`."""

    def __init__(self, egress: Egress, channel: Channel, keyring: Keyring) -> None:
        self._egress = egress
        self._login = keyring.login(channel)
        self._stored = stored(channel.secrets)
        self._service = channel.config.get("service", "")
        self.pds = channel.config.get("pds", self._service)
        self.did = channel.account_id
        self.handle = channel.handle

    def rotated(self) -> Mapping[str, str] | None:
        """Tokens to store, when they are no longer those the channel came with."""
        tokens = self._login.tokens
        return None if tokens == self._stored else tokens.secrets()

    def renamed(self) -> bytes | None:
        """A body telling that the account has another handle than the channel knows: the same bytes until it learns."""
        login = self._login
        if not login.handle or login.handle == self.handle:
            return None
        return msgspec.json.encode({"type": "renamed", "handle": login.handle, "at": login.renewed_at})

    async def get(
        self, nsid: str, want: type[T], params: Params = (), *, proxy: str = "", max_bytes: int = 10_000_000
    ) -> T:
        return read(await self.ask("GET", nsid, params=params, proxy=proxy, max_bytes=max_bytes), want)

    async def post(self, nsid: str, want: type[T], body: object, *, proxy: str = "") -> T:
        return read(await self.ask("POST", nsid, content=msgspec.json.encode(body), proxy=proxy), want)

    async def upload(self, nsid: str, want: type[T], content: bytes, content_type: str) -> T:
        return read(await self.ask("POST", nsid, content=content, content_type=content_type, seconds=30.0), want)

    async def ask(
        self,
        method: str,
        nsid: str,
        *,
        params: Params = (),
        content: bytes | None = None,
        content_type: str = "application/json",
        proxy: str = "",
        max_bytes: int = 10_000_000,
        seconds: float = 20.0,
    ) -> Answer:
        """One call, made a second time only if the first was refused because the token had expired.

        `proxy`: the service the PDS shall pass the call to, e.g. `did:web:api.bsky.chat#bsky_chat`.
        """
        headers = {"content-type": content_type} if content is not None else {}
        if proxy:
            headers["atproto-proxy"] = proxy
        url = address(self.pds, nsid, params)
        for attempt in range(2):
            tokens = self._login.tokens
            answer = await self._egress.request(
                method,
                url,
                headers={**headers, "authorization": f"Bearer {tokens.access}"},
                content=content,
                timeout=seconds,
                max_bytes=max_bytes,
            )
            if attempt or not _expired(answer, proxied=bool(proxy)):
                break
            await self._renew(tokens)
        return answer

    async def _renew(self, stale: Tokens) -> None:
        async with self._login.lock():
            if self._login.tokens != stale:
                return  # another task of this process was first
            opened = await self._refreshed(stale) or await self._logged_in(stale)
            if not opened.active:
                raise LoginExpired(f"The account is {opened.status or 'not active'}")
            self._login.tokens = Tokens(opened.access_jwt, opened.refresh_jwt, stale.password)
            self._login.handle, self._login.renewed_at = opened.handle, now()

    async def _refreshed(self, stale: Tokens) -> Opened | None:
        try:
            answer = await self._egress.request(
                "POST",
                address(self.pds, "com.atproto.server.refreshSession"),
                headers={"authorization": f"Bearer {stale.refresh}"},
            )
            return read(answer, Opened)
        except OutcomeUnknown as lost:
            raise NotSent(f"the session could not be renewed: {lost}") from None
        except Declined as no:
            if no.error in _DEAD:
                return None
            raise LoginExpired(str(no)) from None

    async def _logged_in(self, stale: Tokens) -> Opened:
        if self._login.refused():
            raise LoginExpired(_revoked(self.handle))
        try:
            return await open_session(self._egress, self._service, self.did, stale.password)
        except Declined as no:
            self._login.refuse()
            raise LoginExpired(_revoked(self.handle) if no.error in _DEAD else str(no)) from None


def _revoked(handle: str) -> str:
    return f"The app password of @{handle} no longer works (it was removed, or the account's password was changed)"


def _expired(answer: Answer, *, proxied: bool) -> bool:
    """A proxied service answers `InvalidToken` also when the session is fine but may not use that service."""
    if answer.status not in (400, 401):
        return False
    error = problem(answer).error
    return error == "ExpiredToken" or (error in _DEAD and not proxied)
