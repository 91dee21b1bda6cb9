"""The worker that speaks for the company: takes due replies per channel, one writer each, and sees every one to an end.

It is woken by a notification when a reply is meant, and by the clock when one is due again; between the two it sleeps.
All statements run in a thread of their own (`attempts`), the network is spoken to here. Whatever ends this process
leaves rows from which the next one goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from offhold.connectors.contract import Egress, Found, Receipt, Refused
from offhold.connectors.passage import Passage
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction
from offhold.publishing import attempts, outcome, proof, writers
from offhold.publishing.attempts import Opened
from offhold.publishing.graph import Confirmed, Event, NeverLeft
from offhold.publishing.line import Line, PictureOf
from offhold.publishing.pace import Pace
from offhold.publishing.stopping import Door, Flight
from offhold.publishing.visit import Visit
from offhold.publishing.wakes import Wakes
from offhold.publishing.writers import Hold

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

_THREADS = 2  # each with a connection of its own


class Sender:
    """`run` until `stop`. `egress` and `picture` are how it reaches networks and uploaded pictures."""

    def __init__(self, egress: Egress, picture: PictureOf, *, pace: Pace | None = None, dsn: str | None = None) -> None:
        self.pace = pace or Pace()
        self.name = writers.name()
        self._egress = egress
        self._picture = picture
        self._wakes = Wakes(dsn)
        self._door = Door(self.name, dsn)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="sender")
        self._visits: dict[int, Visit] = {}
        self._rest: dict[int, float] = {}  # channel -> loop time before which it is left alone
        self._stopping = False

    async def run(self) -> None:
        """Send what is due, for ever. Ends soon after `stop`, with nothing of ours open."""
        await self._wakes.listen()
        try:
            await self._door.listen()
            await self._start_visits(await self.hop(_left_open))
            while not self._stopping:
                try:
                    await self._start_visits(await self.hop(_due_channels))
                    await self._wakes.wait(await self._pause())
                except (DatabaseError, psycopg.Error) as error:
                    log.warning("the database is out of reach (%s), trying again", type(error).__name__)
                    await asyncio.sleep(self.pace.idle_seconds)
        finally:
            self._stopping = True
            await asyncio.gather(*(visit.task for visit in self._visits.values()), return_exceptions=True)
            await self._door.close()
            await self._wakes.close()
            await asyncio.gather(*(asyncio.wrap_future(done) for done in self._close_connections()))
            self._threads.shutdown()

    def stop(self) -> None:
        """Open nothing new; end when what is open has ended."""
        self._stopping = True
        self._wakes.set()

    @property
    def stopping(self) -> bool:
        return self._stopping

    async def hop(self, do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One transaction in a thread of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: _fresh(do, *args, **kwargs))

    def _close_connections(self) -> list[Future[None]]:
        """Each thread closes its own connection; the barrier keeps one from doing it for both."""
        together = Barrier(_THREADS)

        def close() -> None:
            together.wait(timeout=10)
            connection.close()

        return [self._threads.submit(close) for _ in range(_THREADS)]

    async def _pause(self) -> float:
        """For how many seconds nothing is due."""
        now = asyncio.get_running_loop().time()
        self._rest = {channel: until for channel, until in self._rest.items() if until > now}
        ahead = await self.hop(_seconds_to_next)
        if ahead is None:
            return self.pace.longest_sleep
        if ahead <= 0 and (self._visits or self._rest):  # a visit ends with a wake-up, a rest by itself
            rests = [until - now for until in self._rest.values()]
            return min([*rests, self.pace.restless_sleep])
        return max(0.0, min(ahead, self.pace.restless_sleep))

    async def _start_visits(self, channels: list[tuple[int, int]]) -> None:
        now = asyncio.get_running_loop().time()
        for workspace, channel in channels:
            if channel in self._visits:
                self._visits[channel].news.set()
            elif self._rest.get(channel, 0.0) <= now:
                self._visits[channel] = Visit(self, workspace, channel)

    def visit_ended(self, channel: int, *, rest: float) -> None:
        """Nothing more can be done on a channel for now; it is left alone for `rest` seconds."""
        del self._visits[channel]
        if rest:
            self._rest[channel] = asyncio.get_running_loop().time() + rest
        self._wakes.set()

    # --- one reply ---------------------------------------------------------------------------------------------

    async def send(self, line: Line[Any, Any], hold: Hold, reply_id: int) -> None:
        """One attempt: committed, opened, settled."""
        opened = await self.hop(attempts.begin, line, hold, reply_id, self.pace, self._picture)
        if opened is not None:
            flight = flight_of(line, opened)
            with self._door.flying(flight):
                event, receipt = await self.deliver(line, hold, opened, flight)
                await self.hop(attempts.settle, line, opened, event, receipt)
            visit = self._visits.get(hold.channel_id)
            if visit is not None and not isinstance(event, Confirmed):  # perhaps more is to be done at once
                visit.news.set()

    async def deliver(
        self, line: Line[Any, Any], hold: Hold, opened: Opened[Any, Any], flight: Flight | None = None
    ) -> tuple[Event, Receipt | None]:
        """Speak to the network, if the channel is still ours and nothing is stopped. Whatever comes of it is an event,
        never an error."""
        left, stopped = await self.hop(attempts.seconds_left, hold, opened)
        if stopped is not None:
            return stopped, None
        if left <= self.pace.skew_seconds:
            return NeverLeft("Another writer took over this channel."), None
        try:
            async with asyncio.timeout(min(self.pace.request_seconds, left - self.pace.skew_seconds)):
                receipt = await self._door.through(
                    flight or flight_of(line, opened),
                    lambda: line.deliver(opened.connector, self._egress, opened.channel, opened.out),
                )
        except Exception as error:  # noqa: BLE001 - a connector may stumble over anything; all of it is an outcome
            return outcome.of_failed_delivery(error), None
        return line.judge(opened.reply, receipt), receipt

    async def look(self, line: Line[Any, Any], hold: Hold, reply_id: int) -> None:
        """One read-back: committed, asked, settled."""
        opened = await self.hop(attempts.begin_look, line, hold, reply_id, self.pace)
        if opened is None:
            return
        try:
            async with asyncio.timeout(self.pace.request_seconds):
                found = await line.look(opened.connector, self._egress, opened.channel, opened.out)
        except Exception as error:  # noqa: BLE001 - a look that failed in any way saw nothing
            await self.hop(attempts.settle_look, line, opened, outcome.of_failed_look(error), None)
            return
        if isinstance(found, Found):
            event = line.judge(opened.reply, found.receipt)
            await self.hop(attempts.settle_look, line, opened, event, found.receipt)
        else:
            await self.hop(attempts.settle_look, line, opened, outcome.of_look(found), None)

    async def let_go(self, line: Line[Any, Any], hold: Hold, reply_id: int) -> None:
        """A hold that is over."""
        await self.hop(attempts.let_go, line, hold, reply_id, self.pace)
        self._wakes.set()

    async def lapse(self, line: Line[Any, Any], hold: Hold, reply_id: int) -> None:
        """A question to a second person that nobody answered."""
        await self.hop(attempts.lapse, line, hold, reply_id, self.pace)

    async def verify(self, line: Line[Any, Any], hold: Hold, reply_id: int) -> None:
        """Ask the network who can read what is out."""
        opened = await self.hop(proof.begin, line, hold, reply_id, self.pace)
        if opened is None:
            return
        try:
            async with asyncio.timeout(self.pace.request_seconds):
                found = await line.look(opened.connector, self._egress, opened.channel, opened.out)
        except Exception as error:  # noqa: BLE001 - a look that failed in any way saw nothing
            log.info("who can read reply %s is asked again: %s", reply_id, type(error).__name__)
            found = None
        receipt = found.receipt if isinstance(found, Found) else None
        await self.hop(proof.settle, line, opened, receipt)

    async def give_up(self, line: Line[Any, Any], hold: Hold, reply_id: int) -> None:
        """An attempt of a dead writer."""
        await self.hop(attempts.give_up_attempt, line, hold, reply_id, self.pace)

    async def withdraw(self, line: Line[Any, Any], hold: Hold, reply_id: int) -> None:
        """Delete on the network what the wrong people can read."""
        opened = await self.hop(attempts.begin_withdrawal, line, hold, reply_id, self.pace)
        if opened is None:
            return
        done, refused = False, None
        try:
            async with asyncio.timeout(self.pace.request_seconds):
                await opened.connector.withdraw_public(self._egress, opened.channel, opened.reply.network_id)
            done = True
        except Refused as error:
            refused = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again
            log.warning("reply %s cannot be withdrawn yet: %s", reply_id, type(error).__name__)
        await self.hop(attempts.settle_withdrawal, line, opened, self.pace, done=done, refused=refused)


# --- statements around visits ---------------------------------------------------------------------------------


def _fresh(do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it, and after a failure of the database start anew with a new connection."""
    try:
        return do(*args, **kwargs)
    except (DatabaseError, psycopg.Error):
        connection.close()
        raise


def flight_of(line: Line[Any, Any], opened: Opened[Any, Any]) -> Flight:
    """An attempt as the door knows it."""
    return Flight(
        workspace_id=opened.channel.workspace_id,
        channel_id=opened.channel.id,
        network=opened.channel.network,
        audience="private" if line.private else "public",
        reply_id=opened.reply.id,
        knew=opened.knew,
        passage=Passage(),
        tasks=[],
    )


def _due_channels() -> list[tuple[int, int]]:
    with transaction(None) as tx:
        return [(w, c) for w, c in tx.rows("SELECT workspace_id, channel_id FROM channels_to_send_on(%s)", (tx.at,))]


def _left_open() -> list[tuple[int, int]]:
    """Channels on which an attempt was open when its writer died."""
    with transaction(None) as tx:
        return [(w, c) for w, c in tx.rows("SELECT workspace_id, channel_id FROM channels_left_sending()")]


def _seconds_to_next() -> float | None:
    """Until something is due; 0 or less: now; None: nothing is under way."""
    with transaction(None) as tx:
        row = tx.one("SELECT next_to_send_at()")
    assert row is not None  # a function returns a row
    return None if row[0] is None else (row[0] - clock.now()).total_seconds()
