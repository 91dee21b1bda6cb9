"""What a stop did: who confirmed it, what escaped, what is held back, what was said elsewhere meanwhile.

Setting a stop takes three acts: the row (`stops.do_stop`), waiting for the senders (`wait`), putting before a person
whatever waited to go out (`sweep`). The second and third may be cut short: nothing goes out for that, the row alone
holds. What was not swept is swept by whichever sender comes next.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from offhold.cases.views import View
from offhold.kernel.db.tx import Tx, connected, transaction, transaction_over
from offhold.people.pages import About, do_page
from offhold.publishing import direct, public, stops
from offhold.publishing.barrier import CODE, COVERS
from offhold.publishing.conclude import conclude, lock
from offhold.publishing.graph import Interrupted, State
from offhold.publishing.items import ReplyItem
from offhold.publishing.line import Line
from offhold.publishing.standing import Rule
from offhold.publishing.stops import By, Stop, StopAsk

PATIENCE = 1.0  # seconds in which senders confirm, or are named
_LOOK_AGAIN = 0.05  # one may have come while we asked
SWEEPING = 0.3  # seconds of it before somebody is answered; senders do the rest
SWEPT_AT_ONCE = 20  # replies in one transaction
LINES: dict[str, Line[Any, Any]] = {"public": public.LINE, "private": direct.LINE}

_OUTSTANDING = """
SELECT holder, until FROM stop_confirmations
WHERE workspace_id = %s AND stop_id = %s AND confirmed_at IS NULL AND until > clock_timestamp() ORDER BY holder
"""
# How an attempt ended of which the network has nothing.
_CAME_TO_NOTHING = "('NeverLeft', 'Interrupted', 'Declined', 'Slowed', 'LockedOut')"
_ESCAPED = f"""
SELECT f.audience, f.reply_id FROM stop_flights f
LEFT JOIN (SELECT 'public' AS audience, * FROM public_attempts UNION ALL SELECT 'private', * FROM direct_attempts) AS a
  ON a.workspace_id = f.workspace_id AND a.audience = f.audience AND a.reply_id = f.reply_id AND a.n = f.n
WHERE f.workspace_id = %s AND f.stop_id = %s
  AND CASE WHEN a.outcome IS NULL THEN f.passed IS DISTINCT FROM false ELSE a.outcome NOT IN {_CAME_TO_NOTHING} END
ORDER BY f.reply_id
"""
_HELD = f"""
SELECT count(*) FROM publishing_stops s JOIN channels c ON {COVERS}
JOIN (SELECT workspace_id, channel_id, state, error_code FROM public_replies
        WHERE state IN ('held', 'intent', 'review')
      UNION ALL SELECT workspace_id, channel_id, state, error_code FROM direct_replies
        WHERE state IN ('held', 'intent', 'review')) AS r
  ON r.workspace_id = c.workspace_id AND r.channel_id = c.id AND (r.state <> 'review' OR r.error_code = 'stopped')
WHERE s.workspace_id = %s AND s.id = %s
"""
_OUTSIDE = """
SELECT m.id, m.case_id, m.channel_id, m.audience, m.at FROM stop_outside o
JOIN messages m ON m.workspace_id = o.workspace_id AND m.id = o.message_id
WHERE o.workspace_id = %s AND o.stop_id = %s ORDER BY m.id
"""
# A reply under way explains words like its own; one that is out has claimed them already.
_EXPLAINED = """
SELECT 1 FROM {replies} r WHERE r.workspace_id = m.workspace_id AND r.channel_id = m.channel_id
  AND (r.key = m.client_key OR r.network_id = m.network_id
       OR (m.text IN (r.text, (SELECT p.text FROM public_reply_parts p WHERE p.workspace_id = r.workspace_id
                               AND p.id = r.id)) AND r.state IN ('sending', 'unknown', 'reconciling', 'needs_human')))
