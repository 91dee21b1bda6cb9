"""What was handed to the desk, remembered in this process. Pure.

Only what the desk has kept counts: a batch is confirmed when the next poll comes with the cursor that went with it. A
process that starts anew knows nothing and hands a little over twice, which the desk drops.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from offhold.connectors.contract import JSON

_REMEMBERED = 50_000


class HandedOver:
    """Marks of notifications, for each channel."""

    def __init__(self) -> None:
        self._kept: dict[int, OrderedDict[bytes, None]] = {}
        self._offered: dict[int, tuple[JSON, tuple[bytes, ...]]] = {}

    def kept(self, channel: int, cursor: JSON) -> Mapping[bytes, None]:
        """The marks the desk has, now that it asks with this cursor."""
        kept = self._kept.setdefault(channel, OrderedDict())
        offered_with, marks = self._offered.pop(channel, (None, ()))
        if marks and offered_with == cursor:
            kept.update(dict.fromkeys(marks))
        while len(kept) > _REMEMBERED:
            kept.popitem(last=False)
        return kept

    def offer(self, channel: int, cursor: JSON, marks: Iterable[bytes]) -> None:
        self._offered[channel] = (cursor, tuple(marks))
