"""Plays scenarios into the network. Time is the network's clock, so moving the clock file on plays what became due."""

from __future__ import annotations

import asyncio
import zlib
from random import Random
from typing import Any

import msgspec

from .. import acts, pictures
from ..network import Network, Refusal
from .catalogue import SCENARIOS
from .reactions import Reactions
from .step import Actor, Applaud, AsCompany, Delete, Direct, Edit, Post, Step

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


class Stage:
    """What a scenario's own names stand for in the network."""

    def __init__(self, net: Network, company: str, via: str) -> None:
        self.net, self.via = net, via
        self.company = net.account(company)["id"]
        self._accounts: dict[str, str] = {}
        self._actors: dict[str, Actor] = {}
        self._items: dict[str, tuple[str, str]] = {}  # name -> (id, its author)

    def do(self, step: Step) -> None:
        """Raises Refusal where an item it builds on is gone."""
        who = self.company if step.actor is None else self.who(step.actor)
        match step.act:
            case Post() as act:
                self._keep(act.ref, who, self._post(who, act))
            case Direct() as act:
                self._keep(act.ref, who, acts.direct(self.net, who, self.company, act.text, via=self.via)["id"])
            case AsCompany() as act:
                self._keep(act.ref, self.company, acts.post(self.net, self.company, act.text, via=self.via)["id"])
            case Edit() as act:
                acts.edit(self.net, who, self.id(act.of), act.text, via=self.via)
            case Delete() as act:
                acts.delete(self.net, who, self.id(act.of), via=self.via)
            case Applaud() as act:
                acts.applaud(self.net, self.id(act.of), act.likes, act.reposts)

    def who(self, actor: Actor) -> str:
        known = self._accounts.get(actor.handle)
        if known is None:
            known = self._accounts[actor.handle] = self._join(actor)
            self._actors[known] = actor
        return known

    def actor(self, account: str) -> Actor | None:
        return self._actors.get(account)

    def id(self, name: str) -> str:
        if name not in self._items:
            raise Refusal(404, "not_found", f"The scenario's {name} was never posted.")
        return self._items[name][0]

    def _keep(self, name: str, who: str, id: str) -> None:
        if name:
            self._items[name] = (id, who)

    def _join(self, actor: Actor) -> str:
        """The same person comes back in a later run; somebody else's handle gets a number behind."""
        for number in range(1000):
            handle = actor.handle[:26] + (str(number) if number else "")
            row = self.net.store.one("SELECT id, name FROM accounts WHERE handle = ?", handle)
            if row is None:
                row = acts.join(self.net, handle, actor.name, followers=actor.followers, bio=actor.bio,
                                lang=actor.lang, via=self.via)  # fmt: skip
            if row["name"] == actor.name:
                return str(row["id"])
        raise Refusal(409, "handle_taken", "Too many people want this handle.")

    def _post(self, who: str, act: Post) -> str:
        media: tuple[str, ...] = ()
        if act.picture:
            media = (pictures.keep(self.net, who, pictures.snapshot(act.picture), act.picture)["id"],)
        parent = self.id(act.reply_to) if act.reply_to else None
        quotes = self.id(act.quotes) if act.quotes else None
        return str(acts.post(self.net, who, act.text, parent=parent, quotes=quotes, media=media, via=self.via)["id"])


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
        id = f"play{len(self._plays) + 1}"
        self._plays[id] = Play(id, name, account["handle"], seed, speed, limit)
        self._tasks[id] = asyncio.create_task(self._run(self._plays[id]), name=id)
        return id

    def speed_of(self, name: str) -> float:
        """The speed at which its button plays it."""
        return SCENARIOS[name].speed if name in SCENARIOS else 1.0

    def states(self) -> list[dict[str, Any]]:
        return [msgspec.structs.asdict(p) for p in self._plays.values()]

    def stop(self, id: str) -> None:
        if id not in self._tasks:
            raise Refusal(404, "not_found", "Nothing of that name is playing.")
        self._tasks[id].cancel()
        if id in self._reactions:
            self._reactions[id].cancel()
        if self._plays[id].state == "playing":
            self._plays[id].state = "stopped"

    def stop_all(self) -> None:
        for id in self._tasks:
            self.stop(id)

    async def _run(self, play: Play) -> None:
        stage = Stage(self._net, play.company, f"scenario {play.name}")
        reactions = Reactions(self._net, stage, play.seed, play.speed)
        self._reactions[play.id] = asyncio.create_task(reactions.run(), name=f"reactions {play.id}")
        await self._play_all(play, stage)
        play.state = "over"

    async def _play_all(self, play: Play, stage: Stage) -> None:
        seed = Random(f"{play.name} {play.seed} {zlib.crc32(play.company.encode())}")
        start = self._net.now()
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
