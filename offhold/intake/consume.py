"""From the log to the stages: a worker takes what waits in its lanes, in batches, each in one transaction.

A batch is up to 500 arrivals; it is parsed, handed to the pipeline, and taken off the queue in the transaction that
stores its effect. Bytes that are not what the network promises are put aside alone, at once. Anything else that fails
is tried again alone (so that it never stops the rest), then later, and put aside after the fifth try.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import msgspec
import psycopg
from django.db import OperationalError as DjangoOperationalError
from psycopg.errors import DeadlockDetected, ProgramLimitExceeded

from offhold.channels.queries import unopened, without_secrets
from offhold.connectors import registry
from offhold.connectors.contract import Channel, Malformed, Signal
from offhold.intake import dead, lanes
from offhold.intake.confirmed import parse_confirmed
from offhold.kernel.arrays import array
from offhold.kernel.db.tx import Question, Row, Tx, looking_over, transaction_over

log = logging.getLogger(__name__)

MOST = 500
PAUSES = (1, 10, 60, 600)  # seconds before the second, third, fourth and fifth try


class Parsed(msgspec.Struct, frozen=True):
    """One arrival with its signals. `edit_times`: the network tells when edits were made."""

    arrival_id: int
    workspace: int
    channel: Channel
    queue: int
    received_at: datetime
    edit_times: bool
    signals: list[Signal]


class Queued(msgspec.Struct, frozen=True):
    lane: int
    arrival_id: int
    day: date
    workspace: int
    channel: int
    tries: int


Handle = Callable[[Tx, list[Parsed]], None]
Hold = tuple[str, dict[int, int]]  # the worker's name, and lane -> fencing number


class Again(Exception):
    """Raised by a handler: somebody was faster; decide the same batch again in a new transaction."""


_NEXT = """
SELECT lane, arrival_id, day, workspace_id, channel_id, tries FROM arrival_queue
WHERE lane = ANY(%s) AND (not_before IS NULL OR not_before <= %s) ORDER BY arrival_id LIMIT %s
"""
_QUEUES = "SELECT id, queue_id FROM channels WHERE id = ANY(%s)"
_BODIES = """
SELECT a.id, a.source, a.received_at, a.body FROM unnest(%s::date[], %s::bigint[]) AS k(day,
  id) JOIN arrivals a USING (day, id)
"""


def work(hold: Hold, handle: Handle, most: int = MOST) -> int:
    """Work what waits, one batch. Returns how many arrivals left the queue; raises `lanes.LostLane`,
    `psycopg.OperationalError`."""
    with looking_over([]) as look:
        waiting = [Queued(*row) for row in look.rows(_NEXT, (list(hold[1]), look.at, most))]
    return _batch(hold, handle, waiting) if waiting else 0


def _batch(hold: Hold, handle: Handle, waiting: list[Queued]) -> int:
    """One transaction for all; if it fails, each alone."""
    try:
        _once(hold, handle, waiting)
        return len(waiting)
    except (Again, DeadlockDetected):
        return _batch(hold, handle, waiting)
    except Exception as error:
        if not _own_fault(error):
            raise
        if len(waiting) == 1:
            _failed(hold, waiting[0], error)
            return 1
        log.warning("a batch of %d failed (%s), each is tried alone", len(waiting), type(error).__name__)
        half = len(waiting) // 2
        return _batch(hold, handle, waiting[:half]) + _batch(hold, handle, waiting[half:])


def _own_fault(error: Exception) -> bool:
    """Is it this batch's alone, and to be written down; or has the lane or the database gone, and it waits.

    What is too large for the database comes as an `OperationalError` too, and would be as large at every next try.
    """
    if isinstance(error, ProgramLimitExceeded):
        return True
    return not isinstance(error, lanes.LostLane | psycopg.OperationalError | DjangoOperationalError)


def _once(hold: Hold, handle: Handle, waiting: list[Queued]) -> None:
    with transaction_over(q.workspace for q in waiting) as tx:
        parsed, malformed = _parse(waiting, *_read(tx, hold, waiting))
        if parsed:
            handle(tx, parsed)
        for queued, reason in malformed:
            dead.do_put_aside(
                tx, queued.workspace, queued.channel, (queued.arrival_id, queued.day), reason="malformed", detail=reason
            )
        _done(tx, waiting)


def _read(tx: Tx, hold: Hold, waiting: list[Queued]) -> tuple[dict[int, Channel], dict[int, int], dict[int, Row]]:
    """Channels, their queues and what was logged, by id; first of all it proves that the lanes are ours."""
    channels = {q.channel for q in waiting}
    wanted = (array([q.day for q in waiting]), array([q.arrival_id for q in waiting]))
    held, known, placed, logged = tx.together(
        lanes.checking(*hold), unopened(channels), Question(_QUEUES, (list(channels),)), Question(_BODIES, wanted)
    )
    lanes.compare(held, hold[1])
    return without_secrets(known), dict(placed), {row[0]: row[1:] for row in logged}


def _parse(
    waiting: list[Queued], channels: dict[int, Channel], queues: dict[int, int], bodies: dict[int, Row]
) -> tuple[list[Parsed], list[tuple[Queued, str]]]:
    parsed, malformed = [], []
    for queued in waiting:
        if queued.arrival_id not in bodies or queued.channel not in channels:
            continue  # older than the log is kept, or its channel was removed with all that was its own
        source, received_at, body = bodies[queued.arrival_id]
        channel = channels[queued.channel]
        try:
            connector = registry.get(channel.network)
            signals = parse_confirmed(body) if source == "confirmed" else connector.parse(channel, _storable(body))
        except Malformed as error:
            malformed.append((queued, str(error)))
            continue
        parsed.append(
            Parsed(queued.arrival_id, queued.workspace, channel, queues[channel.id], received_at,
                   connector.manifest.can.edit_signal, signals)
        )  # fmt: skip
    return parsed, malformed


_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # an odd number of backslashes, so that it is one in JSON


def _storable(body: bytes) -> bytes:
    """JSON may hold U+0000, PostgreSQL's text cannot: what is parsed has the replacement character there instead."""
    return _NUL.sub(rb"\1\\ufffd", body) if rb"\u0000" in body else body


def _done(tx: Tx, waiting: list[Queued]) -> None:
    tx.run(
        "DELETE FROM arrival_queue q USING unnest(%s::smallint[], %s::bigint[]) AS k(lane, arrival_id)"
        " WHERE q.lane = k.lane AND q.arrival_id = k.arrival_id",
        (array([q.lane for q in waiting]), array([q.arrival_id for q in waiting])),
    )


def _failed(hold: Hold, queued: Queued, error: Exception) -> None:
    """Try it again later; after the last try put it aside where a person sees it."""
    log.error("arrival %d failed (try %d)", queued.arrival_id, queued.tries + 1, exc_info=error)
    with transaction_over([queued.workspace]) as tx:
        lanes.check(tx, *hold)
        if queued.tries < len(PAUSES):
            later = tx.at + timedelta(seconds=PAUSES[queued.tries])
            tx.run(
                "UPDATE arrival_queue SET tries = tries + 1, not_before = %s WHERE lane = %s AND arrival_id = %s",
                (later, queued.lane, queued.arrival_id),
            )
            return
        reason = f"{type(error).__name__}: {error}"
        dead.do_put_aside(
            tx, queued.workspace, queued.channel, (queued.arrival_id, queued.day), reason="failed", detail=reason
        )
        _done(tx, [queued])
