"""The thread that works the lanes: woken by a notification, by its own lease, and by what is due again."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from offhold.intake import lanes
from offhold.intake.consume import MOST, Handle, Hold, Parsed, work
from offhold.intake.pulse import Pulse
from offhold.kernel.db import raw
from offhold.kernel.db.roles import PIPELINE
from offhold.kernel.db.tx import Tx, transaction_over

log = logging.getLogger(__name__)

RENEW_SECONDS = lanes.LEASE_SECONDS / 3
GATHER_SECONDS = 0.03  # after a small batch wait for company: the cost of a message falls with the size of its batch
LARGE = 200


class Consumer:
    """`start`, then `stop` from another thread. `hold()` says which lanes are ours, for whoever writes into them.

    `on_end` is called in its thread when it ends, also when it was not told to: `failed` then says why.
    """

    def __init__(
        self,
        handle: Handle,
        pulse: Pulse,
        *,
        workers: int = 1,
        most: int = MOST,
        on_end: Callable[[], object] | None = None,
    ) -> None:
        self._me = f"{socket.gethostname()}/{os.getpid()}/{time.monotonic_ns()}"
        self._handle, self._pulse, self._most = handle, pulse, most
        self._share = -(-lanes.LANES // workers)
        self._held: dict[int, int] = {}
        self._renew_at = 0.0
        self._on_end = on_end
        self.failed: BaseException | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="consumer", daemon=True)

    def hold(self) -> Hold:
        """This worker's name, and the lanes it holds with their fencing numbers."""
        return self._me, dict(self._held)

    def start(self) -> None:
        self._renew()  # lanes are ours before anybody asks which
        connection.close()  # that was this thread's; the consumer opens its own
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand and give the lanes up."""
        self._stopping.set()
        self._thread.join(timeout=15)

    def _run(self) -> None:
        try:
            self._consume()
        except BaseException as error:
            log.exception("the consumer ended")
            self.failed = error
        finally:
            if self._on_end is not None:
                self._on_end()

    def _consume(self) -> None:
        ears: psycopg.Connection | None = None
        while not self._stopping.is_set():
            try:
                ears = ears or _listening()
                self._renew_if_due()
                self._drain()
                for _ in ears.notifies(timeout=self._patience(), stop_after=1):
                    pass
            except (psycopg.Error, DatabaseError) as error:
                log.warning("the database is out of reach (%s), trying again", type(error).__name__)
                connection.close()
                _close(ears)
                ears = None
                self._stopping.wait(1.0)
        self._leave()
        _close(ears)

    def _patience(self) -> float:
        """Longest sleep: to the next renewal; a second is soon enough for what is tried again."""
        return max(0.05, min(1.0, self._renew_at - time.monotonic()))

    def _drain(self) -> None:
        while not self._stopping.is_set() and self._held:
            self._renew_if_due()
            try:
                done = work(self.hold(), self._handle_counted, self._most)
            except lanes.LostLane:
                log.warning("another worker took a lane of ours; looking again at what we hold")
                self._renew()
                continue
            if not done:
                return
            if done < LARGE:
                time.sleep(GATHER_SECONDS)

    def _handle_counted(self, tx: Tx, batch: list[Parsed]) -> None:
        self._handle(tx, batch)
        self._pulse.worked(batch)

    def _renew_if_due(self) -> None:
        if time.monotonic() >= self._renew_at:
            self._renew()

    def _renew(self) -> None:
        with transaction_over([]) as tx:
            self._held = lanes.take(tx, self._me, self._share)
        self._renew_at = time.monotonic() + RENEW_SECONDS

    def _leave(self) -> None:
        try:
            with transaction_over([]) as tx:
                lanes.give_up(tx, self._me)
        except (psycopg.Error, DatabaseError) as error:
            log.warning("the lanes could not be given up (%s); their lease ends by itself", type(error).__name__)
        connection.close()


def _listening() -> psycopg.Connection:
    ears = raw.connect(PIPELINE)
    ears.execute("LISTEN offhold_arrivals")
    return ears


def _close(ears: psycopg.Connection | None) -> None:
    if ears is not None:
        ears.close()
