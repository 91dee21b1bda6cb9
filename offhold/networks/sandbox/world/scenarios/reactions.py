"""The people of a scenario read their answers: some say thanks, some ask on. So the desk meets people."""

from __future__ import annotations

import asyncio
from random import Random
from sqlite3 import Row

from offhold.networks.sandbox.world import acts
from offhold.networks.sandbox.world.network import Network, Refusal
from offhold.networks.sandbox.world.scenarios.compose import Exhausted
from offhold.networks.sandbox.world.scenarios.speech import Speech
from offhold.networks.sandbox.world.scenarios.stage import Stage
from offhold.networks.sandbox.world.scenarios.step import Actor

AT_MOST = 2  # times one person answers the company
LIKELY = 0.6


class Reactions:
    """Watches what the company answers to people of this stage, and answers some of it after 20 to 90 seconds."""

    def __init__(self, net: Network, stage: Stage, seed: int, speed: float) -> None:
        self._net, self._stage, self._speed = net, stage, speed
        self._dice = Random(f"reactions {seed}")  # noqa: S311 - a story, not a secret
        self._speech = Speech(self._dice, net.account(stage.company)["handle"])
        self._times: dict[str, int] = {}
        self._seen = net.store.number("SELECT max(seq) FROM items")
        self._waiting: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        try:
            while True:
                await self._net.news()
                for row in self._answers():
                    self._consider(row)
        finally:
            for task in self._waiting:
                task.cancel()

    def _answers(self) -> list[Row]:
        rows = self._net.store.all(
            "SELECT * FROM items WHERE author = ? AND seq > ? AND deleted IS NULL"
            " AND (parent IS NOT NULL OR recipient IS NOT NULL) ORDER BY seq",
            *(self._stage.company, self._seen),
        )
        self._seen = rows[-1]["seq"] if rows else self._seen
        return rows

    def _consider(self, row: Row) -> None:
        actor = self._stage.actor(row["recipient"] or self._net.item(row["parent"])["author"])
        if actor is None or self._times.get(actor.handle, 0) >= AT_MOST or self._dice.random() > LIKELY:
            return
        self._times[actor.handle] = self._times.get(actor.handle, 0) + 1
        task = asyncio.create_task(self._answer(actor, row["id"], row["recipient"] is not None))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _answer(self, actor: Actor, to: str, privately: bool) -> None:
        await asyncio.sleep(self._dice.uniform(20, 90) / max(1.0, self._speed / 4))
        try:
            text = self._speech.everyday(actor, "thanks")
            who = self._stage.who(actor)
            if privately:
                acts.direct(self._net, who, self._stage.company, text, via=self._stage.via)
            else:
                acts.post(self._net, who, text, parent=to, via=self._stage.via)
        except (Exhausted, Refusal):
            return  # they have nothing to add, or what they would answer is gone
        await self._net.settle()
