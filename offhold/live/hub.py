"""The hub: one reader of facts per process, and every open stream.

A commit wakes it; it waits a moment for what else is coming, reads the new facts of each workspace once, encodes them
once for all who see alike, and writes to each browser once. Nothing polls: without commits only the heartbeat runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import django.db
import psycopg
from django.db import connection

from offhold.kernel.errors import Unavailable
from offhold.live import wire
from offhold.live.door import Door, People
from offhold.live.ears import Announcements, Ears
from offhold.live.presence import Doing
from offhold.live.reader import Asked, Database, News, Source
from offhold.live.sight import PERSON_CHANGED
from offhold.live.stream import Stream
from offhold.live.together import Together
from offhold.live.wire import Batch, Counters, Frame, Mine

log = logging.getLogger(__name__)
T = TypeVar("T")

# In Django's words or the driver's own, for our statements ride on Django's connection.
DATABASE_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, django.db.OperationalError, django.db.InterfaceError)

TICK = 0.07  # seconds from the first fact to the write: what comes meanwhile goes along
CHECK_EVERY = 5.0  # seconds between looks at the sign-ins of open streams
HEARTBEAT_CHECKS = 3  # a heartbeat with every third check
LAST_CALL = 3.0  # seconds for a stream to take the good-bye
RETRY = 1.0  # seconds before reading again after the database failed
BREATH = 50  # streams written to before other work of this process gets its turn
MOST_PER_SIGN_IN = 64  # open streams: many tabs, not a flood


class Room:
    """The open streams of one workspace, and how far its facts were read."""

    def __init__(self, workspace_id: int, cursor: int) -> None:
        self.workspace_id = workspace_id
        self.cursor = cursor
        self.streams: dict[Stream, None] = {}  # in the order they came, which is that of their memory
        self.counters: Counters | None = None
        self.mine: dict[int, int] = {}

    def asked(self) -> Asked:
        return Asked(self.cursor, frozenset(stream.viewer.membership_id for stream in self.streams))

    def changed(self, counters: Counters | None) -> Counters | None:
        """The figures, if screens do not have them yet."""
        if counters == self.counters:
            return None
        self.counters = counters
        return counters

    def changed_mine(self, mine: dict[int, int]) -> dict[int, Frame]:
        """The events for members whose own figure is new to their screens."""
        fresh = {member: count for member, count in mine.items() if self.mine.get(member) != count}
        self.mine.update(fresh)
        return {member: wire.facts_event([wire.counted(Mine(count))]) for member, count in fresh.items()}


class Hub:
    """All streams of this process. Its methods belong to the event loop, except `stop`."""

    def __init__(self, source: Source | None = None, door: Door | None = None, ears: Ears | None = None) -> None:
        self.source = source or Database()
        self.door = door or People()
        self.stopping = False
        self._ears = ears or Announcements()
        self._rooms: dict[int, Room] = {}
        self._streams: dict[str, Stream] = {}
        self._per_sign_in: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._wake = asyncio.Event()
        self._recheck = asyncio.Event()
        # the reader never waits behind people who come in
        self._reading = ThreadPoolExecutor(1, "live-reader")
        self._entering = ThreadPoolExecutor(2, "live-door")
        self.together = Together(self._notify, self._streams_of)

    def __len__(self) -> int:
        return len(self._streams)

    # --- streams ---------------------------------------------------------------------------------------

    def join(self, stream: Stream, last: int) -> int:
        """Let a stream in, held. `last` is the number of its workspace's last fact, read after the stream was asked
        for. Returns the number after which facts will be pushed to it."""
        self._start()
        viewer = stream.viewer
        room = self._rooms.get(viewer.workspace_id)
        if room is None:
            room = self._rooms[viewer.workspace_id] = Room(viewer.workspace_id, last)
            self._wake.set()  # a fact committed since `last` was read may have been announced before we were here
        stream.after = max(stream.after, room.cursor)
        room.streams[stream] = None
        room.mine.pop(viewer.membership_id, None)
        self._streams[stream.id] = stream
        self._per_sign_in[viewer.sign_in] += 1
        self.together.follows(stream)
        return room.cursor

    def leave(self, stream: Stream) -> None:
        """Forget a stream; the last one takes its workspace along."""
        stream.close()
        if self._streams.pop(stream.id, None) is None:
            return
        self.together.went(stream)
        viewer = stream.viewer
        self._per_sign_in[viewer.sign_in] -= 1
        if not self._per_sign_in[viewer.sign_in]:
            del self._per_sign_in[viewer.sign_in]
        room = self._rooms[viewer.workspace_id]
        del room.streams[stream]
        if not room.streams:
            del self._rooms[viewer.workspace_id]

    def full_for(self, sign_in: str) -> bool:
        """Has this sign-in as many streams open as it may."""
        return self._per_sign_in[sign_in] >= MOST_PER_SIGN_IN

    def follow(self, stream_id: str, sign_in: str, case_id: int | None) -> int | None:
        """Let a stream of this sign-in follow another case. Returns the number after which that case's facts are
        pushed: a snapshot of the case must be as new. None: no such stream of theirs here."""
        stream = self._stream_of(stream_id, sign_in)
        if stream is None:
            return None
        stream.followed = case_id
        self.together.follows(stream)
        return self._rooms[stream.viewer.workspace_id].cursor

    def does(self, stream_id: str, sign_in: str, doing: Doing | None, *, take: bool) -> bool:
        """Somebody looks at the case they follow, writes there, or looks elsewhere. False: no such stream of theirs."""
        stream = self._stream_of(stream_id, sign_in)
        if stream is None:
            return False
        self.together.does(stream, doing, take=take)
        return True

    def _stream_of(self, stream_id: str, sign_in: str) -> Stream | None:
        stream = self._streams.get(stream_id)
        return stream if stream is not None and stream.open and stream.viewer.sign_in == sign_in else None

    def _streams_of(self, workspace_id: int) -> Iterable[Stream]:
        room = self._rooms.get(workspace_id)
        return () if room is None else room.streams

    async def asking(self, job: Callable[..., T], *args: object) -> T:
        """Run a synchronous question of somebody who comes in, in a thread. Raises `Unavailable` without a database."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._entering, on_lent_connection, job, *args)
        except DATABASE_AWAY as error:
            raise Unavailable from error

    # --- life ------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._tasks:
            return
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            self._loop.create_task(self._guarded(part))
            for part in (self._listen, self._read_on, self._look_after, self.together.run)
        ]

    async def _guarded(self, part: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A part that fails must not leave screens that silently stand still: all start anew, browsers come back."""
        try:
            await part()
        except Exception:
            log.exception("Live updates failed and start anew")
            self._end_all("failed")
            tasks, self._tasks = self._tasks, []
            for task in tasks:
                if task is not asyncio.current_task():
                    task.cancel()

    def stop(self) -> None:
        """End all streams with a good-bye; cut those that do not take it. Safe from any thread and signal handler."""
        self.stopping = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._end_all("stopping")
        for task in self._tasks:
            task.cancel()
        asyncio.get_running_loop().call_later(LAST_CALL, self._cut)

    def _end_all(self, reason: str) -> None:
        for stream in tuple(self._streams.values()):
            stream.end(reason)

    def _cut(self) -> None:
        for stream in tuple(self._streams.values()):
            stream.cut()
        self._reading.shutdown(wait=False, cancel_futures=True)
        self._entering.shutdown(wait=False, cancel_futures=True)

    # --- facts -----------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        await self._ears.listen(self._wake.set, self.together)

    async def _notify(self, said: list[str]) -> None:
        await self.asking(self._ears.tell, said)

    async def _read_on(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(TICK)
            self._wake.clear()
            if not self._rooms:
                continue
            try:
                await self._tick()
            except DATABASE_AWAY as error:
                log.warning("Live updates could not read facts, trying again: %s", error)
                self._wake.set()
                await asyncio.get_running_loop().run_in_executor(self._reading, renew_pool)
                await asyncio.sleep(RETRY)

    async def _tick(self) -> None:
        asked = {room.workspace_id: room.asked() for room in self._rooms.values()}
        loop = asyncio.get_running_loop()
        for news in await loop.run_in_executor(self._reading, on_own_connection, self.source.news, asked):
            await self._deliver(news)

    async def _deliver(self, news: News) -> None:
        room = self._rooms.get(news.workspace_id)
        if news.more or (room is not None and room.cursor != news.after):
            self._wake.set()
        if room is None or room.cursor != news.after:
            return  # its last screen left meanwhile, and perhaps another came
        room.cursor = news.last
        frames = _told_again if news.lost else _Frames(news, room)
        streams = tuple(room.streams)
        for start in range(0, len(streams), BREATH):
            for stream in streams[start : start + BREATH]:
                stream.push(*frames(stream))
                if stream.after < news.last:  # noqa: PLR1730 - a call here costs a fifth of the tick
                    stream.after = news.last
            await asyncio.sleep(0)
        if any(fact.kind == PERSON_CHANGED for fact in news.facts):
            self._recheck.set()

    # --- who is here -----------------------------------------------------------------------------------

    async def _look_after(self) -> None:
        checks = 0
        while True:
            due = await self._check_due()
            self.together.look_after()
            await self._turn_out()
            checks += due
            if due and checks % HEARTBEAT_CHECKS == 0:
                self._beat()

    async def _check_due(self) -> bool:
        """Wait for the next check; False when a change of people called for it early."""
        try:
            await asyncio.wait_for(self._recheck.wait(), CHECK_EVERY)
        except TimeoutError:
            return True
        self._recheck.clear()
        return False

    async def _turn_out(self) -> None:
        """End the streams of those who are signed out, disabled, or have another role now."""
        viewers = {stream.viewer for stream in self._streams.values()}
        if not viewers:
            return
        try:
            still = await self.asking(self.door.still, viewers)
        except Unavailable as error:
            log.warning("Live updates could not check sign-ins: %s", error.__cause__)
            return
        for stream in tuple(self._streams.values()):
            if stream.viewer in viewers and stream.viewer not in still:
                stream.end("signed_out")

    def _beat(self) -> None:
        """A sign of life for quiet connections, and one look at the facts in case an announcement was lost."""
        self._wake.set()
        for stream in self._streams.values():
            if not stream.waiting:
                stream.push(wire.heartbeat(stream.after))


def _told_again(_stream: Stream) -> tuple[Frame, ...]:
    return (wire.resync("behind"),)


class _Frames:
    """The events of one tick for each stream: the same bytes for all who see alike."""

    def __init__(self, news: News, room: Room) -> None:
        self._news = news
        self._after = news.after
        self._counters = room.changed(news.counters)
        self._mine = room.changed_mine(dict(news.mine))
        self._personal = wire.personal(news.facts)
        self._batches: dict[bool, Batch] = {}

    def __call__(self, stream: Stream) -> tuple[Frame, ...]:
        if stream.after > self._after:  # its snapshot is newer than what was read here last
            batch = self._build(stream.sees_private, after=stream.after)
        else:
            batch = self._batches.get(stream.sees_private) or self._first(stream.sees_private)
            if not self._mine and not self._personal and stream.followed is None:
                return batch.for_all
        frames = batch.frames(stream.followed)
        own = self._mine.get(stream.viewer.membership_id) if self._mine else None
        frames = frames if own is None else (*frames, own)
        told = self._personal.get(stream.viewer.membership_id) if self._personal else None
        return frames if told is None else (told, *frames)

    def _first(self, sees_private: bool) -> Batch:
        batch = self._batches[sees_private] = self._build(sees_private)
        return batch

    def _build(self, sees_private: bool, after: int = 0) -> Batch:
        facts = [fact for fact in self._news.facts if fact.seq > after]
        return Batch(facts, max(self._news.last, after), sees_private=sees_private, counters=self._counters)


def on_own_connection(job: Callable[..., T], *args: object) -> T:
    """Run a job on this thread's connection, which it keeps; one that failed is not kept."""
    try:
        return job(*args)
    except (psycopg.Error, django.db.Error):
        connection.close()
        raise


def renew_pool() -> None:
    """Replace the pool's dead connections at once. The hub is the first to see that the database was gone; left to
    themselves requests find the dead ones one by one, waiting longer after each, and the first twenty seconds fail."""
    pool = connection.pool  # type: ignore[attr-defined]
    if pool is not None and not pool.closed:
        pool.check()


def on_lent_connection(job: Callable[..., T], *args: object) -> T:
    """Run a job on a connection that goes back to the pool, where there is one."""
    try:
        return on_own_connection(job, *args)
    finally:
        connection.close_if_unusable_or_obsolete()
