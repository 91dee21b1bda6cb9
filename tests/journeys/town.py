"""The stage of a story: one company's desk and the network its customers are on, every process real.

The cast: alice leads (and may do everything), bob answers, oscar only looks on; dora is the customer.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from offhold.networks.sandbox.demo import NORTHAIR, DemoCompany
from offhold.networks.sandbox.tests.running import Running as Network
from offhold.networks.sandbox.tests.running import network as running_network
from tests.support.running import PASSWORD, Running, running, until
from tests.support.site import Browser

CAST = {"alice": "admin", "bob": "agent", "oscar": "observer"}


class Person:
    """Somebody of the team at their browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def sees(self, path: str, **query: str) -> Any:
        answer = self._browser.get(f"/api{path}", params=query)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def asks(self, path: str, expected: int = 200, **body: Any) -> Any:
        answer = self._browser.post(f"/api{path}", json=body)
        assert answer.status_code == expected, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def changes(self, path: str, **body: Any) -> Any:
        answer = self._browser.put(f"/api{path}", json=body)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def removes(self, path: str) -> None:
        answer = self._browser.delete(f"/api{path}")
        assert answer.status_code in (200, 204), f"{path}: {answer.status_code} {answer.text}"

    def cases(self, view: str = "open") -> list[Any]:
        rows: list[Any] = self.sees("/inbox", view=view)["rows"]
        return rows

    def case(self, case_id: str) -> Any:
        return self.sees(f"/cases/{case_id}")

    def said(self, case_id: str) -> list[tuple[str, str, str]]:
        """The messages of a case as (direction, audience, text), oldest first."""
        items = self.case(case_id)["timeline"]
        return [(i["direction"], i["audience"], i["text"]) for i in items if i["type"] == "message"]

    def answers_publicly(self, page: Any, text: str, expected: int = 202) -> Any:
        """Under what this person last saw of the case: `page`."""
        case, lane = page["case"], page["lanes"]["public"]
        return self.asks(
            f"/cases/{case['id']}/public-replies", expected, client_key=str(uuid.uuid4()), text=text,
            in_reply_to=lane["in_reply_to"], seen_version=case["version"], before={"written_as": "public"},
        )  # fmt: skip

    def answers_directly(self, page: Any, text: str, expected: int = 202) -> Any:
        case, lane = page["case"], page["lanes"]["direct"]
        return self.asks(
            f"/cases/{case['id']}/direct-replies", expected, client_key=str(uuid.uuid4()), text=text,
            to_identity=lane["to_identity"], in_reply_to=lane["in_reply_to"], seen_version=case["version"],
            before={"written_as": "private"},
        )  # fmt: skip


class Town:
    """`cast` is signed in; `channel` is connected, watch-only, and the network delivers to it."""

    def __init__(self, desk: Running, network: Network) -> None:
        self.desk, self.network = desk, network
        self.company = network.control.found_company(*NORTHAIR)
        for name, role in CAST.items():
            desk.create_user(f"{name}@northair.example", role, name.title())
        self.cast = {name: Person(desk.signed_in(f"{name}@northair.example")) for name in CAST}
        self.channel = self._connect(self.company)
        self.holds()

    def _connect(self, company: DemoCompany) -> str:
        alice = self.cast["alice"]
        channel = alice.asks("/channels", 201, network="sandbox", typed=company.typed)["channel"]
        address = alice.sees(f"/channels/{channel['id']}/hook")["url"]
        self.network.control.register_webhook(company, self.desk.url + address[address.index("/hooks/") :])
        return str(channel["id"])

    def somebody_else(self) -> Person:
        """The lead of another company on the same installation."""
        self.desk.command(
            "create-user", "eve@other.example", "--workspace", "Other company", "--role", "admin", "--name", "Eve",
            typed=PASSWORD + "\n",
        )  # fmt: skip
        return Person(self.desk.signed_in("eve@other.example"))

    def holds(self, public: int = 0, private: int = 0) -> None:
        """For how many seconds replies can be taken back; by itself the town does not wait."""
        policy = self.cast["alice"].sees("/publishing/policy")
        policy["policy"]["holds"] = {"public": public, "private": private}
        self.cast["alice"].changes("/publishing/policy", **policy)

    def may_send(self) -> None:
        self.cast["alice"].asks(f"/channels/{self.channel}/sending", on=True)

    def joins(self, handle: str) -> None:
        """Somebody new comes to the network."""
        self.network.control.call("POST", "/control/accounts", handle=handle, name=handle.title())

    def posts(self, who: str, text: str, **more: str) -> str:
        """Somebody says something to the company in public; the post's id on the network."""
        return str(self.network.control.act({"who": who, "do": "post", "text": f"@northair {text}", **more})[0]["id"])

    def writes(self, who: str, text: str) -> str:
        """Somebody writes the company a direct message."""
        return str(self.network.control.act({"who": who, "do": "direct", "text": text, "to": "northair"})[0]["id"])

    def ours(self, audience: str) -> list[Any]:
        """What the company really published, by the network's own log."""
        return self.network.oracle.published(author=self.company.account_id, audience=audience)


@contextmanager
def town(database_url: str, place: Path, **settings: str) -> Iterator[Town]:
    """Everything of one story, until its end. All processes read the time from `place / "clock"`, should it appear."""
    clock = str(place / "clock")
    with running_network(place / "network", OFFHOLD_CLOCK_FILE=clock) as network:
        host = network.address.removeprefix("http://")
        settings = {"allow_private_hosts": host, "poll_seconds": "2", "clock_file": clock, **settings}
        with running(database_url, place / "var", **settings) as desk:
            yield Town(desk, network)


__all__ = ["Person", "Town", "town", "until"]
