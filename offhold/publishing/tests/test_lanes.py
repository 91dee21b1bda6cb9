"""Which way is closed, and why, as a table."""

from __future__ import annotations

import msgspec
import pytest

from offhold.connectors.contract import Abilities, Counter, Manifest
from offhold.publishing.lanes import Account, direct_lane, public_lane

MANIFEST = Manifest(
    name="fake", label="Fake", can=Abilities(reply_public=True, reply_private=True),
    public_text=Counter(300), private_text=Counter(300),
)  # fmt: skip
OPEN = Account(1, "fake", "us", "northair", sending=True, paused=False, health="ok", manifest=MANIFEST)
NO_PUBLIC = msgspec.structs.replace(MANIFEST, can=Abilities(reply_private=True))
NO_PRIVATE = msgspec.structs.replace(MANIFEST, can=Abilities(reply_public=True))


@pytest.mark.parametrize(
    ("changed", "public", "direct"),
    [
        ({}, None, None),
        ({"sending": False}, "channel_watch_only", "channel_watch_only"),
        ({"paused": True}, "channel_paused", "channel_paused"),
        ({"health": "login_expired"}, "login_expired", "login_expired"),
        ({"manifest": None}, "network_gone", "network_gone"),
        ({"manifest": NO_PUBLIC}, "network_cannot_public", None),
        ({"manifest": NO_PRIVATE}, None, "network_cannot_direct"),
        ({"direct": False}, None, "login_without_direct"),
    ],
)
def test_why_a_lane_is_closed(changed: dict[str, object], public: str | None, direct: str | None) -> None:
    account = msgspec.structs.replace(OPEN, **changed)
    closed = public_lane(account, deleted=False), direct_lane(account)
    assert [c.code if c else None for c in closed] == [public, direct]


def test_nothing_is_said_under_words_that_are_gone() -> None:
    closed = public_lane(OPEN, deleted=True)
    assert closed is not None
    assert closed.code == "message_deleted"
