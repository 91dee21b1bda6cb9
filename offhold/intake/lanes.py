"""Lanes: messages that may meet in one case are worked by one worker, in order.

A lane is a hash of workspace and network: a conversation's root is not known before parsing, and a thread and a direct
message of one customer meet in one case. A worker holds a lane by lease with a fencing number; whoever lost the lease
finds the number changed in its own transaction and writes nothing.
"""

from __future__ import annotations

import zlib

from offhold.kernel.db.tx import Question, Row, Tx

LANES = 16  # as many as migration 0001 made; more workers than this gain nothing
LEASE_SECONDS = 10


class LostLane(Exception):
    """Another worker holds the lane now: what this one meant to write is already theirs."""


def lane_of(workspace_id: int, network: str) -> int:
    return zlib.crc32(f"{workspace_id}|{network}".encode()) % LANES


# Leases are the one place that asks the database for the time: workers on several machines agree on it.
_TAKE = """
WITH free AS (
  SELECT lane FROM lanes WHERE holder = %(me)s OR until < now() ORDER BY lane LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE lanes l SET until = now() + make_interval(secs => %(seconds)s), holder = %(me)s,
  fence = l.fence + (l.holder <> %(me)s)::int
FROM free WHERE l.lane = free.lane RETURNING l.lane, l.fence
"""


def take(tx: Tx, me: str, most: int = LANES) -> dict[int, int]:
    """Take or keep up to `most` lanes for the worker `me`. Returns lane -> fencing number."""
    return dict(tx.rows(_TAKE, {"me": me, "most": most, "seconds": LEASE_SECONDS}))


def give_up(tx: Tx, me: str) -> None:
    """Let others have them at once: an orderly stop."""
    tx.run("UPDATE lanes SET until = '-infinity' WHERE holder = %s", (me,))


def check(tx: Tx, me: str, held: dict[int, int]) -> None:
    """The last look before the commit's work: raises `LostLane` unless every lane is still ours, and keeps it so."""
    compare(tx.rows(*checking(me, held)), held)


def checking(me: str, held: dict[int, int]) -> Question:
    """The question of `check`, whose answer goes to `compare`."""
    return Question("SELECT lane, fence FROM lanes WHERE lane = ANY(%s) AND holder = %s FOR SHARE", (list(held), me))


def compare(found: list[Row], held: dict[int, int]) -> None:
    """Raises `LostLane`."""
    if dict(found) != held:
        raise LostLane(f"{len(held) - len(found)} lanes")
