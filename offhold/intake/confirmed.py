"""Our own finding that something is gone from a network, in a form that goes through the log like any arrival."""

from __future__ import annotations

from datetime import datetime

import msgspec

from offhold.connectors.contract import Deleted, Malformed, Signal


class Gone(msgspec.Struct, frozen=True, tag="gone"):
    """A second look at public threads found these ids no longer there."""

    ids: tuple[str, ...]
    at: datetime


def gone(ids: tuple[str, ...], at: datetime) -> bytes:
    """The body of an arrival that says so."""
    return msgspec.json.encode(Gone(ids, at))


def parse_confirmed(body: bytes) -> list[Signal]:
    """Raises `Malformed`."""
    try:
        found = msgspec.json.decode(bytes(body), type=Gone)
    except msgspec.DecodeError as error:
        raise Malformed(str(error)) from error
    return [Deleted(id=name, at=found.at, audience="public") for name in found.ids]
