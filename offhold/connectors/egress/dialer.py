"""Name to socket: resolve once, check every address, connect to exactly those. The only code here that dials.

Resolving and connecting are one step, so a name that changes its address between check and use (rebinding) gains
nothing: the address that was checked is the address that is dialled, and the name is used for TLS alone.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable

import httpcore

from offhold.connectors import passage
from offhold.connectors.contract import ForbiddenAddress, NotSent
from offhold.connectors.egress.addresses import standing
from offhold.connectors.egress.urls import Place

_RESOLVE_SECONDS = 5.0

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def system_resolve(host: str, port: int) -> list[str]:
    """Addresses of a name as the machine's resolver tells them, without repeats, its order kept."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Dialer:
    def __init__(self, allowed: frozenset[Place], resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve

    async def addresses(self, host: str, port: int) -> list[str]:
        """Checked addresses, at least one. One bad address among them refuses the name: an honest name has none."""
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                found = await self._resolve(host, port)
        except (OSError, UnicodeError):  # TimeoutError is an OSError
            raise NotSent(f"the name {host} could not be resolved") from None
        if not found:
            raise NotSent(f"the name {host} has no address")
        for address in found:
            self._check(host, port, address)
        return found

    def _check(self, host: str, port: int, address: str) -> None:
        where = standing(address)
        if where == "public" or (where == "private" and (host, port) in self._allowed):
            return
        if where == "private":
            raise ForbiddenAddress(f"{host} leads to the private address {address}; a setting may allow {host}:{port}")
        raise ForbiddenAddress(f"{host} leads to the reserved address {address}")

    async def connect_socket(self, host: str, port: int, seconds: float) -> socket.socket:
        """A connected non-blocking TCP socket. Raises `NotSent`."""
        addresses = await self.addresses(host, port)
        for address in addresses:
            try:
                async with asyncio.timeout(seconds / len(addresses)):
                    return await _connected(address, port)
            except OSError:  # TimeoutError is one
                continue
        raise NotSent(f"no connection to {host}:{port}")


async def _connected(address: str, port: int) -> socket.socket:
    passage.check()
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    made.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(made, (address, port))
    except BaseException:
        made.close()
        raise
    return made


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """What httpcore dials with. It is handed the name and dials the checked address; TLS still checks the name."""

    def __init__(self, dialer: Dialer) -> None:
        self._dialer = dialer
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._dialer.addresses(host, port)
        each = None if timeout is None else timeout / len(addresses)
        for address in addresses:
            passage.check()
            try:
                return await self._tcp.connect_tcp(address, port, each, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise NotSent(f"no connection to {host}:{port}")

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - the signatures in this class are httpcore's
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        raise ForbiddenAddress("a socket file is not on the network")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
