"""Presence over all web processes: what this one's streams do is told to everybody, what is heard goes to screens.

Everything travels as PostgreSQL's NOTIFY, to oneself too, and is kept in memory alone (see `presence`). Changes of a
moment are told together, so that a thousand people who walk through their lists cost a few notifications a second.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable

from offhold.kernel import jsons
from offhold.kernel.errors import Unavailable
from offhold.live import wire
from offhold.live.presence import ANSWERS, At, Doing, Place, Presence, Told, payloads, read
from offhold.live.stream import Stream
from offhold.live.wire import Frame

log = logging.getLogger(__name__)

TICK = 0.03  # seconds in which changes are told together, and delivered together
BEAT = 10.0  # seconds between signs of life, of a process that has streams
RETRY = 1.0  # seconds before telling again after the database failed

Tell = Callable[[list[str]], Awaitable[None]]


class Together:
    """One process's part. `streams`: those of a workspace that are open here; its methods belong to the event loop."""

    def __init__(self, tell: Tell, streams: Callable[[int], Iterable[Stream]]) -> None:
        self.process = secrets.token_urlsafe(9)
        self.presence = Presence()
        self._tell = tell
        self._streams = streams
        self._numbers = itertools.count(1)
        self._own: dict[Stream, At] = {}
        self._said: dict[int, At] = {}  # to be told, the newest of each stream
        self._takes: list[tuple[int, int, int]] = []
        self._anew = self._asks = False
        self._changed: set[Place] = set()
        self._wake = asyncio.Event()
        self._told_at = 0.0

    # --- what streams of this process do ------------------------------------------------------------------

    def follows(self, stream: Stream) -> None:
        """A stream came, or follows another case: somebody looks at that. It is shown who else does."""
        known = self._own.get(stream)
        number = known.number if known else next(self._numbers)
        case = stream.followed or 0
        if known is None and not case:
            return
        self._say(stream, At(number, stream.viewer.workspace_id, stream.viewer.membership_id, case, "looking"))
        place = (stream.viewer.workspace_id, case)
        if not self.presence.is_empty(place):
            stream.push(self._frame(place, sees_private=stream.sees_private))

    def does(self, stream: Stream, doing: Doing | None, *, take: bool) -> None:
        """What somebody does in the case their stream follows; None: they look elsewhere. `take`: the answer, too."""
        known = self._own.get(stream)
        if known is None or not stream.followed:
            return
        case = stream.followed if doing else 0
        self._say(stream, known._replace(case=case, doing=doing or "looking"))
        if take and doing in ANSWERS:
            self._takes.append((known.workspace, case, known.member))

    def went(self, stream: Stream) -> None:
        known = self._own.pop(stream, None)
        if known is not None:
            self._said[known.number] = known._replace(case=0)
            self._wake.set()

    def _say(self, stream: Stream, at: At) -> None:
        self._own[stream] = self._said[at.number] = at
        self._wake.set()

    # --- what all processes say ---------------------------------------------------------------------------

    def heard(self, payload: str) -> None:
        """A notification of any process, this one too."""
        told = read(payload)
        if told is None:
            return
        if told.process != self.process and (told.asks or not (told.anew or self.presence.knows(told.process))):
            if not told.asks:
                self._asks = True  # it was silent for long, and what it said is forgotten
            self._tell_anew()
        self._changed |= self.presence.apply(told, time.monotonic())
        if self._changed:
            self._wake.set()

    def listening(self) -> None:
        """Notifications are heard from now on; what was said before was missed."""
        self._asks = True
        self._tell_anew()

    def _tell_anew(self) -> None:
        self._anew = True
        self._said = {at.number: at._replace(holds=self._holds(at)) for at in self._own.values()}
        self._wake.set()

    def _holds(self, at: At) -> bool:
        return at.doing in ANSWERS and self.presence.holder((at.workspace, at.case)) == at.member

    def look_after(self) -> None:
        """Called every few seconds: let end what nobody says again, and say that this process lives."""
        now = time.monotonic()
        self._changed |= self.presence.expire(now)
        if self._changed or (self._own and now - self._told_at >= BEAT):
            self._wake.set()

    # --- the loop -----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Tell and deliver what there is, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(TICK)
            self._wake.clear()
            self._deliver()
            try:
                await self._tell_all()
            except Unavailable as error:
                log.warning("Presence could not be told, trying again: %s", error.__cause__)
                self._wake.set()
                await asyncio.sleep(RETRY)

    async def _tell_all(self) -> None:
        now = time.monotonic()
        something = self._said or self._takes or self._anew or self._asks
        if not something and not (self._own and now - self._told_at >= BEAT):
            return
        said, takes, anew, asks = self._said, self._takes, self._anew, self._asks
        self._said, self._takes, self._anew, self._asks = {}, [], False, False
        try:
            await self._tell(payloads(Told(self.process, list(said.values()), takes, anew, asks)))
        except Unavailable:
            self._said, self._takes = {**said, **self._said}, [*takes, *self._takes]
            self._anew, self._asks = anew or self._anew, asks or self._asks
            raise
        self._told_at = now

    def _deliver(self) -> None:
        changed, self._changed = self._changed, set()
        frames: dict[tuple[Place, bool], Frame] = {}
        for workspace in {workspace for workspace, _ in changed}:
            for stream in tuple(self._streams(workspace)):
                place = (workspace, stream.followed or 0)
                if place in changed:
                    key = (place, stream.sees_private)
                    frame = frames.get(key) or self._frame(place, sees_private=stream.sees_private)
                    frames[key] = frame
                    stream.push(frame)

    def _frame(self, place: Place, *, sees_private: bool) -> Frame:
        return wire.event("presence", jsons.encode(self.presence.here(place, sees_private=sees_private)))
