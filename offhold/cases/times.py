"""When something was said, as far as that can be believed.

Networks hand on what an author's own app claims: Bluesky takes a post of the year 1, others one of the year 9999. Such
a time would put a case above everything else or below it for good, outlast every later edit, or leave the calendar.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from offhold.cases.known import Incoming
from offhold.connectors.contract import Deleted, Edited, Hidden, Posted, Reacted

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before any of these networks
SKEW = timedelta(minutes=5)  # a network's clock against ours
TIMED = (Posted, Edited, Deleted, Hidden, Reacted)


def believed(item: Incoming) -> Incoming:
    """The same with every time between the beginning of networks and the moment it came to us."""
    signal = item.signal
    if not isinstance(signal, TIMED):
        return item
    if EARLIEST <= signal.at <= item.received_at and getattr(signal, "edited_at", None) is None:
        return item  # nearly always
    times = {"at": _within(signal.at, item.received_at)}
    if isinstance(signal, Posted) and signal.edited_at is not None:
        times["edited_at"] = _within(signal.edited_at, item.received_at)
    if all(getattr(signal, name) == at for name, at in times.items()):
        return item
    return msgspec.structs.replace(item, signal=msgspec.structs.replace(signal, **times))


def _within(at: datetime, received_at: datetime) -> datetime:
    if at > received_at and at - received_at > SKEW:
        return received_at
    return max(at, EARLIEST)
