"""Group commit: whatever arrived while the last commit ran goes into the next one, so the disk is asked once for many.
A webhook that comes alone is committed at once; where more follow, the next group waits a moment for company.

Everything happens in the event loop, on a connection that it reads itself (`line`). `submit` gives a future that ends
only after the COMMIT of the body's transaction, with `NotStored` when it could not be stored, or not in time.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from datetime import date
from typing import NamedTuple

from offhold.intake import packed
from offhold.intake.line import Line, Statement, prepared
from offhold.intake.log import APPEND, ROLL, Arrival, forget_rolls, rolled, rows_of, unrolled
from offhold.kernel.db import raw
from offhold.kernel.db.roles import PIPELINE

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
MOST_BYTES_AT_ONCE = 8_000_000
MOST_WAITING = 20_000  # above these we answer "not now" at once, so that memory is bounded
MOST_BYTES_WAITING = 64_000_000
PACE = 0.004  # seconds from one small group to the next: the cost of a message falls with the size of its group
SMALL = 50
LOST_AFTER = 10.0  # seconds without an answer of the database: the connection is given up

_STATEMENTS = {
    b"enter": "SELECT set_config('app.wss', $1::text, true)",
    b"roll": ROLL.replace("$1::date", "$1::text::date"),
    b"append": APPEND,
}


class NotStored(Exception):
    """It is not in the database: the network must be told to try again."""


class Waiting(NamedTuple):
    arrival: Arrival
    done: asyncio.Future[None]
    until: float  # by the loop's clock


class GroupCommit:
    """Made in the event loop that submits; end with `await stop()`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0
        self._unanswered: deque[Waiting] = deque()  # all that were submitted and may still be waited for
        self._watch: asyncio.TimerHandle | None = None
        self._line: Line | None = None
        self._running: asyncio.Task[None] | None = None
        self._stopping = False

    def submit(self, arrival: Arrival, seconds: float) -> asyncio.Future[None]:
        """Store it within so many seconds. Raises `NotStored` at once when there is no room."""
        if self._stopping:
            raise NotStored("stopping")
        if len(self._waiting) >= MOST_WAITING or self._bytes >= MOST_BYTES_WAITING:
            raise NotStored("too much is waiting")
        one = Waiting(arrival, self._loop.create_future(), self._loop.time() + seconds)
        self._waiting.append(one)
        self._bytes += len(arrival.body)
        self._expect(one)
        if self._running is None:
            self._running = self._loop.create_task(self._run())
        return one.done

    async def stop(self) -> None:
        """Take no more, commit what waits, end the connection."""
        self._stopping = True
        if self._running is not None:
            await self._running
        if self._line is not None:
            self._line.close()
        if self._watch is not None:
            self._watch.cancel()

    async def _run(self) -> None:
        try:
            while batch := self._next():
                began = self._loop.time()
                await self._commit(batch)
                early = began + PACE - self._loop.time()
                if early > 0 and len(self._waiting) < SMALL:
                    await asyncio.sleep(early)
        finally:
            self._running = None

    def _next(self) -> list[Waiting]:
        """The next group: those still waited for."""
        batch: list[Waiting] = []
        size = 0
        while self._waiting and len(batch) < MOST_AT_ONCE and size < MOST_BYTES_AT_ONCE:
            one = self._waiting.popleft()
            self._bytes -= len(one.arrival.body)
            if not one.done.done():
                batch.append(one)
                size += len(one.arrival.body)
        return batch

    async def _commit(self, batch: list[Waiting]) -> None:
        arrivals = [one.arrival for one in batch]
        days = unrolled(arrivals)
        error: NotStored | None = None
        try:
            line = await self._connected()
            async with asyncio.timeout(LOST_AFTER):
                await line.send(statements(arrivals, days))
            for day in days:
                rolled(day)
        except Exception as failed:  # whatever it was, nobody may be told that we have it
            log.warning("could not store %d arrivals: %s", len(batch), type(failed).__name__, exc_info=failed)
            error = NotStored(type(failed).__name__)
            forget_rolls()
            if self._line is not None:
                self._line.close()  # whatever made it fail, a new one may see otherwise
        settle(batch, error)

    async def _connected(self) -> Line:
        if self._line is None or self._line.closed:
            conn = await asyncio.to_thread(lambda: prepared(raw.connect(PIPELINE), _STATEMENTS))
            self._line = Line(conn)
        return self._line

    def _expect(self, one: Waiting) -> None:
        """Watch its time: one timer for all, since a timer for each costs as much as a tenth of the request."""
        while self._unanswered and self._unanswered[0].done.done():
            self._unanswered.popleft()
        self._unanswered.append(one)
        if self._watch is None:
            self._watch = self._loop.call_at(one.until, self._look)

    def _look(self) -> None:
        now, self._watch = self._loop.time(), None
        while self._unanswered and (self._unanswered[0].done.done() or self._unanswered[0].until <= now):
            settle([self._unanswered.popleft()], NotStored("it took too long"))
        if self._unanswered:
            self._watch = self._loop.call_at(self._unanswered[0].until, self._look)


def statements(arrivals: list[Arrival], days: set[date]) -> list[Statement]:
    """What stores these, in one transaction."""
    rows = rows_of(arrivals)
    workspaces = "{" + ",".join(map(str, {row.workspace for row in rows})) + "}"
    workspace, channel, lane, number, source, received_at, key, body = zip(*rows, strict=True)
    columns = [
        *(packed.int8s(workspace), packed.int8s(channel), packed.int2s(lane), packed.int8s(number)),
        *(packed.texts(source), packed.times(received_at), packed.byteas(key), packed.byteas(body)),
    ]
    rolls = [(b"roll", [day.isoformat().encode()]) for day in sorted(days)]
    return [(b"enter", [workspaces.encode()]), *rolls, (b"append", columns)]


def settle(waited: list[Waiting], error: NotStored | None) -> None:
    """Tell those who still wait."""
    for one in waited:
        if one.done.done():
            continue
        if error is None:
            one.done.set_result(None)
        else:
            one.done.set_exception(error)
