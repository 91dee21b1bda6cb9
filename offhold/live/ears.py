"""The one connection that hears of commits: PostgreSQL's LISTEN, on the event loop, asleep until somebody commits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

import psycopg
from django.db import connection

from offhold.kernel.db.tx import connected
from offhold.kernel.facts import CHANNEL
from offhold.live.presence import CHANNEL as PRESENCE

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0
# A peer that vanished without a word is found out within a minute.
KEEPALIVES = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}

TELL = "SELECT pg_notify(%s, said) FROM unnest(%s::text[]) WITH ORDINALITY AS t(said, n) ORDER BY n"

# What Django adds for its own cursors.
DJANGOS_OWN = ("cursor_factory", "context", "prepare_threshold")


class Whispers(Protocol):
    """Who hears what processes tell each other beside facts (see `together`)."""

    def listening(self) -> None:
        """From now on it is heard; before, it was missed."""

    def heard(self, payload: str) -> None: ...


class Ears(Protocol):
    """Calls `heard` after commits; a call may stand for many, and none is promised to be the last."""

    async def listen(self, heard: Callable[[], None], whispers: Whispers) -> None:
        """Until cancelled."""

    def tell(self, said: list[str]) -> None:
        """Whisper these to all processes, this one too, in this order. Runs in a thread."""


class Announcements:
    """Commits with facts, as PostgreSQL announces them. A lost connection is made again, and counts as news."""

    async def listen(self, heard: Callable[[], None], whispers: Whispers) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**parameters()) as conn:
                    await conn.execute(f"LISTEN {CHANNEL}")
                    await conn.execute(f"LISTEN {PRESENCE}")
                    wait = FIRST_WAIT
                    heard()  # whatever was committed while nobody listened
                    whispers.listening()
                    async for told in conn.notifies():
                        if told.channel == CHANNEL:
                            heard()
                        else:
                            whispers.heard(told.payload)
            except psycopg.OperationalError as error:
                log.warning("Live updates lost the database, trying again in %.1f s: %s", wait, error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    def tell(self, said: list[str]) -> None:
        psycopg.Cursor(connected()).execute(TELL, (PRESENCE, said))


def parameters() -> dict[str, Any]:
    """How Django reaches the database and as whom, in libpq's words."""
    known = connection.get_connection_params()
    ours = {name: value for name, value in known.items() if name not in DJANGOS_OWN}
    return {**KEEPALIVES, "application_name": "offhold live", **ours, "autocommit": True}
