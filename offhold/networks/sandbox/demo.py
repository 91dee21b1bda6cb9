"""The demo's company on a running sandbox network, and what an admin would type to connect it.

Uses only the standard library and the control API, because it acts as the network's owner, not as the desk.
"""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from typing import Any

import msgspec

NORTHAIR = ("northair", "Northwind Air", 1_600_000, "We fly, we help. Replies from people, day and night.")
NORTHFIBRE = ("northfibre", "Northwind Fibre", 84_000, "Internet for the north coast.")
NORTHSHOP = ("northshop", "Northwind Shop", 212_000, "Cameras, tablets, coffee machines. Shipped in a day.")


class ControlError(RuntimeError):
    """The network refused an act of its owner; the text says why, without the token."""


class DemoCompany(msgspec.Struct, frozen=True):
    """`typed` is what `connector.connect` takes; it holds secrets, so it is kept out of the repr."""

    account_id: str
    handle: str
    name: str
    typed: dict[str, str]

    def __repr__(self) -> str:
        return f"DemoCompany(@{self.handle})"


class Control:
    """A running network as its owner has it in hand: `address` and `control_token` from the ready file."""

    def __init__(self, address: str, control_token: str) -> None:
        self._address, self._token = address.rstrip("/"), control_token
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open  # never through a proxy

    def __repr__(self) -> str:
        return f"Control({self._address})"

    def found_company(self, handle: str, name: str, followers: int, bio: str = "") -> DemoCompany:
        """Create the account, or take the one that is there (a second start), with a fresh token and secret."""
        account = self.account(handle) or self.call(
            "POST", "/control/accounts", handle=handle, name=name, followers=followers, bio=bio, kind="company"
        )
        token = self.call("POST", "/control/tokens", account=account["id"])["token"]
        typed = {"base_url": self._address, "token": token, "webhook_secret": secrets.token_urlsafe(32)}
        return DemoCompany(account["id"], account["handle"], account["name"], typed)

    def account(self, handle: str) -> dict[str, Any] | None:
        found: list[dict[str, Any]] = self.call("GET", "/control/companies")["accounts"]
        return next((a for a in found if a["handle"] == handle), None)

    def register_webhook(self, company: DemoCompany, url: str) -> str:
        """Deliver what happens to the company to this address, signed with its secret. The subscription's id.

        It takes the place of the company's earlier ones and of what they had not delivered, so that a second start,
        on another port or with another secret, leaves none behind.
        """
        asked = {"account": company.account_id, "url": url, "secret": company.typed["webhook_secret"]}
        return str(self.call("POST", "/control/subscriptions", None, **asked, replace=True)["id"])

    def play(self, scenario: str, company: str, *, seed: int = 1, speed: float = 1.0, limit: int | None = None) -> str:
        answer = self.call(
            "POST", "/control/scenarios", name=scenario, company=company, seed=seed, speed=speed, limit=limit
        )
        return str(answer["id"])

    def stop(self, play: str) -> None:
        self.call("DELETE", f"/control/scenarios/{play}")

    def act(self, *acts: dict[str, Any]) -> list[dict[str, Any]]:
        """Somebody does something: `{"who", "do", ...}` as in `world/control.py`; the network's view of each result."""
        done: list[dict[str, Any]] = self.call("POST", "/control/acts", list(acts))["done"]
        return done

    def fault(self, name: str, scope: str = "*", **more: Any) -> str:
        """Switch one on (`world/faults.py` says what each means). Its id."""
        return str(self.call("POST", "/control/faults", name=name, scope=scope, **more)["id"])

    def no_faults(self) -> None:
        self.call("DELETE", "/control/faults")

    def call(self, method: str, path: str, body: list[Any] | None = None, **fields: Any) -> Any:
        """The answer's JSON. Raises ControlError."""
        content = json.dumps(body if body is not None else fields).encode() if method != "GET" else None
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        request = urllib.request.Request(self._address + path, content, headers, method=method)  # noqa: S310
        try:
            with self._open(request, timeout=30) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise ControlError(
                f"{method} {path}: {error.code} {error.read()[:300].decode('utf-8', 'replace')}"
            ) from None
        except OSError as error:
            raise ControlError(f"the sandbox network does not answer at {self._address}") from error
