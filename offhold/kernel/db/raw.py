"""Connections beside Django's: for threads of their own that append or listen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from offhold.kernel import clock, facts
from offhold.kernel.db.tx import Tx, enter


def parameters(role: str) -> dict[str, Any]:
    """libpq's parameters of the configured database, acting as `role` (see `kernel.db.roles`)."""
    given = connection.get_connection_params()
    kept = {
        k: v for k, v in given.items() if k in ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert")
    }
    return {**kept, "options": f"-c role={role} -c idle_in_transaction_session_timeout=60000", "autocommit": True}


def connect(role: str) -> psycopg.Connection[Any]:
    """A connection of one's own, in autocommit. The caller closes it."""
    return psycopg.connect(**parameters(role))


@contextmanager
def transaction_on(conn: psycopg.Connection[Any], workspace_ids: Iterable[int]) -> Iterator[Tx]:
    """As `kernel.db.tx.transaction_over`, on a connection of one's own."""
    with conn.transaction():
        tx = Tx(conn, clock.now())
        enter(tx, sorted(set(workspace_ids)))
        yield tx
        facts.append(tx)
