"""A sender taken apart: what it does between two commits, one thing at a time, so that it can die between any two."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from offhold.connectors.contract import Found, Receipt, Refused
from offhold.publishing import attempts, direct, outcome, proof, public, visit, writers
from offhold.publishing.attempts import Opened
from offhold.publishing.graph import Event, NeverLeft
from offhold.publishing.line import Line
from offhold.publishing.tests.world import QUICK, World, no_picture
from offhold.publishing.writers import Hold

LINES: dict[str, Line[Any, Any]] = {"public_replies": public.LINE, "direct_replies": direct.LINE}
Key = tuple[str, int]  # table, reply
Next = Callable[[], "Next | None"]  # what this process does next with a reply it has in hand


class Process:
    """What one sender holds in memory and nobody else knows: the channel, and of each reply in hand what comes next."""

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self._world, self._loop = world, loop
        self.hold: Hold | None = None
        self.hand: dict[Key, Next] = {}

    def take(self) -> bool:
        """Become the writer, and give up what the former one left open."""
        if self.hold is None:
            company, channel = self._world.company.id, self._world.channel_id
            with self._world.tx() as tx:
                self.hold = writers.take(tx, company, channel, lease=3600)
            if self.hold is None:
                return False
            for line in LINES.values():
                with self._world.tx() as tx:
                    left = line.ledger.left_sending(tx, company, channel, self.hold.fence)
                for reply in left:
                    attempts.give_up_attempt(line, self.hold, reply, QUICK)
        return True

    def due(self) -> list[tuple[Key, str]]:
        """What could be begun now, as the sender's own query says; nothing when the channel was lost."""
        assert self.hold is not None
        tables = [*LINES]
        found = visit.due(self.hold, [(tables.index(table), reply) for table, reply in self.hand], QUICK)
        if found is None:
            self.hold = None
            return []
        return [((tables[at], reply), doing) for (at, reply), doing in found]

    def step(self, pick: int) -> None:
        """Any one thing this process could do next."""
        steps: list[Callable[[], None]] = [partial(self.go_on, key) for key in sorted(self.hand)]
        if self.take():
            steps += [partial(self.begin, key, doing) for key, doing in self.due()]
        if steps:
            steps[pick % len(steps)]()

    def go_on(self, key: Key) -> None:
        """The next thing with a reply that is in hand."""
        following = self.hand.pop(key)()
        if following is not None:
            self.hand[key] = following

    def begin(self, key: Key, doing: str) -> None:
        """The first transaction of one of the things a sender does."""
        assert self.hold is not None
        following: Next | None = getattr(self, f"_{doing}")(LINES[key[0]], self.hold, key[1])
        if following is not None:
            self.hand[key] = following

    # --- each thing it does, one method for its first step; the rest follows from what that returns ------------------

    def _let_go(self, line: Line[Any, Any], hold: Hold, reply: int) -> None:
        attempts.let_go(line, hold, reply, QUICK)

    def _lapse(self, line: Line[Any, Any], hold: Hold, reply: int) -> None:
        attempts.lapse(line, hold, reply, QUICK)

    def _give_up(self, line: Line[Any, Any], hold: Hold, reply: int) -> None:
        attempts.give_up_attempt(line, hold, reply, QUICK)

    def _send(self, line: Line[Any, Any], hold: Hold, reply: int) -> Next | None:
        opened = attempts.begin(line, hold, reply, QUICK, no_picture)
        return None if opened is None else partial(self._deliver, line, hold, opened)

    def _deliver(self, line: Line[Any, Any], hold: Hold, opened: Opened[Any, Any]) -> Next:
        receipt: Receipt | None = None
        left, event = attempts.seconds_left(hold, opened)
        if event is None and left <= QUICK.skew_seconds:
            event = NeverLeft("Another writer took over this channel.")
        if event is None:
            try:
                receipt = self._speak(line.deliver(opened.connector, self._egress, opened.channel, opened.out))
            except Exception as error:  # noqa: BLE001 - as the sender does
                event = outcome.of_failed_delivery(error)
        judged: Event = event or line.judge(opened.reply, receipt)  # type: ignore[arg-type]  # no event: there is a receipt
        return partial(attempts.settle, line, opened, judged, receipt)

    def _look(self, line: Line[Any, Any], hold: Hold, reply: int) -> Next | None:
        opened = attempts.begin_look(line, hold, reply, QUICK)
        return None if opened is None else partial(self._looked, line, opened)

    def _looked(self, line: Line[Any, Any], opened: Opened[Any, Any]) -> Next:
        found = self._speak(line.look(opened.connector, self._egress, opened.channel, opened.out))
        if isinstance(found, Found):
            event = line.judge(opened.reply, found.receipt)
            return partial(attempts.settle_look, line, opened, event, found.receipt)
        return partial(attempts.settle_look, line, opened, outcome.of_look(found), None)

    def _verify(self, line: Line[Any, Any], hold: Hold, reply: int) -> Next | None:
        opened = proof.begin(line, hold, reply, QUICK)
        return None if opened is None else partial(self._verified, line, opened)

    def _verified(self, line: Line[Any, Any], opened: Opened[Any, Any]) -> Next:
        found = self._speak(line.look(opened.connector, self._egress, opened.channel, opened.out))
        return partial(proof.settle, line, opened, found.receipt if isinstance(found, Found) else None)

    def _withdraw(self, line: Line[Any, Any], hold: Hold, reply: int) -> Next | None:
        opened = attempts.begin_withdrawal(line, hold, reply, QUICK)
        return None if opened is None else partial(self._withdrawn, line, opened)

    def _withdrawn(self, line: Line[Any, Any], opened: Opened[Any, Any]) -> Next:
        done, refused = False, None
        try:
            self._speak(opened.connector.withdraw_public(self._egress, opened.channel, opened.reply.network_id))
            done = True
        except Refused as error:
            refused = str(error)
        except Exception:  # noqa: BLE001 - as the sender does: it is tried again
            done = False
        return partial(attempts.settle_withdrawal, line, opened, QUICK, done=done, refused=refused)

    # --- inside --------------------------------------------------------------------------------------------------

    @property
    def _egress(self) -> Any:
        return self._world.network.egress

    def _speak(self, words: Any) -> Any:
        return self._loop.run_until_complete(words)
