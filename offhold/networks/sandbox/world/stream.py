"""The stream: server-sent events from a cursor, each frame one envelope, a heartbeat frame when it is quiet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from offhold.networks.sandbox.world import gate, shape, tokens
from offhold.networks.sandbox.world.cut import TRANSPORT
from offhold.networks.sandbox.world.events import logged
from offhold.networks.sandbox.world.network import Network, Refusal

HEARTBEAT = 10.0
PAGE = 100


class Streams:
    def __init__(self, net: Network, stopping: asyncio.Event) -> None:
        self._net, self._stopping = net, stopping

    async def serve(self, request: Request) -> Response:
        try:
            account = tokens.who(self._net, tokens.bearer(request.headers.get("authorization", "")))
            gate.spoil_before(self._net, "stream", account)
            after = int(request.headers.get("last-event-id") or request.query_params.get("after") or 0)
        except Refusal as no:
            return gate.answer(gate.refused(no))
        except ValueError:
            return gate.answer(gate.refused(Refusal(400, "bad_request", "after is not a cursor.")))
        return StreamingResponse(self._frames(request, account, after), media_type="text/event-stream")

    async def _frames(self, request: Request, account: str, after: int) -> AsyncIterator[bytes]:
        yield self._frame(account, [], after, self._net.as_of() if after >= self._net.seen else None)
        while not self._stopping.is_set():
            as_of, rows = self._net.as_of(), logged(self._net, account, after, PAGE)
            if rows:
                after = rows[-1]["seq"]
                if self._net.faults.pick(("lost_answer",), "stream", account):
                    request.scope[TRANSPORT].abort()
                    return
                self._net.record("delivered", how="stream", account=account, events=[r["seq"] for r in rows])
                events = [shape.numbered(r["seq"], r["payload"]) for r in rows]
                yield self._frame(account, events, after, as_of if len(rows) < PAGE else None)
            elif not await self._news():
                after = max(after, self._net.seen)
                yield self._frame(account, [], after, self._net.as_of())

    async def _news(self) -> bool:
        """False when nothing came for a heartbeat's time."""
        await self._net.settle()
        waits = [asyncio.ensure_future(self._net.news()), asyncio.ensure_future(self._stopping.wait())]
        done, pending = await asyncio.wait(waits, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return bool(done)

    @staticmethod
    def _frame(account: str, events: list[bytes], cursor: int, as_of: int | None) -> bytes:
        body = shape.envelope(account, events, cursor, as_of)
        return b"id: %d\ndata: %b\n\n" % (cursor, body)
