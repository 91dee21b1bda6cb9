"""Where a scenario is played: its own names for people and items, and what they stand for in the network."""

from __future__ import annotations

from offhold.networks.sandbox.world import acts, pictures
from offhold.networks.sandbox.world.network import Network, Refusal
from offhold.networks.sandbox.world.scenarios.step import Actor, Applaud, AsCompany, Delete, Direct, Edit, Post, Step


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
                acts.edit(self.net, who, self.item_id(act.of), act.text, via=self.via)
            case Delete() as act:
                acts.delete(self.net, who, self.item_id(act.of), via=self.via)
            case Applaud() as act:
                acts.applaud(self.net, self.item_id(act.of), act.likes, act.reposts)

    def who(self, actor: Actor) -> str:
        known = self._accounts.get(actor.handle)
        if known is None:
            known = self._accounts[actor.handle] = self._join(actor)
            self._actors[known] = actor
        return known

    def actor(self, account: str) -> Actor | None:
        return self._actors.get(account)

    def item_id(self, name: str) -> str:
        if name not in self._items:
            raise Refusal(404, "not_found", f"The scenario's {name} was never posted.")
        return self._items[name][0]

    def _keep(self, name: str, who: str, item_id: str) -> None:
        if name:
            self._items[name] = (item_id, who)

    def _join(self, actor: Actor) -> str:
        """The same person comes back in a later run; somebody else's handle gets a number behind."""
        for number in range(1000):
            handle = actor.handle[:26] + (str(number) if number else "")
            row = self.net.store.one("SELECT id, name FROM accounts WHERE handle = ?", handle)
            if row is None:
                row = acts.join(
                    self.net,
                    handle,
                    actor.name,
                    followers=actor.followers,
                    bio=actor.bio,
                    lang=actor.lang,
                    via=self.via,
                )
            if row["name"] == actor.name:
                return str(row["id"])
        raise Refusal(409, "handle_taken", "Too many people want this handle.")

    def _post(self, who: str, act: Post) -> str:
        media: tuple[str, ...] = ()
        if act.picture:
            media = (pictures.keep(self.net, who, pictures.snapshot(act.picture), act.picture)["id"],)
        parent = self.item_id(act.reply_to) if act.reply_to else None
        quotes = self.item_id(act.quotes) if act.quotes else None
        return str(acts.post(self.net, who, act.text, parent=parent, quotes=quotes, media=media, via=self.via)["id"])
