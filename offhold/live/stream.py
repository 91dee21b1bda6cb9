"""One browser's stream: writes at once while the connection takes it, and keeps a bounded rest when it does not.

A tick writes to thousands of streams, and waking a task for each would cost more than the write. So chunks go straight
to the connection, or the first step of the server's `send` is run right here, which nearly always is the last one. Only
where the connection asks to wait does a task take over, and what comes meanwhile is kept: shared bytes, up to a limit.
Beyond it the rest is dropped and the browser told to fetch the snapshot again. A slow reader costs its own rest and
nobody else's time.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from offhold.kernel.steps import rest
from offhold.live import wire
from offhold.live.direct import Direct
from offhold.live.door import Viewer
from offhold.live.wire import Frame

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

KEPT_BYTES = 512 * 1024


class Stream:
    """An open stream. It starts held: what is pushed waits until `release`, while the past is being sent."""

    __slots__ = (
        *("after", "followed", "id", "open", "sees_private", "viewer"),
        *("_direct", "_flusher", "_held", "_kept", "_kept_bytes", "_last", "_send", "_task"),
    )

    def __init__(self, send: Send, viewer: Viewer, followed: int | None, *, direct: Direct | None = None) -> None:
        self.id = secrets.token_urlsafe(16)
        self.viewer = viewer
        self.sees_private = viewer.sees_private
        self.followed = followed
        self.after = 0  # facts up to this number were pushed, or are the browser's already
        self.open = True
        self._send = send
        self._direct = direct
        self._task = asyncio.current_task()  # the server's, which waits for the end of the connection
        self._held = True
        self._kept: deque[Frame] = deque()
        self._kept_bytes = 0
        self._last: Frame | None = None
        self._flusher: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> bool:
        """Is something kept back, because the past is being sent or the connection does not take more."""
        return self._held or self._flusher is not None

    def push(self, *frames: Frame) -> None:
        """Send these after all that was pushed before; never waits."""
        if not self.open:
            return
        direct = self._direct
        for frame in frames:
            if self._held or self._flusher is not None:
                self._keep(frame)
            elif direct is None or not direct.write(frame.chunk):
                self._write(frame)

    def release(self) -> None:
        """The past is sent: what was kept meanwhile follows."""
        self._held = False
        if self._kept and self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())
        if self._last is not None and self._flusher is None:
            self._write(self._last, more=False)

    def end(self, reason: str) -> None:
        """Say good-bye after what is kept, and complete the response."""
        if not self.open:
            return
        self.open = False
        self._last = wire.bye(reason)
        if not self.waiting:
            self._write(self._last, more=False)

    def cut(self) -> None:
        """End without a word: the connection does not even take the good-bye."""
        self.close()
        if self._task is not None:
            self._task.cancel()

    def close(self) -> None:
        """Forget what is kept: the browser is gone."""
        self.open = False
        self._kept.clear()
        if self._flusher is not None:
            self._flusher.cancel()

    def _keep(self, frame: Frame) -> None:
        if self._kept_bytes + len(frame) > KEPT_BYTES:
            self._kept.clear()
            self._kept_bytes = 0
            frame = wire.resync("behind")
        self._kept.append(frame)
        self._kept_bytes += len(frame)

    def _write(self, frame: Frame, *, more: bool = True) -> None:
        steps = self._send(_body(frame, more=more)).__await__()
        try:
            awaited = next(steps)
        except StopIteration:
            return
        except OSError:  # the connection broke; the server tells the application by a disconnect
            self.open = False
            return
        self._flusher = asyncio.create_task(self._flush(rest(awaited, steps)))

    async def _flush(self, begun: Awaitable[None] | None = None) -> None:
        try:
            if begun is not None:
                await begun
            while self._kept:
                frame = self._kept.popleft()
                self._kept_bytes -= len(frame)
                await self._send(_body(frame))
            if self._last is not None:
                await self._send(_body(self._last, more=False))
        except OSError:
            self.open = False
        finally:
            self._flusher = None


def _body(frame: Frame, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": frame.body, "more_body": more}
