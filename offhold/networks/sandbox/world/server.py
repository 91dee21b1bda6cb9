"""The process: one loop, one socket on loopback, the parts wired together, a clean end on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from offhold.networks.sandbox.world import announce, api, pictures
from offhold.networks.sandbox.world.control import Control
from offhold.networks.sandbox.world.cut import CuttableProtocol
from offhold.networks.sandbox.world.limits import Limits
from offhold.networks.sandbox.world.network import Network
from offhold.networks.sandbox.world.page.views import Page
from offhold.networks.sandbox.world.push import Webhooks
from offhold.networks.sandbox.world.scenarios.player import Player
from offhold.networks.sandbox.world.stream import Streams

COUNTS_EVERY = 1.0
FOREVER = "public, max-age=31536000, immutable"


class World:
    """Everything of one running network."""

    def __init__(self, data: Path, control_token: str) -> None:
        self.net = Network(data)
        self.stopping = asyncio.Event()
        self.webhooks = Webhooks(self.net)
        self.player = Player(self.net)
        limits = Limits()
        control = Control(self.net, limits, self.webhooks, self.player, control_token)
        page = Page(self.net, self.player, self.stopping)
        self.app = Starlette(
            routes=[
                *api.routes(self.net, limits),
                Route("/api/stream", Streams(self.net, self.stopping).serve),
                *control.routes(),
                Route("/avatar/{id}.png", self._avatar),
                Route("/media/{id}", self._media),
                *page.routes(),
            ],
            middleware=[Middleware(OnlyHere)],
            lifespan=self._lifespan,
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self.webhooks.resume()
        counts = asyncio.create_task(self._tell_counts())
        yield
        self.player.stop_all()
        counts.cancel()
        await self.webhooks.stop()
        self.net.close()

    async def _tell_counts(self) -> None:
        while True:
            await asyncio.sleep(COUNTS_EVERY)
            if self.net.counted:
                announce.counts(self.net)
                await self.net.settle()

    async def _avatar(self, request: Request) -> Response:
        picture = pictures.avatar(request.path_params["id"])
        return Response(picture, media_type="image/png", headers={"cache-control": FOREVER})

    async def _media(self, request: Request) -> Response:
        row = self.net.store.one("SELECT * FROM media WHERE id = ?", request.path_params["id"])
        if row is None:
            return Response(status_code=404)
        headers = {"cache-control": FOREVER, "x-content-type-options": "nosniff"}
        return Response(row["content"], media_type=row["content_type"], headers=headers)


class OnlyHere:
    """Refuses any Host that is not this machine, so that no web page elsewhere can reach in by a name of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_here(dict(scope["headers"]).get(b"host", b"")):
            await Response("This network answers on 127.0.0.1 only.", 421)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    @staticmethod
    def _is_here(host: bytes) -> bool:
        return host.rsplit(b":", 1)[0] in (b"127.0.0.1", b"localhost", b"[::1]")


class Server(uvicorn.Server):
    """Tells open streams to end before uvicorn waits for them."""

    def __init__(self, config: uvicorn.Config, stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._stop = stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        self.should_exit = True
        self._stop()


def run(port: int, data: Path, ready_file: Path | None) -> None:
    """Serve until SIGTERM. Prints, and writes to `ready_file`, one JSON line with `address` and `control_token`."""
    logging.basicConfig(level=logging.WARNING)
    token = secrets.token_urlsafe(24)
    listening = socket.create_server(("127.0.0.1", port), backlog=512)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(listening, data, token, ready_file))


async def _serve(listening: socket.socket, data: Path, token: str, ready_file: Path | None) -> None:
    world = World(data, token)
    world.net.base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        world.app,
        http=CuttableProtocol,
        ws="none",
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
        proxy_headers=False,
    )
    server = Server(config, world.stopping.set)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.005)
    if server.started:
        _say_ready(
            {"address": world.net.base_url, "control_token": token, "oracle": str(data / "oracle.jsonl")}, ready_file
        )
    await serving


def _say_ready(facts: dict[str, Any], ready_file: Path | None) -> None:
    line = json.dumps({**facts, "pid": os.getpid()})
    if ready_file is not None:
        half = ready_file.with_suffix(".part")
        half.touch(0o600)
        half.write_text(line + "\n")
        half.replace(ready_file)
    print(line, flush=True)  # noqa: T201 - whoever started the process reads it
