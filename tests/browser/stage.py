"""The stage of a browser test: a town whose channel may send, and people who come to its network by their own names."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from tests.journeys.town import Town, until
from tests.journeys.town import town as running_town


class Somebody(NamedTuple):
    """A person on the network. `name` is theirs alone here, so that a test finds its own line among all."""

    handle: str
    name: str


class Stage:
    """One installation for all tests of a run; each test brings its own customers and leaves the rest alone."""

    def __init__(self, town: Town, clock: Path) -> None:
        self.town = town
        self._clock = clock
        self.url = town.desk.url
        self.control = town.network.control
        self._number = itertools.count(1)
        self._signed_in: dict[str, list[dict[str, Any]]] = {}
        town.may_send()
        for who in town.cast:
            self._send_next(who, False)  # a story reads what it sent; `goes_on` is for those about going on

    def somebody(self, name: str = "", followers: int = 40) -> Somebody:
        """A new account. Without a name it gets one nobody else has."""
        number = next(self._number)
        made = Somebody(f"person{number}", name or f"Person Number{number:03}")
        self.control.call("POST", "/control/accounts", handle=made.handle, name=made.name, followers=followers)
        return made

    def asks(self, who: Somebody, text: str, **more: str) -> str:
        """Says it to the company in public; the post's id."""
        return self._done({"who": who.handle, "do": "post", "text": f"@northair {text}", **more})

    def writes(self, who: Somebody, text: str) -> str:
        """Says it to the company alone; the message's id."""
        return self._done({"who": who.handle, "do": "direct", "text": text, "to": "northair"})

    def _done(self, act: dict[str, Any]) -> str:
        done = self.control.act(act)[0]
        assert "error" not in done, done
        return str(done["id"])

    def ours(self, text: str) -> list[Any]:
        """What the network published of the company with these words, to whoever."""
        return self.town.network.oracle.published(author=self.town.company.account_id, text=text)

    def published_once(self, text: str) -> Any:
        """Wait until the network has it, and see that it has it once; its record."""
        until(lambda: self.ours(text), 30, 0.1, what=f"{text!r} on the network")
        (record,) = self.ours(text)
        return record

    def account(self, who: Somebody) -> str:
        """The network's own id of a person."""
        joined = self.town.network.oracle.records("joined")
        return next(str(record.account) for record in joined if record.name == who.name)

    def case_of(self, who: Somebody) -> dict[str, Any]:
        """The one case of this person, once it is there."""

        def there() -> Any:
            rows = self.town.cast["alice"].sees("/inbox", view="open", limit="200")["rows"]
            return next((row for row in rows if row["identity"]["handle"] == who.handle), None)

        case: dict[str, Any] = until(there, 30, 0.1, what=f"the case of @{who.handle}")
        return case

    def state_of(self, case_id: str) -> str:
        """Is the case open or resolved, as the desk has it."""
        return str(self.town.cast["alice"].case(case_id)["case"]["state"])

    def takes_calls(self) -> None:
        """Alice is on all that calls for a lead: the next call is the only one on her screens."""
        alice = self.town.cast["alice"]
        for page in alice.sees("/pages")["pages"]:
            alice.asks(f"/pages/{page['id']}/take")

    def saw_all_notices(self, who: str) -> None:
        """What other stories told this person is read: the bell counts this story's alone."""
        person = self.town.cast[who]
        if told := person.sees("/notices")["notices"]:
            person.asks("/notices/read", upto=told[0]["id"])

    def sending(self, on: bool) -> None:
        """Turn sending on or off, as a lead does in the settings."""
        self.town.cast["alice"].asks(f"/channels/{self.town.channel}/sending", on=on)

    def delivers(self, who: str, name: str, text: str) -> None:
        """A direct message no limit of the sandbox allows, put through the channel's real webhook."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        account = {"id": f"a{who}", "handle": who, "name": name, "followers": 1, "avatar": ""}
        said: dict[str, Any] = {
            "id": f"m{who}", "visibility": "private", "author": account, "text": text, "lang": "en",
            "created_at": now, "edited_at": None, "version": 1, "media": [],
            "conversation": f"c{who}", "recipient": {**account, "id": self.town.company.account_id},
        }  # fmt: skip
        event = {"id": str(10**9), "type": "direct.created", "at": said["created_at"], "reason": "direct"}
        body = {
            "account": self.town.company.account_id, "cursor": "1", "as_of": None,
            "events": [{**event, "direct": said}],
        }  # fmt: skip
        raw = json.dumps(body).encode()
        secret = self.town.company.typed["webhook_secret"].encode()
        signature = "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()
        hook = self.town.cast["alice"].sees(f"/channels/{self.town.channel}/hook")["url"]
        answer = httpx.post(self.url + urlsplit(hook).path, content=raw, headers={"x-sandbox-signature": signature})
        assert answer.status_code == 200, answer.text

    @contextmanager
    def policy(self, **changed: Any) -> Iterator[None]:
        """What has to happen before something goes out, for as long as this lasts; then nothing has to, as before.
        Meanwhile whoever sent something goes on, as people do, and it waits in its strip."""
        alice = self.town.cast["alice"]
        before = alice.sees("/publishing/policy")
        alice.changes("/publishing/policy", version=before["version"], policy={**before["policy"], **changed})
        try:
            with self.goes_on(*self.town.cast):
                yield
        finally:
            now = alice.sees("/publishing/policy")["version"]
            alice.changes("/publishing/policy", version=now, policy=before["policy"])

    @contextmanager
    def later(self, seconds: float) -> Iterator[None]:
        """For every process it is later by so much."""
        self._clock.write_text(str(seconds))
        try:
            yield
        finally:
            self._clock.write_text("0")

    def holds(self, public: int = 0, private: int = 0) -> AbstractContextManager[None]:
        """Replies can be taken back for so many seconds."""
        return self.policy(holds={"public": public, "private": private})

    @contextmanager
    def goes_on(self, *names: str) -> Iterator[None]:
        """Once these people have sent something, the next case of their list opens, as it does for everybody new."""
        for who in names:
            self._send_next(who, True)
        try:
            yield
        finally:
            for who in names:
                self._send_next(who, False)

    def _send_next(self, who: str, on: bool) -> None:
        person = self.town.cast[who]
        kept = person.sees("/me/preferences")["preferences"]
        person.changes("/me/preferences", **{**kept, "send_next": on})

    def cookies(self, who: str) -> list[dict[str, Any]]:
        """The sign-in of somebody of the team, for a browser that need not type it. One for all of their browsers: a
        password is slow to check, and each story opens several."""
        if who not in self._signed_in:
            address = who if "@" in who else f"{who}@northair.example"
            jar = self.town.desk.signed_in(address).cookies.jar
            self._signed_in[who] = [{"name": c.name, "value": c.value or "", "url": self.url} for c in jar]
        return self._signed_in[who]


@contextmanager
def stage(database_url: str, place: Path) -> Iterator[Stage]:
    """Everything that runs, until the end."""
    with running_town(database_url, place) as made:
        yield Stage(made, place / "clock")
