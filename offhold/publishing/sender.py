"""The worker that speaks for the company: takes due replies per channel, one writer each, and sees every one to an end.

It is woken by a notification when a reply is meant, and by the clock when one is due again; between the two it sleeps.
All statements run in a thread of their own (`attempts`), the network is spoken to here. Whatever ends this process
leaves rows from which the next one goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from offhold.connectors.contract import Egress, Found, Receipt, Refused
from offhold.connectors.passage import Passage
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction, transaction_over
from offhold.publishing import attempts, direct, outcome, proof, public, writers
from offhold.publishing.attempts import Opened
from offhold.publishing.graph import Event, NeverLeft
from offhold.publishing.line import Line, PictureOf
from offhold.publishing.pace import Pace
from offhold.publishing.stopping import Door, Flight
from offhold.publishing.wakes import Wakes
from offhold.publishing.writers import Hold

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

_THREADS = 2  # each with a connection of its own

LINES: tuple[Line[Any, Any], ...] = (public.LINE, direct.LINE)
Work = Callable[[], Coroutine[Any, Any, None]]
Key = tuple[int, int]  # which line, which reply


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


class Visit:
    """A stay on one channel, as its only writer, for as long as there is something to do."""

    def __init__(self, sender: Sender, workspace: int, channel: int) -> None:
        self.news = asyncio.Event()
        self._sender = sender
        self._workspace = workspace
        self._channel = channel
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._did_something = False
        self.task = asyncio.create_task(self._stay())

    async def _stay(self) -> None:
        rest = self._sender.pace.rest_seconds
        try:
            hold = await self._sender.hop(_take, self._workspace, self._channel, self._sender)
            if hold is not None and await self._work(hold):
                # what is due and yet waits (for an earlier reply of its case) must not make us spin
                rest = 0.0 if self._did_something else self._sender.pace.idle_seconds
        except Exception:
            log.exception("the channel %s is left alone for a moment", self._channel)
        finally:
            self._sender.visit_ended(self._channel, rest=rest)

    async def _work(self, hold: Hold) -> bool:
        """Do all there is. False: the channel was lost to another writer."""
        for index, line in enumerate(LINES):
            for reply_id in await self._sender.hop(_left_sending, line, hold):
                self._begin((index, reply_id), self._sender.give_up, line, hold)
        while True:
            kept = not self._sender.stopping and await self._start_due(hold)
            if not self._running:
                break
            await self._something_happens()
        if kept or self._sender.stopping:
            await self._sender.hop(_release, hold)
            return True
        return False

    async def _something_happens(self) -> None:
        """Until something ends, or something new came."""
        news = asyncio.create_task(self.news.wait())
        await asyncio.wait([news, *self._running.values()], return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        self.news.clear()
        self._running = {key: task for key, task in self._running.items() if not task.done()}

    async def _start_due(self, hold: Hold) -> bool:
        """Start what is due, as far as there is room. False: the channel is no longer ours."""
        pace = self._sender.pace
        room = pace.at_once - len(self._running)
        if room <= 0:
            return True
        for index, line in enumerate(LINES):
            busy = [reply for at, reply in self._running if at == index]
            found = await self._sender.hop(_due, line, hold, busy, pace)
            if found is None:
                return False
            for reply_id, doing in found[: pace.at_once - len(self._running)]:
                self._begin((index, reply_id), getattr(self._sender, doing), line, hold)
        return True

    def _begin(self, key: Key, do: Callable[..., Coroutine[Any, Any, None]], line: Line[Any, Any], hold: Hold) -> None:
        self._did_something = True
        self._running[key] = asyncio.create_task(self._guarded(do, line, hold, key[1]))

    async def _guarded(
        self, do: Callable[..., Coroutine[Any, Any, None]], line: Line[Any, Any], hold: Hold, reply_id: int
    ) -> None:
        """What fails here is ours, not the network's: it is told, and the reply looked at again later."""
        try:
            await do(line, hold, reply_id)
        except Exception:
            log.exception("reply %s is looked at again later", reply_id)
            await self._sender.hop(attempts.postpone, line, hold, reply_id)


# --- statements around a visit -------------------------------------------------------------------------------

# What the sender does with a reply in each state that moves.
_DOING = {
    "approval": "lapse",
    "held": "let_go",
    "intent": "send",
    "sending": "give_up",
    "unknown": "look",
    "reconciling": "look",
}


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


def _take(workspace: int, channel: int, sender: Sender) -> Hold | None:
    with transaction_over([workspace]) as tx:
        return writers.take(tx, workspace, channel, lease=sender.pace.lease_seconds, holder=sender.name)


def _release(hold: Hold) -> None:
    with transaction_over([hold.workspace_id]) as tx:
        writers.release(tx, hold)


def _left_sending(line: Line[Any, Any], hold: Hold) -> list[int]:
    with transaction_over([hold.workspace_id]) as tx:
        return line.ledger.left_sending(tx, hold.workspace_id, hold.channel_id, hold.fence)


def _due(line: Line[Any, Any], hold: Hold, busy: list[int], pace: Pace) -> list[tuple[int, str]] | None:
    """Replies and what is to be done with them; keeps the lease. None: it was lost."""
    with transaction_over([hold.workspace_id]) as tx:
        if not writers.renew(tx, hold, lease=pace.lease_seconds):
            return None
        at = (hold.workspace_id, hold.channel_id)
        wrong = line.ledger.standing_wrong(tx, *at, busy=busy)
        due = line.ledger.due(tx, *at, busy=[*busy, *wrong], limit=max(1, pace.at_once - len(busy)))
        seen = [*busy, *wrong, *(d.id for d in due)]
        unproven = line.ledger.unproven(tx, *at, busy=seen, limit=pace.at_once)
        doing = [(reply, "withdraw") for reply in wrong] + [(d.id, _DOING[d.state]) for d in due]
        return doing + [(reply, "verify") for reply in unproven]


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
