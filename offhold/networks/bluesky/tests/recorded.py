"""Bodies recorded from a real network by `record.py`, and the channel they came to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from offhold.connectors.contract import Channel, Posted, Signal
from offhold.networks.bluesky import inbound

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


class Cast(msgspec.Struct):
    """DIDs of those who play."""

    brand: str
    ann: str
    bob: str


CAST = msgspec.json.decode((FIXTURES / "cast.json").read_bytes(), type=Cast)

BRAND = Channel(
    id=1,
    workspace_id=1,
    network="bluesky",
    account_id=CAST.brand,
    handle="brand.test",
    config={"service": "http://localhost", "pds": "http://localhost", "direct": "yes"},
    secrets={"access_jwt": "recorded-access", "refresh_jwt": "recorded-refresh", "app_password": "recorded-password"},
)


@cache
def bodies() -> dict[str, bytes]:
    """Every recorded body by the name of its file, e.g. `mention-with-picture`."""
    return {file.stem: file.read_bytes() for file in sorted(FIXTURES.glob("*.json")) if file.stem != "cast"}


def signals(name: str) -> list[Signal]:
    return inbound.parse(BRAND, bodies()[name])


def only_post(name: str) -> Posted:
    [post] = [signal for signal in signals(name) if isinstance(signal, Posted)]
    return post
