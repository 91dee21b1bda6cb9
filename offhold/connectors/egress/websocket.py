"""A WebSocket over a socket the guarded dialer connected: `websockets` itself neither dials nor redirects."""

from __future__ import annotations

import logging
import ssl
from collections.abc import AsyncIterator

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedOK, InvalidStatus

from offhold.connectors import passage
from offhold.connectors.contract import NotSent
from offhold.connectors.egress.dialer import Dialer
from offhold.connectors.egress.framing import LONGEST_FRAME
from offhold.connectors.egress.outcome import Progress, refused_stream, told_apart
from offhold.connectors.egress.urls import place, shown

_OPEN_SECONDS = 10.0
_CLOSE_SECONDS = 2.0

# At DEBUG the library writes every header and frame to the log; this logger never passes those on.
_quiet = logging.getLogger("offhold.egress.websocket")
_quiet.setLevel(logging.WARNING)


async def frames(
    dialer: Dialer,
    target: httpx.URL,
    headers: list[tuple[bytes, bytes]],
    tls: ssl.SSLContext,
    idle_timeout: float,
) -> AsyncIterator[bytes]:
    """Each message as bytes (text as UTF-8). After `idle_timeout` seconds without even a pong it counts as dead."""
    progress = Progress()
    with told_apart(progress, shown(target)):
        connection = await _open(dialer, target, headers, tls, idle_timeout, progress)
        async with connection:
            try:
                while True:
                    message = await connection.recv()
                    yield message.encode() if isinstance(message, str) else message
            except ConnectionClosedOK:
                return


async def _open(
    dialer: Dialer,
    target: httpx.URL,
    headers: list[tuple[bytes, bytes]],
    tls: ssl.SSLContext,
    idle_timeout: float,
    progress: Progress,
) -> ClientConnection:
    made = await dialer.connect_socket(*place(target), seconds=_OPEN_SECONDS)
    passage.leave()
    progress.may_have_left = True
    try:
        return await connect(
            str(target),
            sock=made,
            ssl=tls if target.scheme == "wss" else None,
            additional_headers=[(name.decode("ascii"), value.decode("latin-1")) for name, value in headers],
            user_agent_header=None,
            proxy=None,
            compression=None,
            open_timeout=_OPEN_SECONDS,
            ping_interval=idle_timeout / 2,
            ping_timeout=idle_timeout / 2,
            close_timeout=min(_CLOSE_SECONDS, idle_timeout),
            max_size=LONGEST_FRAME,
            logger=_quiet,
        )
    except ssl.SSLError:
        raise NotSent(f"{shown(target)}: no secure connection") from None
    except InvalidStatus as error:
        answered = {name.lower(): value for name, value in error.response.headers.raw_items()}
        raise refused_stream(shown(target), error.response.status_code, answered) from None
