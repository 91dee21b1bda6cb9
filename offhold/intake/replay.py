"""Any stretch of the log once more through the pipeline: after a fix of a parser or of a stage.

What is stored already is known by its network's id and version, so running an arrival twice has no effect: nothing
doubles, and an old version never replaces a newer one. A replay is queued a piece at a time and waits for the workers,
because what is older goes first in a lane and customers who write now must not wait for a month of history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

import msgspec

from offhold.intake import dead
from offhold.intake.lanes import lane_of
from offhold.kernel.db.tx import Row, Tx, transaction_over

AT_ONCE = 500  # queued in one transaction
AHEAD = 1_000  # of one lane: more is queued once the workers are below this; less than half a second of their work


class Stretch(msgspec.Struct, frozen=True):
    """What to run again. None = all: every workspace, channel, time; `since` is included, `until` is not."""

    workspace: int | None = None
    channel: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    dead_only: bool = False


class Part(msgspec.Struct, frozen=True):
    """A stretch within one channel."""

    workspace: int
    channel: int
    network: str
    stretch: Stretch

    def params(self) -> dict[str, object]:
        return {
            "ws": self.workspace, "channel": self.channel, "since": self.stretch.since, "until": self.stretch.until,
        }  # fmt: skip


def parts(stretch: Stretch) -> list[Part]:
    """The channels it touches, oldest first; those taken away are not among them."""
    with transaction_over([]) as tx:
        rows = tx.rows("SELECT workspace_id, channel_id, network FROM all_channels() ORDER BY channel_id")
    return [
        Part(workspace, channel, network, stretch)
        for workspace, channel, network in rows
        if stretch.workspace in (None, workspace) and stretch.channel in (None, channel)
    ]


_LOGGED = """
FROM arrivals WHERE workspace_id = %(ws)s AND channel_id = %(channel)s
  AND (%(since)s::timestamptz IS NULL OR received_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR received_at < %(until)s)
"""
_LETTERS = """
FROM dead_letters WHERE workspace_id = %(ws)s AND channel_id = %(channel)s AND settled_at IS NULL
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
"""
_QUEUE = f"""
WITH piece AS (
  SELECT day, id {_LOGGED} AND (day, id) > (%(day)s, %(id)s) ORDER BY day, id LIMIT %(most)s
), queued AS (
  INSERT INTO arrival_queue (lane, arrival_id, day, workspace_id, channel_id)
  SELECT %(lane)s, id, day, %(ws)s, %(channel)s FROM piece ON CONFLICT DO NOTHING
)
SELECT day, id FROM piece ORDER BY day, id
"""  # noqa: S608 - put together from constants of this module


def count(stretch: Stretch) -> int:
    """How many arrivals a replay would run."""
    return sum(_count(part) for part in parts(stretch))


def _count(part: Part) -> int:
    query = f"SELECT count(*) {_LETTERS}" if part.stretch.dead_only else f"SELECT count(*) {_LOGGED}"
    with transaction_over([part.workspace]) as tx:
        row = tx.one(query, part.params())
    return int(row[0]) if row else 0


def do_replay(stretch: Stretch, room: Callable[[Callable[[], int]], None]) -> Iterator[int]:
    """Queue it all, piece by piece; yields how many were queued with each. `room(waiting)` returns when there is room:
    `waiting()` tells how many are queued in the lane at hand."""
    for part in parts(stretch):
        if part.stretch.dead_only:
            yield _letters(part)
        else:
            yield from _logged(part, room)


def _letters(part: Part) -> int:
    with transaction_over([part.workspace]) as tx:
        found = [letter for (letter,) in tx.rows(f"SELECT id {_LETTERS}", part.params())]
        return dead.do_redrive(tx, part.workspace, found)


def _logged(part: Part, room: Callable[[Callable[[], int]], None]) -> Iterator[int]:
    lane = lane_of(part.workspace, part.network)
    day, last = date.min, 0
    while True:
        room(lambda: waiting(lane))
        with transaction_over([part.workspace]) as tx:
            piece = _queue(tx, part, lane, (day, last))
        if not piece:
            return
        day, last = piece[-1]
        yield len(piece)


def _queue(tx: Tx, part: Part, lane: int, after: tuple[date, int]) -> list[Row]:
    more = {"lane": lane, "day": after[0], "id": after[1], "most": AT_ONCE}
    piece = tx.rows(_QUEUE, {**part.params(), **more})
    tx.run("NOTIFY offhold_arrivals")
    return piece


def waiting(lane: int) -> int:
    """How many arrivals wait in a lane."""
    with transaction_over([]) as tx:
        row = tx.one("SELECT count(*) FROM arrival_queue WHERE lane = %s", (lane,))
    return int(row[0]) if row else 0


def somebody_works() -> bool:
    """Is there a worker that holds a lane."""
    with transaction_over([]) as tx:  # a lease is a matter of the database's clock
        row = tx.one("SELECT EXISTS (SELECT 1 FROM lanes WHERE until > now())")
    return bool(row and row[0])
