"""The pulse of each channel: counted in memory while working, written every few seconds.

Health is for people to look at; writing it with every batch would cost more than the batch.
"""

from __future__ import annotations

import threading
from datetime import datetime
from functools import partial

import msgspec
from django.db import connection

from offhold.channels.actions import do_note_health
from offhold.channels.health import Seen
from offhold.channels.views import State
from offhold.connectors.contract import AccountEvent, Unsupported
from offhold.intake.consume import Parsed
from offhold.kernel import clock
from offhold.kernel.db.tx import Tx, transaction_over

FLUSH_SECONDS = 2.0
_STATES: dict[str, State] = {"token_revoked": "login_expired", "suspended": "unreachable"}
_WORDS = {
    "token_revoked": "The network took our access back. Connect the account again.",
    "suspended": "The network has suspended this account.",
}


class Beat(msgspec.Struct):
    """What was seen of one channel since the last flush."""

    events: int = 0
    oldest: datetime | None = None
    looked: bool = False
    complete_until: datetime | None = None
    failure: tuple[State, str] | None = None
    unsupported: int = 0
    forged: int = 0


class Pulse:
    """Shared by the threads and tasks of one process."""

    def __init__(self) -> None:
        self._beats: dict[tuple[int, int], Beat] = {}
        self._lock = threading.Lock()

    def worked(self, batch: list[Parsed]) -> None:
        """A batch of arrivals becomes cases with the transaction of this thread; it counts once that is committed."""
        connection.on_commit(partial(self._count, batch))

    def _count(self, batch: list[Parsed]) -> None:
        with self._lock:
            for arrival in batch:
                beat = self._of(arrival.workspace, arrival.channel.id)
                beat.events += 1
                beat.oldest = min(arrival.received_at, beat.oldest or arrival.received_at)
                for signal in arrival.signals:
                    if isinstance(signal, Unsupported):
                        beat.unsupported += 1
                    elif isinstance(signal, AccountEvent) and signal.kind in _STATES:
                        beat.failure = (_STATES[signal.kind], _WORDS[signal.kind])

    def looked(self, workspace: int, channel: int, complete_until: datetime | None) -> None:
        """A poll or a stream step succeeded."""
        with self._lock:
            beat = self._of(workspace, channel)
            beat.looked, beat.failure = True, None
            beat.complete_until = complete_until or beat.complete_until

    def passed(self, workspace: int, channel: int) -> None:
        """Time passed, whether or not anything was seen: the next flush judges the channel's silence."""
        with self._lock:
            self._of(workspace, channel)

    def failed(self, workspace: int, channel: int, state: State, words: str) -> None:
        with self._lock:
            self._of(workspace, channel).failure = (state, words)

    def refused(self, workspace: int, channel: int, count: int) -> None:
        """Deliveries that were not from the network."""
        with self._lock:
            self._of(workspace, channel).forged += count

    def _of(self, workspace: int, channel: int) -> Beat:
        return self._beats.setdefault((workspace, channel), Beat())

    def flush(self) -> None:
        """Write what was seen; each workspace in a transaction of its own."""
        with self._lock:
            beats, self._beats = self._beats, {}
        for workspace in sorted({w for w, _ in beats}):
            with transaction_over([workspace]) as tx:
                for (w, channel), beat in sorted(beats.items(), key=lambda item: item[0]):
                    if w == workspace:
                        _write(tx, workspace, channel, beat)


def _write(tx: Tx, workspace: int, channel: int, beat: Beat) -> None:
    lag = (clock.now() - beat.oldest).total_seconds() if beat.oldest else None
    seen = Seen(
        events=beat.events,
        lag_seconds=lag,
        looked=beat.looked,
        complete_until=beat.complete_until,
        failure=beat.failure,
    )
    do_note_health(tx, workspace, channel, seen)
    if beat.unsupported or beat.forged:
        tx.run(
            "UPDATE channel_health SET unsupported = unsupported + %s, forged = forged + %s"
            " WHERE workspace_id = %s AND channel_id = %s",
            (beat.unsupported, beat.forged, workspace, channel),
        )