"""
_SAID_OUTSIDE = f"""
SELECT s.workspace_id, s.id, m.id, m.case_id, m.channel_id
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id) JOIN messages m USING (workspace_id, id)
JOIN channels c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id
JOIN publishing_stops s ON {COVERS} AND m.at >= s.at AND m.at < coalesce(s.lifted_at, s.until)
WHERE m.identity_id IS NULL AND m.reply_id IS NULL AND m.deleted_at IS NULL
  AND NOT EXISTS ({_EXPLAINED.format(replies="public_replies")})
  AND NOT EXISTS ({_EXPLAINED.format(replies="direct_replies")})
ORDER BY s.workspace_id, s.id, m.id
"""
_NOTE_OUTSIDE = """
INSERT INTO stop_outside (workspace_id, stop_id, message_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""
_WAITING = f"""
SELECT r.audience, r.id FROM publishing_stops s JOIN channels c ON {COVERS}
JOIN (SELECT workspace_id, channel_id, audience, id, case_id, created_at FROM public_replies
        WHERE state IN ('held', 'intent')
      UNION ALL SELECT workspace_id, channel_id, audience, id, case_id, created_at FROM direct_replies
        WHERE state IN ('held', 'intent')) AS r
  ON r.workspace_id = c.workspace_id AND r.channel_id = c.id AND r.created_at < coalesce(s.lifted_at, s.until)
WHERE s.workspace_id = %s AND s.id = %s AND s.swept_at IS NULL ORDER BY r.case_id, r.id LIMIT %s
"""
_SWEPT = "UPDATE publishing_stops SET swept_at = %s WHERE workspace_id = %s AND id = %s AND swept_at IS NULL"
_TO_SWEEP = "SELECT workspace_id, id FROM stops_to_sweep()"


class Unconfirmed(View, frozen=True, kw_only=True):
    """A sender that did not answer, and until when at the latest it could still open something."""

    holder: str
    until: datetime


class Escaped(View, frozen=True, kw_only=True):
    """A reply of which something may have left before the door was shut, as it stands now."""

    reply: ReplyItem
    case_id: str


class Outside(View, frozen=True, kw_only=True):
    """Words of ours, said elsewhere while publishing was stopped."""

    message_id: str
    case_id: str | None
    channel_id: str
    at: datetime


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A stop and what it did so far. `confirmed`: nothing can open a socket under it any more."""

    stop: Stop
    confirmed: bool
    unconfirmed: list[Unconfirmed]
    escaped: list[Escaped]
    held: int
    outside: list[Outside]


def effect(tx: Tx, workspace_id: int, stop_id: int) -> Effect:
    """Raises `NotFound`."""
    stop, key = stops.find(tx, workspace_id, stop_id), (workspace_id, stop_id)
    held = tx.one(_HELD, key)
    assert held is not None  # an aggregate
    outstanding = [Unconfirmed(holder=holder, until=until) for holder, until in tx.rows(_OUTSTANDING, key)]
    return Effect(
        stop=stop,
        confirmed=not outstanding,
        unconfirmed=outstanding,
        escaped=[_escaped(tx, workspace_id, audience, reply_id) for audience, reply_id in tx.rows(_ESCAPED, key)],
        held=held[0],
        outside=[
            Outside(message_id=str(m), case_id=None if case is None else str(case), channel_id=str(channel), at=at)
            for m, case, channel, _, at in tx.rows(_OUTSIDE, key)
        ],
    )


def _escaped(tx: Tx, workspace_id: int, audience: str, reply_id: int) -> Escaped:
    if audience == "public":
        said = public.find(tx, workspace_id, reply_id)
        return Escaped(reply=public.item(said), case_id=str(said.case_id))
    whispered = direct.find(tx, workspace_id, reply_id)
    return Escaped(reply=direct.item(whispered), case_id=str(whispered.case_id))


def halt(workspace_id: int, by: By, ask: StopAsk) -> Effect:
    """Set a checked stop, wait for the senders, put what waited before a person. What it did, as far as it is known."""
    with hearing() as conn:
        with transaction(workspace_id) as tx:
            stop_id = int(stops.do_stop(tx, workspace_id, by, ask).id)
        wait(conn, workspace_id, stop_id)
    sweep(workspace_id, stop_id, SWEEPING)
    with transaction(workspace_id) as tx:
        return effect(tx, workspace_id, stop_id)


# --- what was said elsewhere meanwhile ------------------------------------------------------------------------


def note_outside(tx: Tx, messages: Sequence[tuple[int, int]]) -> None:
    """Of these new messages, as (workspace, message), those that are ours, said while that was stopped, and that no
    reply of ours explains: a lead is paged. To be called when echoes were settled."""
    keys = ([workspace for workspace, _ in messages], [message for _, message in messages])
    noticed: set[tuple[int, int]] = set()
    for workspace_id, stop_id, message_id, case_id, channel_id in tx.rows(_SAID_OUTSIDE, keys):
        tx.run(_NOTE_OUTSIDE, (workspace_id, stop_id, message_id))
        noticed.add((workspace_id, stop_id))
        about = About(subject=str(message_id), case_id=case_id, channel_id=channel_id)
        do_page(tx, workspace_id, "outside_while_stopped", about, stop_id=str(stop_id), message_id=str(message_id))
    for workspace_id, stop_id in sorted(noticed):
        stops.announced(tx, workspace_id, stop_id)


# --- waiting for the senders ---------------------------------------------------------------------------------


@contextmanager
def hearing() -> Iterator[psycopg.Connection[Any]]:
    """Around setting a stop and waiting for it: this thread's connection hears confirmations."""
    conn = connected()
    conn.execute("LISTEN offhold_confirmed")
    try:
        yield conn
    finally:
        conn.execute("UNLISTEN offhold_confirmed")


def wait(conn: psycopg.Connection[Any], workspace_id: int, stop_id: int, seconds: float = PATIENCE) -> bool:
    """Until every sender has confirmed, at most so long. `hearing` must be around this and the stop itself."""
    end = time.monotonic() + seconds
    while _outstanding(workspace_id, stop_id):
        left = end - time.monotonic()
        if left <= 0:
            return False
        for _ in conn.notifies(timeout=min(left, _LOOK_AGAIN), stop_after=1):
            pass
    return True


def _outstanding(workspace_id: int, stop_id: int) -> bool:
    with transaction(workspace_id) as tx:
        return bool(tx.rows(_OUTSTANDING, (workspace_id, stop_id)))


# --- putting what waited before a person ---------------------------------------------------------------------


def sweep(workspace_id: int, stop_id: int, seconds: float) -> bool:
    """Whatever was held or about to go is looked at again, each by itself. False: time was up before the end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with transaction_over([workspace_id]) as tx:
            if not _sweep_some(tx, workspace_id, stop_id):
                return True
    return False


def sweep_all(seconds: float) -> bool:
    """What was left over when whoever set a stop died, or ran out of time. False: there is more."""
    end = time.monotonic() + seconds
    with transaction(None) as tx:
        left = tx.rows(_TO_SWEEP)
    return all(sweep(workspace_id, stop_id, end - time.monotonic()) for workspace_id, stop_id in left)


def _sweep_some(tx: Tx, workspace_id: int, stop_id: int) -> bool:
    waiting = tx.rows(_WAITING, (workspace_id, stop_id, SWEPT_AT_ONCE))
    if not waiting:
        tx.run(_SWEPT, (tx.at, workspace_id, stop_id))
        return False
    stop = stops.find(tx, workspace_id, stop_id)
    for audience, reply_id in waiting:
        held = lock(tx, LINES[audience], workspace_id, reply_id)
        if held.reply.state in (State.HELD, State.INTENT):
            conclude(held, Interrupted(CODE, f"{stop.by} stopped publishing: {stop.reason}"), Rule())
    return True
