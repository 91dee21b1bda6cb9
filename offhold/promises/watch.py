"""The watcher: in every worker, looks at each case when its moment has come, by the business clock.

It keeps nothing in memory: what is due is asked of the database anew each time, so that a clock that jumps makes
nothing early and loses nothing, and any number of watchers share the work. Its own sign of life is in the database;
where that is old, `doctor` and the desk say so.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import psycopg
from django.db import Error as DatabaseError

from offhold.kernel.db.tx import Question, Tx, transaction_over
from offhold.promises.look import look

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
AT_ONCE = 250
CHECK_SECONDS = 60.0
PUT_ASIDE = timedelta(minutes=1)
SILENT_SECONDS = 30.0  # without a sign of life for so long, people are told

_BEAT = "UPDATE promise_watcher SET looked_at = now(), behind = %s WHERE looked_at < now() - interval '2 seconds'"
_SILENT = """
SELECT CASE WHEN isfinite(looked_at) THEN extract(epoch FROM now() - looked_at) ELSE 'Infinity' END::float8, behind
FROM promise_watcher
"""


_LATER = "UPDATE case_watch SET look_at = %s WHERE workspace_id = %s AND case_id = %s"
_UNWATCHED = "SELECT unwatched_cases()"


def health(tx: Tx) -> tuple[int, float]:
    """How many open cases nothing watches (it must be none), and the seconds since a watcher last looked."""
    ((unwatched,),), ((silent, _),) = tx.together(Question(_UNWATCHED), Question(_SILENT))
    return unwatched, silent


async def run() -> None:
    """Look twice a second, until cancelled, and each minute whether every open case is watched. What fails is due still
    and tried again."""
    loop = asyncio.get_running_loop()
    checked = loop.time()
    while True:
        found = 0
        try:
            found = await asyncio.to_thread(look_at_due)
            if loop.time() - checked >= CHECK_SECONDS:
                checked = loop.time()
                await asyncio.to_thread(check_watched)
        except (psycopg.Error, DatabaseError):
            log.exception("promises that are due could not be looked at; it is tried again")
        if found < AT_ONCE:
            await asyncio.sleep(LOOK_SECONDS)


def check_watched() -> int:
    """Say it loudly where an open case is watched by nobody, which must not be. Returns how many there are."""
    with transaction_over([]) as tx:
        unwatched, _ = health(tx)
    if unwatched:
        log.error("%s open cases are watched by nobody: offhold doctor says what to do", unwatched)
    return unwatched


def look_at_due() -> int:
    """Look at what is due in all workspaces. Returns how many cases were settled."""
    with transaction_over([]) as tx:
        due = tx.rows("SELECT * FROM cases_to_look_at(%s, %s)", (tx.at, AT_ONCE))
        tx.run(_BEAT, (float(len(due)),))
    if not due:
        return 0
    keys = [(workspace, case) for workspace, case in due]
    try:
        return _look(keys)
    except (psycopg.OperationalError, DatabaseError):
        raise
    except Exception:
        log.exception("one of %s cases cannot be looked at; each is looked at alone", len(keys))
        return sum(map(_look_alone, keys))


def _look(keys: list[tuple[int, int]]) -> int:
    with transaction_over({workspace for workspace, _ in keys}) as tx:
        return len(look(tx, keys))


def _look_alone(key: tuple[int, int]) -> int:
    """One that cannot be looked at keeps nobody else waiting: it is tried again in a minute, and the log says why."""
    try:
        return _look([key])
    except (psycopg.OperationalError, DatabaseError):
        raise
    except Exception:
        log.exception("case %s of workspace %s cannot be looked at", key[1], key[0])
        with transaction_over([key[0]]) as tx:
            tx.run(_LATER, (tx.at + PUT_ASIDE, *key))
        return 0
