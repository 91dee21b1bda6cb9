"""The sender's side of a stop: its door is shut for what had begun before, and it says so.

What begins after a stop sees it in the database (`barrier`). This file is about the rest: attempts that were committed
before and are on their way to the network in this process. When a stop comes, the door closes the passage of each it
covers, ends those of which no byte has left, waits until they have ended, and only then writes the confirmation. So a
confirmation means: nothing of this process opens a socket under that stop any more; what had left is named. Nothing
that waits for anybody else's rows stands before it: sweeping has a task, a thread and a connection of its own.

Every sender says that it is there, every few seconds, by the database's clock: also one without a channel confirms.
A wake-up carries the news; whoever did not hear it (a lost connection) finds it at the next beat.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec
import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from offhold.connectors import passage
from offhold.connectors.contract import Audience
from offhold.connectors.passage import Passage, Stopped
from offhold.kernel.db.tx import transaction, transaction_over
from offhold.publishing import stopped, stops
from offhold.publishing.wakes import Wakes

log = logging.getLogger(__name__)
T = TypeVar("T")

CHANNEL = "offhold_stops"
BEAT_SECONDS = 4.0
ALIVE_SECONDS = 15.0  # after the last beat a sender is gone; what it has in hand ends with its leases
REMEMBERED_SECONDS = 300.0  # longer than any attempt lasts that did not know of the stop
_SWEEPING_SECONDS = 0.2  # then it is looked what else is to be swept
_ENDING_SECONDS = 0.5  # for tasks that were told to end; nothing of them can leave meanwhile

_BEAT = """
INSERT INTO senders (holder, until) VALUES (%(holder)s, clock_timestamp() + make_interval(secs => %(alive)s))
ON CONFLICT (holder) DO UPDATE SET until = excluded.until
"""
_FORGET = "DELETE FROM senders WHERE until < clock_timestamp() - interval '1 hour'"
_GONE = "DELETE FROM senders WHERE holder = %s"
_TO_CONFIRM = "SELECT workspace_id, id, number, scope, network, channel_id, allow FROM stops_to_confirm(%s)"
_PASSED = """
UPDATE stop_flights SET passed = EXISTS (
  SELECT 1 FROM unnest(%(audiences)s::text[], %(replies)s::bigint[]) AS k(audience, reply)
  WHERE k.audience = stop_flights.audience AND k.reply = stop_flights.reply_id)
