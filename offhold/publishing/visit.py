"""A stay on one channel, as its only writer, for as long as there is something to do.

What is due is asked for a few replies at a time, for both kinds in one transaction that keeps the lease; what is done
with each is the sender's, a task of its own, of which as many run at once as the pace allows.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, Protocol, TypeVar

from offhold.kernel.db.tx import transaction_over
from offhold.publishing import attempts, direct, public, writers
from offhold.publishing.line import Line
from offhold.publishing.pace import Pace
from offhold.publishing.writers import Hold

log = logging.getLogger(__name__)

LINES: tuple[Line[Any, Any], ...] = (public.LINE, direct.LINE)
Key = tuple[int, int]  # which line, which reply
P = ParamSpec("P")
T = TypeVar("T")
AHEAD = 4  # times as many are asked for as go at once


class Hands(Protocol):
    """Whose visit it is: the sender, who also has a coroutine for each of `_DOING`."""

    pace: Pace
    name: str

    @property
    def stopping(self) -> bool: ...

    async def hop(self, do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...

    async def give_up(self, line: Line[Any, Any], hold: Hold, reply_id: int) -> None: ...

    def visit_ended(self, channel: int, *, rest: float) -> None: ...


class Visit:
    """A stay on one channel, as its only writer, for as long as there is something to do."""

    def __init__(self, sender: Hands, workspace: int, channel: int) -> None:
        self.news = asyncio.Event()
        self._sender = sender
        self._workspace = workspace
        self._channel = channel
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._ahead: deque[tuple[Key, str]] = deque()  # due when it was asked; each is looked at again when it begins
        self._news_came = False
        self._asked_at = 0.0
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
        for key in await self._sender.hop(_left_sending, hold):
            self._begin(key, self._sender.give_up, LINES[key[0]], hold)
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
        self._news_came |= self.news.is_set()
        self.news.clear()
        self._running = {key: task for key, task in self._running.items() if not task.done()}

    async def _start_due(self, hold: Hold) -> bool:
        """Start what is due, as far as there is room. False: the channel is no longer ours."""
        pace, now = self._sender.pace, asyncio.get_running_loop().time()
        if len(self._running) >= pace.at_once:
            return True
        if not self._ahead or self._news_came or now - self._asked_at > pace.idle_seconds:
            self._news_came, self._asked_at = False, now
            found = await self._sender.hop(due, hold, [*self._running], pace)
            if found is None:
                return False
            self._ahead = deque(found)
        while self._ahead and len(self._running) < pace.at_once:
            key, doing = self._ahead.popleft()
            self._begin(key, getattr(self._sender, doing), LINES[key[0]], hold)
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

# What the sender does with a reply, by why it is due.
_DOING = {
    "wrong": "withdraw",
    "unproven": "verify",
    "approval": "lapse",
    "held": "let_go",
    "intent": "send",
    "sending": "give_up",
    "unknown": "look",
    "reconciling": "look",
}


def _take(workspace: int, channel: int, sender: Hands) -> Hold | None:
    with transaction_over([workspace]) as tx:
        return writers.take(tx, workspace, channel, lease=sender.pace.lease_seconds, holder=sender.name)


def _release(hold: Hold) -> None:
    with transaction_over([hold.workspace_id]) as tx:
        writers.release(tx, hold)


def _left_sending(hold: Hold) -> list[Key]:
    with transaction_over([hold.workspace_id]) as tx:
        return [
            (index, reply)
            for index, line in enumerate(LINES)
            for reply in line.ledger.left_sending(tx, hold.workspace_id, hold.channel_id, hold.fence)
        ]


def due(hold: Hold, busy: list[Key], pace: Pace) -> list[tuple[Key, str]] | None:
    """Replies and what is to be done with them; keeps the lease. None: it was lost. What is out wrongly comes first;
    then the oldest, so that who can read what is out is not asked last of all while many wait."""
    with transaction_over([hold.workspace_id]) as tx:
        if not writers.renew(tx, hold, lease=pace.lease_seconds):
            return None
        found = [
            ((index, one.id), one.why)
            for index, line in enumerate(LINES)
            for one in line.ledger.due(
                tx,
                hold.workspace_id,
                hold.channel_id,
                busy=[reply for at, reply in busy if at == index],
                limit=AHEAD * pace.at_once,
            )
        ]
    found.sort(key=lambda one: (one[1] != "wrong", one[0][1]))
    return [(key, _DOING[why]) for key, why in found]
