"""Cases put to rest until a time wake when it comes: in the worker, by the business clock."""

from __future__ import annotations

import asyncio
import logging

import psycopg
from django.db import Error as DatabaseError

from offhold.cases.resting import do_wake_due
from offhold.kernel.db.tx import transaction_over

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
_AT_ONCE = 500


async def run() -> None:
    """Look every two seconds, until cancelled. What fails is due still and tried again."""
    while True:
        try:
            await asyncio.to_thread(wake_due)
        except (psycopg.Error, DatabaseError):
            log.exception("cases that are due could not be woken; it is tried again")
        await asyncio.sleep(LOOK_SECONDS)


def wake_due() -> int:
    """Wake what is due in all workspaces. Returns how many cases."""
    with transaction_over([]) as tx:
        due = [
            (workspace, case) for workspace, case in tx.rows("SELECT * FROM cases_to_wake(%s, %s)", (tx.at, _AT_ONCE))
        ]
    if not due:
        return 0
    with transaction_over({workspace for workspace, _ in due}) as tx:
        return len(do_wake_due(tx, due))
