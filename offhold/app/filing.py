"""What was said is filed for the search: in the worker, behind the messages, a moment after they came."""

from __future__ import annotations

import asyncio
import logging

import psycopg
from django.db import Error as DatabaseError

from offhold.desk.search.filing import file_all
from offhold.publishing.wakes import Wakes

log = logging.getLogger(__name__)

CHANNEL = "offhold_search"
LOOK_SECONDS = 30.0  # without being woken: what another process left when it ended
GATHER_SECONDS = 0.5  # wait for company: filing costs a thing less the more there are
PAUSE_SECONDS = 2.0  # after a failure


async def run() -> None:
    """File whatever waits, until cancelled. What fails waits on, and nothing else waits for it."""
    wakes = Wakes(channel=CHANNEL)
    await wakes.listen()
    try:
        while True:
            try:
                await asyncio.to_thread(file_all)
            except (psycopg.Error, DatabaseError):
                log.exception("what was said could not be filed; it is tried again")
                await asyncio.sleep(PAUSE_SECONDS)
            await wakes.wait(LOOK_SECONDS)
            await asyncio.sleep(GATHER_SECONDS)
    finally:
        await wakes.close()
