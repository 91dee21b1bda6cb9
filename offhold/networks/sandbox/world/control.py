"""The control API: what tests and the demo turn, with the control token. No app of a company ever sees it.

POST /control/accounts · /control/tokens · /control/tokens/revoke · /control/subscriptions · /control/acts (a list) ·
/control/faults · /control/limits · /control/scenarios; GET /control/state,
/control/companies, /control/faults, /control/scenarios;
DELETE on /control/subscriptions/{id}, /control/faults, /control/faults/{id}, /control/scenarios/{id}.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from offhold.networks.sandbox.world import acts, announce, gate, shape, tokens
from offhold.networks.sandbox.world.clock import iso
from offhold.networks.sandbox.world.faults import Ask
from offhold.networks.sandbox.world.gate import Reply
from offhold.networks.sandbox.world.limits import Limits
from offhold.networks.sandbox.world.network import Network, Refusal
from offhold.networks.sandbox.world.push import Webhooks
from offhold.networks.sandbox.world.scenarios.player import Player

T = TypeVar("T")


class AccountIn(msgspec.Struct):
    handle: str
    name: str = ""
    followers: int = 0
    bio: str = ""
    lang: str = "en"
    kind: str = "person"


class TokenIn(msgspec.Struct):
    account: str
    seconds: float | None = None


class SubscriptionIn(msgspec.Struct):
    account: str
    url: str
    secret: str
    replace: bool = False


class SecretIn(msgspec.Struct):
    secret: str


class Act(msgspec.Struct):
    """Somebody does something. `do`: post, direct, edit, delete, like, repost, follow, rename, suspend or restore."""

    who: str
    do: str
    text: str = ""
    id: str | None = None
    to: str | None = None
    quotes: str | None = None
    key: str | None = None


class PlayIn(msgspec.Struct):
    name: str
    company: str
    seed: int = 1
    speed: float = 1.0
    limit: int | None = None


class LimitsIn(msgspec.Struct):
    rules: dict[str, tuple[int, int]] = {}
    key_window: float | None = None


class Asked(msgspec.Struct, frozen=True):
    """One call: the id in its path, if any, and its body."""

    id: str
    body: bytes

    def read(self, expected: type[T]) -> T:
        try:
            return msgspec.json.decode(self.body or b"{}", type=expected)
        except msgspec.DecodeError as error:
            raise Refusal(400, "bad_request", str(error)) from error


class Control:
    def __init__(self, net: Network, limits: Limits, webhooks: Webhooks, player: Player, token: str) -> None:
        self._net, self._limits, self._webhooks, self._player = net, limits, webhooks, player
        self._token = token.encode()

    def routes(self) -> list[Route]:
        return [
            self._at("POST", "/control/accounts", self.account),
            self._at("GET", "/control/companies", self.companies),
            self._at("POST", "/control/tokens", self.token),
            self._at("POST", "/control/tokens/revoke", self.revoke),
            self._at("POST", "/control/subscriptions", self.subscribe),
            self._at("PATCH", "/control/subscriptions/{id}", self.new_secret),
            self._at("DELETE", "/control/subscriptions/{id}", self.unsubscribe),
            self._at("POST", "/control/acts", self.act),
            self._at("POST", "/control/faults", self.fault_on),
            self._at("GET", "/control/faults", self.faults),
            self._at("DELETE", "/control/faults", self.faults_off),
            self._at("DELETE", "/control/faults/{id}", self.faults_off),
            self._at("POST", "/control/limits", self.limits),
            self._at("POST", "/control/scenarios", self.play),
            self._at("GET", "/control/scenarios", self.playing),
            self._at("DELETE", "/control/scenarios/{id}", self.stop),
            self._at("GET", "/control/state", self.state),
        ]

    def account(self, asked: Asked) -> Reply:
        said = asked.read(AccountIn)
        if said.kind not in ("person", "company"):
            raise Refusal(422, "bad_kind", "An account is a person or a company.")
        row = acts.join(
            self._net,
            said.handle,
            said.name or said.handle,
            followers=said.followers,
            bio=said.bio,
            lang=said.lang,
            kind=said.kind,
            via="control",
        )
        return Reply(201, shape.account(self._net, row))

    def companies(self, _: Asked) -> Reply:
        rows = self._net.store.all("SELECT * FROM accounts WHERE kind = 'company' ORDER BY created")
        return Reply(200, {"accounts": [shape.account(self._net, r) for r in rows]})

    def token(self, asked: Asked) -> Reply:
        said = asked.read(TokenIn)
        token, expires = tokens.issue(self._net, self._net.account(said.account)["id"], said.seconds)
        return Reply(201, {"token": token, "expires_at": iso(expires) if expires else None})

    def revoke(self, asked: Asked) -> Reply:
        tokens.revoke_all(self._net, self._net.account(asked.read(TokenIn).account)["id"])
        return Reply(200, {})

    def subscribe(self, asked: Asked) -> Reply:
        said = asked.read(SubscriptionIn)
        account = self._net.account(said.account)["id"]
        if account not in self._net.connected:
            raise Refusal(409, "not_connected", "The account needs a token first.")
        return Reply(201, {"id": self._webhooks.subscribe(account, said.url, said.secret, replace=said.replace)})

    def new_secret(self, asked: Asked) -> Reply:
        self._webhooks.change_secret(asked.id, asked.read(SecretIn).secret)
        return Reply(200, {})

    def unsubscribe(self, asked: Asked) -> Reply:
        self._webhooks.unsubscribe(asked.id)
        return Reply(200, {})

    def act(self, asked: Asked) -> Reply:
        """All acts of the list, in order; one that is refused says so in its place and the rest go on."""
        return Reply(200, {"done": [self._done(a) for a in asked.read(list[Act])]})

    def fault_on(self, asked: Asked) -> Reply:
        try:
            fault = self._net.faults.switch_on(asked.read(Ask))
        except ValueError as error:
            raise Refusal(422, "no_such_fault", str(error)) from error
        self._net.record("fault_on", fault=fault.view())
        return Reply(201, fault.view())

    def faults(self, _: Asked) -> Reply:
        return Reply(200, {"faults": [f.view() for f in self._net.faults.all()]})

    def faults_off(self, asked: Asked) -> Reply:
        self._net.faults.switch_off(asked.id or None)
        self._net.record("fault_off", id=asked.id or None)
        return Reply(200, {})

    def limits(self, asked: Asked) -> Reply:
        said = asked.read(LimitsIn)
        self._limits.rules.update({k: v for k, v in said.rules.items() if k in self._limits.rules})
        if said.key_window is not None:
            self._net.key_window = said.key_window
        return Reply(200, {"rules": self._limits.rules, "key_window": self._net.key_window})

    def play(self, asked: Asked) -> Reply:
        said = asked.read(PlayIn)
        play_id = self._player.play(said.name, said.company, seed=said.seed, speed=said.speed, limit=said.limit)
        return Reply(201, {"id": play_id})

    def playing(self, _: Asked) -> Reply:
        return Reply(200, {"scenarios": self._player.states()})

    def stop(self, asked: Asked) -> Reply:
        self._player.stop(asked.id)
        return Reply(200, {})

    def state(self, _: Asked) -> Reply:
        count = self._net.store.number
        return Reply(
            200,
            {
                "now": iso(self._net.now()),
                "accounts": count("SELECT count(*) FROM accounts"),
                "statuses": count("SELECT count(*) FROM items WHERE audience = 'public'"),
                "messages": count("SELECT count(*) FROM items WHERE audience = 'private'"),
                "events": self._net.seen,
                "subscriptions": [
                    {
                        "id": r["id"],
                        "account": r["account"],
                        "url": r["url"],
                        "cursor": r["cursor"],
                        "waiting": count(
                            "SELECT count(*) FROM events WHERE account = ? AND seq > ?", r["account"], r["cursor"]
                        ),
                        "failed_tries": self._webhooks.failures.get(r["id"], 0),
                    }
                    for r in self._net.store.all("SELECT * FROM subscriptions")
                ],
            },
        )

    def _done(self, act: Act) -> dict[str, Any]:
        try:
            return self._do(act, self._net.account(act.who)["id"])
        except Refusal as no:
            return {"error": {"code": no.code, "message": str(no)}}

    def _do(self, act: Act, who: str) -> dict[str, Any]:
        net, item_id = self._net, act.id or ""
        match act.do:
            case "post":
                row = acts.post(net, who, act.text, parent=act.to, quotes=act.quotes, key=act.key, via="control")
            case "direct":
                row = acts.direct(net, who, act.to or "", act.text, key=act.key, via="control")
            case "edit":
                row = acts.edit(net, who, item_id, act.text, via="control")
            case "delete":
                return shape.tombstone(acts.delete(net, who, item_id, via="control"), who)
            case "like" | "repost":
                row = acts.touch(net, who, item_id, act.do + "s")
            case "follow":
                acts.follow(net, who, act.to or "")
                return {}
            case "rename" | "suspend" | "restore":
                return self._change_account(act, who)
            case _:
                raise Refusal(422, "no_such_act", f"Nobody can {act.do!r}.")
        return shape.item(net, row, who)

    def _change_account(self, act: Act, who: str) -> dict[str, Any]:
        if act.do == "rename":
            if not acts.HANDLE.fullmatch(act.text):
                raise Refusal(422, "bad_handle", "A handle has 1 to 30 letters, digits or _.")
            self._net.store.write("UPDATE accounts SET handle = ? WHERE id = ?", act.text, who)
        else:
            self._net.store.write("UPDATE accounts SET suspended = ? WHERE id = ?", int(act.do == "suspend"), who)
        if who in self._net.connected:
            kind = {"rename": "renamed", "suspend": "suspended", "restore": "restored"}[act.do]
            announce.tell(self._net, who, f"account.{kind}", detail=act.text)
        return shape.account(self._net, self._net.account(who))

    def _at(self, method: str, path: str, do: Callable[[Asked], Reply]) -> Route:
        async def serve(request: Request) -> Response:
            given = tokens.bearer(request.headers.get("authorization", "")).encode("utf-8", "replace")
            if not hmac.compare_digest(given, self._token):
                return gate.answer(gate.refused(Refusal(401, "bad_token", "The control token is needed.")))
            try:
                reply = do(Asked(request.path_params.get("id", ""), await request.body()))
            except Refusal as no:
                reply = gate.refused(no)
            await self._net.settle()
            return gate.answer(reply)

        return Route(path, serve, methods=[method], name=f"{method} {path}")
