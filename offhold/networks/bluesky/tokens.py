"""The tokens of our accounts, the newest of each kept in memory. Pure but for the memory.

A refresh makes a new pair. The desk stores it with the next batch or receipt; until then, and for the other tasks of
this process, the memory has it. Whichever was issued later wins, so an account that was connected anew wins too.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Mapping
from datetime import datetime
from weakref import WeakKeyDictionary

import msgspec

from offhold.connectors.contract import Channel

_ASK_AGAIN = 600.0  # seconds


class Tokens(msgspec.Struct, frozen=True):
    """An access token (about two hours), a refresh token (about two months), and the app password behind both."""

    access: str
    refresh: str
    password: str

    def __repr__(self) -> str:
        return "Tokens(...)"

    def secrets(self) -> Mapping[str, str]:
        return {"access_jwt": self.access, "refresh_jwt": self.refresh, "app_password": self.password}


class _Claims(msgspec.Struct):
    iat: float = 0
    scope: str = ""


def stored(secrets: Mapping[str, str]) -> Tokens:
    return Tokens(secrets.get("access_jwt", ""), secrets.get("refresh_jwt", ""), secrets.get("app_password", ""))


def claims(token: str) -> _Claims:
    """What a token says of itself, unverified (it is ours, and the server verifies it); nothing if it is opaque."""
    payload = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims)
    except (ValueError, RecursionError):
        return _Claims()


class Login:
    """One account's tokens in this process, and one refresh at a time in each event loop.

    Two loops, or two processes, may refresh at once: the server gives both the same next refresh token for two hours.
    """

    def __init__(self) -> None:
        self.tokens = Tokens("", "", "")
        self.handle = ""  # as the server last told it, once a session was renewed
        self.renewed_at: datetime | None = None
        self._refused: tuple[str, float] = ("", 0.0)
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    def learn(self, known: Tokens) -> None:
        """Take stored tokens if they were issued later than ours, or belong to another app password."""
        newer = claims(known.access).iat > claims(self.tokens.access).iat
        if newer or known.password != self.tokens.password:
            self.tokens = known

    def refuse(self) -> None:
        """The server did not take our app password: asking at every poll would only use up the login limit."""
        self._refused = (self.tokens.password, time.monotonic() + _ASK_AGAIN)

    def refused(self) -> bool:
        password, until = self._refused
        return password == self.tokens.password and time.monotonic() < until

    def lock(self) -> asyncio.Lock:
        return self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())


class Keyring:
    """Every account this process has spoken for."""

    def __init__(self) -> None:
        self._logins: dict[tuple[str, str], Login] = {}

    def login(self, channel: Channel) -> Login:
        login = self._logins.setdefault((channel.config.get("pds", ""), channel.account_id), Login())
        login.learn(stored(channel.secrets))
        return login
