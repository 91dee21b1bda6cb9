"""Plays scenarios into the network. Time is the network's clock, so moving the clock file on plays what became due."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import msgspec

from offhold.networks.sandbox.world.network import Network, Refusal
from offhold.networks.sandbox.world.scenarios.catalogue import SCENARIOS
from offhold.networks.sandbox.world.scenarios.reactions import Reactions
from offhold.networks.sandbox.world.scenarios.stage import Stage
from offhold.networks.sandbox.world.scenarios.step import Step

LONGEST_NAP = 1.0  # a moved clock is noticed this soon
BURST = 200  # steps played before the loop gets its turn and the disk is waited for


class Play(msgspec.Struct):
    """One running scenario. `speed` 60 plays an hour in a minute."""

    id: str
    name: str
    company: str
    seed: int
    speed: float
    limit: int | None
    played: int = 0
    refused: int = 0
    state: str = "playing"


class Player:
    def __init__(self, net: Network) -> None:
        self._net = net
        self._plays: dict[str, Play] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._reactions: dict[str, asyncio.Task[None]] = {}

    def play(self, name: str, company: str, *, seed: int = 1, speed: float = 1.0, limit: int | None = None) -> str:
        """Its id. Raises Refusal for a scenario or a company that is not there."""
        if name not in SCENARIOS:
            raise Refusal(404, "no_such_scenario", f"There are {', '.join(SCENARIOS)}.")
        if not 0 < speed <= 1e9:
            raise Refusal(422, "bad_speed", "The speed is a number above 0.")
        account = self._net.account(company)
        play_id = f"play{len(self._plays) + 1}"
        self._plays[play_id] = Play(play_id, name, account["handle"], seed, speed, limit)
        start = self._net.now()  # here, not in the task: whoever was answered may move the clock before that begins
        self._tasks[play_id] = asyncio.create_task(self._run(self._plays[play_id], start), name=play_id)
        return play_id

    def speed_of(self, name: str) -> float:
        """The speed at which its button plays it."""
        return SCENARIOS[name].speed if name in SCENARIOS else 1.0

    def states(self) -> list[dict[str, Any]]:
        return [msgspec.structs.asdict(p) for p in self._plays.values()]

    def stop(self, play_id: str) -> None:
        if play_id not in self._tasks:
            raise Refusal(404, "not_found", "Nothing of that name is playing.")
        self._tasks[play_id].cancel()
        if play_id in self._reactions:
            self._reactions[play_id].cancel()
        if self._plays[play_id].state == "playing":
            self._plays[play_id].state = "stopped"

    def stop_all(self) -> None:
        for play_id in self._tasks:
            self.stop(play_id)

    async def _run(self, play: Play, start: int) -> None:
        stage = Stage(self._net, play.company, f"scenario {play.name}")
        reactions = Reactions(self._net, stage, play.seed, play.speed)
        self._reactions[play.id] = asyncio.create_task(reactions.run(), name=f"reactions {play.id}")
        await self._play_all(play, stage, start)
        play.state = "over"

    async def _play_all(self, play: Play, stage: Stage, start: int) -> None:
        seed = Random(f"{play.name} {play.seed}")  # noqa: S311 - the same seed tells the same story
        for step in SCENARIOS[play.name].steps(seed, play.company):
            if play.limit is not None and play.played + play.refused >= play.limit:
                break
            await self._until(start + step.at / play.speed * 1000)
            self._do(play, stage, step)
            if (play.played + play.refused) % BURST == 0:
                await self._net.settle()
                await asyncio.sleep(0)
        await self._net.settle()

    async def _until(self, due: float) -> None:
        if (left := (due - self._net.now()) / 1000) <= 0:
            return
        await self._net.settle()
        while left > 0:
            await asyncio.sleep(min(left, LONGEST_NAP))
            left = (due - self._net.now()) / 1000

    def _do(self, play: Play, stage: Stage, step: Step) -> None:
        try:
            stage.do(step)
            play.played += 1
        except Refusal:
            play.refused += 1
