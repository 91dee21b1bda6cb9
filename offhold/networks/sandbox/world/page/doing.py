"""What a visitor's forms do: they act as whoever they play, and start and stop storms."""

from __future__ import annotations

from collections.abc import Mapping
from sqlite3 import Row

import msgspec

from offhold.networks.sandbox.world import acts
from offhold.networks.sandbox.world.network import Network, Refusal
from offhold.networks.sandbox.world.scenarios.player import Player


class Done(msgspec.Struct, frozen=True):
    """Where the visitor goes then, a line to show there, and whom they play from now on, if that changed."""

    to: str
    said: str = ""
    playing: str = ""


class Doing:
    def __init__(self, net: Network, player: Player) -> None:
        self._net, self._player = net, player

    def do(self, what: str, target: str, form: Mapping[str, str], me: Row | None, here: str) -> Done:
        """Raises Refusal with words for the visitor; ValueError for a number that is none."""
        text = form.get("text", "").replace("\r\n", "\n").strip()
        match what:
            case "play" | "join":
                return self._plays(self._net.account(target) if what == "play" else self._join(form))
            case "storm":
                return self._storm(target, form)
            case "calm":
                self._player.stop(target)
                return Done("/storms", "Stopped.")
            case "post" | "reply" | "quote":
                return self._say(check_somebody(me)["id"], what, target, text)
            case "direct":
                acts.direct(self._net, check_somebody(me)["id"], target, text, via="page")
                return Done(f"/direct/{self._net.account(target)['handle']}")
            case _:
                return self._change(check_somebody(me)["id"], what, target, text, here)

    def _say(self, who: str, what: str, target: str, text: str) -> Done:
        parent, quotes = (target, None) if what == "reply" else (None, target or None)
        row = acts.post(self._net, who, text, parent=parent, quotes=quotes, via="page")
        return Done("/" if what == "post" else f"/status/{row['conversation']}")

    def _change(self, who: str, what: str, target: str, text: str, here: str) -> Done:
        match what:
            case "edit":
                acts.edit(self._net, who, target, text, via="page")
                return Done(f"/status/{target}")
            case "delete":
                row = acts.delete(self._net, who, target, via="page")
                return Done(here if row["audience"] == "private" else "/", "Deleted.")
            case "like" | "repost":
                acts.touch(self._net, who, target, what + "s")
                return Done(f"{here}#{target}")
            case _:
                raise Refusal(404, "not_found", "There is no such act.")

    def _join(self, form: Mapping[str, str]) -> Row:
        handle = form.get("handle", "").strip().removeprefix("@")
        return acts.join(self._net, handle, form.get("name", "") or handle, via="page")

    @staticmethod
    def _plays(account: Row) -> Done:
        return Done("/", f"You are {account['name']} now.", account["id"])

    def _storm(self, name: str, form: Mapping[str, str]) -> Done:
        company = self._net.account(form.get("company", ""))["handle"]
        seed = int(form["seed"]) if form.get("seed") else self._net.now() % 100_000
        speed = float(form["speed"]) if form.get("speed") else self._player.speed_of(name)
        self._player.play(name, company, seed=seed, speed=speed)
        return Done("/storms", f"It plays now, for @{company}, with seed {seed}.")


def check_somebody(me: Row | None) -> Row:
    if me is None:
        raise Refusal(403, "nobody", "Choose whom you play first.")
    return me