WHERE workspace_id = %(workspace)s AND stop_id = %(stop)s AND holder = %(holder)s
"""
_CONFIRM = """
UPDATE stop_confirmations SET confirmed_at = %s
WHERE workspace_id = %s AND stop_id = %s AND holder = %s AND confirmed_at IS NULL
"""


class Shut(msgspec.Struct, frozen=True):
    """A stop as the door knows it."""

    workspace_id: int
    id: int
    number: int
    scope: str
    network: str | None
    channel_id: int | None
    allow: list[int]

    def covers(self, flight: Flight) -> bool:
        """Must this not leave. What began knowing of this stop was judged then."""
        if self.workspace_id != flight.workspace_id or flight.knew >= self.number or flight.channel_id in self.allow:
            return False
        return self.scope == "workspace" or flight.channel_id == self.channel_id or flight.network == self.network


class Flight(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """An attempt this process has in hand. `knew`: the newest stop there was when it began."""

    workspace_id: int
    channel_id: int
    network: str
    audience: Audience
    reply_id: int
    knew: int
    passage: Passage
    tasks: list[asyncio.Task[Any]]


class Door:
    """`listen` before anything is begun; then each attempt is `flying` from its beginning until it is settled, and goes
    `through` when it speaks to the network. `name`: how this sender is known as a holder of leases."""

    def __init__(self, name: str, dsn: str | None = None) -> None:
        self._name = name
        self._wakes = Wakes(dsn, CHANNEL)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="stops")
        self._sweeping = ThreadPoolExecutor(1, thread_name_prefix="sweep")
        self._to_sweep = asyncio.Event()
        self._flights: set[Flight] = set()
        self._shut: list[tuple[float, Shut]] = []
        self._watching: list[asyncio.Task[None]] = []

    async def listen(self) -> None:
        """Be known from here on. Raises what the database raises: a sender nobody knows of must not send."""
        await self._hop(beat, self._name)
        await self._wakes.listen()
        self._watching = [asyncio.create_task(self._watch()), asyncio.create_task(self._sweep())]

    async def close(self) -> None:
        """Nothing of ours is open any more."""
        for task in self._watching:
            task.cancel()
        for task in self._watching:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._wakes.close()
        with contextlib.suppress(DatabaseError, psycopg.Error):
            await self._hop(leave, self._name)
        for thread in (self._thread, self._sweeping):
            await asyncio.get_running_loop().run_in_executor(thread, _hang_up)
            thread.shutdown()

    @contextlib.contextmanager
    def flying(self, flight: Flight) -> Iterator[None]:
        """It is ours to answer for."""
        self._flights.add(flight)
        try:
            yield
        finally:
            self._flights.discard(flight)

    async def through(self, flight: Flight, speak: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Let it speak. Raises `Stopped` when nothing left, and nothing will."""
        if any(stop.covers(flight) for _, stop in self._shut):
            raise Stopped
        task = asyncio.create_task(_speaking(flight.passage, speak))
        flight.tasks.append(task)
        try:
            return await task
        except asyncio.CancelledError:
            if flight.passage.closed and not flight.passage.left:
                raise Stopped from None
            raise

    async def _watch(self) -> None:
        while True:
            try:
                for stop in await self._hop(beat, self._name):
                    await self._obey(stop)
                self._to_sweep.set()
            except (DatabaseError, psycopg.Error) as error:
                log.warning("cannot ask what is stopped (%s), trying again", type(error).__name__)
            await self._wakes.wait(BEAT_SECONDS)

    async def _sweep(self) -> None:
        """What waits under a stop is put before a person. A sweep waits for rows that others hold; no stop waits for a
        sweep."""
        loop = asyncio.get_running_loop()
        while True:
            await self._to_sweep.wait()
            self._to_sweep.clear()
            try:
                if not await loop.run_in_executor(self._sweeping, _fresh, stopped.sweep_all, _SWEEPING_SECONDS):
                    self._to_sweep.set()
            except (DatabaseError, psycopg.Error) as error:
                log.warning("what waits under a stop is looked at again later (%s)", type(error).__name__)

    async def _obey(self, stop: Shut) -> None:
        """Shut the door, see that it is shut, say so."""
        now = asyncio.get_running_loop().time()
        self._shut = [one for one in self._shut if now - one[0] < REMEMBERED_SECONDS] + [(now, stop)]
        covered = [flight for flight in self._flights if stop.covers(flight)]
        ending = []
        for flight in covered:
            flight.passage.closed = True
            if not flight.passage.left:
                ending += [task for task in flight.tasks if not task.done()]
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending, timeout=_ENDING_SECONDS)
        left = [(flight.audience, flight.reply_id) for flight in covered if flight.passage.left]
        await self._hop(confirm, self._name, stop, left)

    async def _hop(self, do: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: _fresh(do, *args))


async def _speaking(through: Passage, speak: Callable[[], Coroutine[Any, Any, T]]) -> T:
    with passage.through(through):
        return await speak()


def _hang_up() -> None:
    connection.close()  # this thread's


# --- statements ----------------------------------------------------------------------------------------------


def _fresh(do: Callable[..., T], *args: Any) -> T:
    try:
        return do(*args)
    except (DatabaseError, psycopg.Error):
        connection.close()
        raise


def beat(name: str) -> list[Shut]:
    """Say that we are there. Returns the stops we have not confirmed yet."""
    with transaction(None) as tx:
        tx.run(_BEAT, {"holder": name, "alive": ALIVE_SECONDS})
        tx.run(_FORGET)
        return [Shut(*row) for row in tx.rows(_TO_CONFIRM, (name,))]


def leave(name: str) -> None:
    """Nobody has to wait for us any more, and nothing of ours is open."""
    for stop in beat(name):
        confirm(name, stop, [])
    with transaction(None) as tx:
        tx.run(_GONE, (name,))


def confirm(name: str, stop: Shut, left: list[tuple[Audience, int]]) -> None:
    """Nothing of ours leaves under it any more, but what had left before."""
    with transaction_over([stop.workspace_id]) as tx:  # records no fact: it would wait for the workspace's clock
        told = {"audiences": [audience for audience, _ in left], "replies": [reply for _, reply in left]}
        tx.run(_PASSED, told | {"workspace": stop.workspace_id, "stop": stop.id, "holder": name})
        tx.run(_CONFIRM, (tx.at, stop.workspace_id, stop.id, name))
        tx.run("NOTIFY offhold_confirmed")
    with transaction_over([stop.workspace_id]) as tx:
        stops.announced(tx, stop.workspace_id, stop.id)
