"""Is a delivery from the network, and what a poll or a stream brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from offhold.connectors.abilities import JSON


class WebhookRequest(msgspec.Struct, frozen=True):
    """A delivery as it came: lower-case header names (repeated ones kept as a list), raw body."""

    method: str
    headers: tuple[tuple[str, str], ...]
    query: Mapping[str, str]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header; a signature header must appear exactly once."""
        return [v for k, v in self.headers if k == name]


class Accepted(msgspec.Struct, frozen=True):
    """It is from them: append the body."""


class Answered(msgspec.Struct, frozen=True):
    """A challenge, answered at once; nothing is stored."""

    body: bytes
    content_type: str = "text/plain"


class Forged(msgspec.Struct, frozen=True):
    """It is not from them: 401, counted, never stored. The reason is for the admin, not for the sender."""

    reason: str


Verdict = Accepted | Answered | Forged


class Batch(msgspec.Struct, frozen=True):
    """What one poll or stream step brought: raw bodies (each one arrival) and the cursor to store with them.

    `complete_until`: everything said before this time has been read: the screen's "complete until 14:02".
    """

    bodies: tuple[bytes, ...]
    cursor: JSON
    complete_until: datetime | None = None
    more: bool = False  # call again at once
    secrets: Mapping[str, str] | None = None  # rotated tokens, stored in the same transaction
