"""Once a day: what has had its time goes. Each part may be repeated, and cut off anywhere.

Raw arrivals go after 30 days and their keys after 35; facts after 30: a sign-in lasts twelve hours,
so no open screen resumes from there, and one that asks is told to read anew. Uploaded pictures that no reply uses go
after a day, notices to people after 30.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError

from offhold.kernel import clock
from offhold.kernel.db.tx import Row, Tx, transaction_over
from offhold.people import notices
from offhold.promises.pledge import record

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
LOOK_SECONDS = 5.0  # how soon it is noticed that a day has passed
FACTS_KEPT = timedelta(days=30)
UNUSED_KEPT = timedelta(days=1)
_AT_ONCE = 5_000  # facts of one workspace, or keys of arrivals, in one transaction


async def run() -> None:
    """At the start and once a day, until cancelled."""
    due = clock.now()
    while True:
        if clock.now() >= due:
            due = clock.now() + EVERY
            await asyncio.to_thread(_sweep)
        await asyncio.sleep(LOOK_SECONDS)


def _sweep() -> None:
    """All of it; what fails is tried again with the next one."""
    for part in (keep_heads, forget_arrivals, forget_facts, forget_pictures, forget_notices):
        try:
            part()
        except (psycopg.Error, DatabaseError, OSError):
            log.exception("%s failed; it is tried again tomorrow", part.__name__)


def forget_arrivals() -> int:
    """Drop the days of the log that are over and delete old keys, a part at a time; have the days to come ready.
    Returns how many keys. Raises `psycopg.errors.LockNotAvailable` while somebody reads the log for long."""
    with transaction_over([]) as tx:
        tx.run("SELECT roll_arrivals(%s)", (tx.at.date(),))
    with transaction_over([]) as tx:
        tx.run("SELECT forget_arrival_days(%s)", (tx.at.date(),))
    return _by_parts(lambda tx: tx.one("SELECT forget_arrival_keys(%s, %s)", (tx.at.date(), _AT_ONCE)))


def forget_facts() -> int:
    """Delete old facts, a part at a time, so that nobody waits for long. Returns how many."""
    return _by_parts(lambda tx: tx.one("SELECT forget_facts(%s, %s)", (tx.at - FACTS_KEPT, _AT_ONCE)))


def _by_parts(forget: Callable[[Tx], Row | None]) -> int:
    """Each part is a transaction, until one finds nothing."""
    total = 0
    while True:
        with transaction_over([]) as tx:
            row = forget(tx)
        if row is None or not row[0]:
            return total
        total += row[0]


def keep_heads() -> int:
    """Write down where each record of pledges stood as yesterday ended. Returns how many there are."""
    with transaction_over([]) as tx:
        everywhere = [workspace for (workspace,) in tx.rows("SELECT id FROM all_workspaces()")]
    for workspace in everywhere:
        with transaction_over([workspace]) as tx:
            record.do_keep_days(tx, workspace)
    return len(everywhere)


def forget_notices() -> int:
    """Delete what people were told long ago. Returns how many."""
    with transaction_over([]) as tx:
        everywhere = [workspace for (workspace,) in tx.rows("SELECT id FROM all_workspaces()")]
    return sum(map(_forget_notices, everywhere))


def _forget_notices(workspace: int) -> int:
    with transaction_over([workspace]) as tx:
        return notices.forget_old(tx, workspace)


_UNUSED = """
DELETE FROM media m WHERE m.workspace_id = %(workspace)s AND m.at < %(before)s AND NOT m.token = ANY (
  SELECT used ->> 'media_id' FROM public_replies r CROSS JOIN LATERAL jsonb_array_elements(r.pictures) used
  WHERE r.workspace_id = %(workspace)s)
"""


def forget_pictures() -> int:
    """Remove uploads that no reply uses, then every file that no row names. Returns how many files.

    The row goes first and a file without one last: wherever it is cut off, the next sweep finds what was left.
    """
    before, root = clock.now() - UNUSED_KEPT, Path(settings.MEDIA_DIR)
    return sum(_forget_pictures(int(place.name), place, before) for place in _numbered(root))


def _forget_pictures(workspace: int, place: Path, before: datetime) -> int:
    with transaction_over([workspace]) as tx:
        tx.run(_UNUSED, {"workspace": workspace, "before": before})
    # looked at before the rows: an upload that ends in between has a file that is not old
    old = [file for file in place.glob("*/*") if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before]
    with transaction_over([workspace]) as tx:
        named = {token for (token,) in tx.rows("SELECT token FROM media WHERE workspace_id = %s", (workspace,))}
    unnamed = [file for file in old if file.name not in named]
    for file in unnamed:
        file.unlink(missing_ok=True)
    return len(unnamed)


def _numbered(root: Path) -> Iterator[Path]:
    """The directories of workspaces; anything else in there is not ours to remove."""
    return (place for place in root.glob("*") if place.name.isdecimal() and place.is_dir())
