"""One transaction: opened with its workspaces, closed with its facts.

`with transaction(workspace_id) as tx:` is the only way domain code reaches the database. The workspace is set before
anything else, the facts recorded on `tx` are written as its last statement (so that their numbers are in commit
order, see `kernel.facts`), and other processes are told after the commit by one NOTIFY without payload.

It rides on Django's connection of this thread, so ORM statements inside the block belong to the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
from django.db import connection
from django.db import transaction as django_transaction
from psycopg.types.datetime import TimestamptzLoader

from offhold.kernel import clock, facts

if TYPE_CHECKING:
    from offhold.kernel.facts import Recorded

Row = tuple[Any, ...]


class Tx:
    """An open transaction. `at` is its one business time; statements take `%s` or `%(name)s` parameters, never text."""

    def __init__(self, conn: psycopg.Connection[Any], at: datetime) -> None:
        self.conn = conn
        self.at = at
        self.cursor: psycopg.Cursor[Any] = psycopg.Cursor(conn)
        # Django's own loader of times runs in Python, 13 us each; sessions are in UTC, so the driver's says the same.
        self.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        self.recorded: list[Recorded] = []

    def run(self, query: LiteralString, params: Sequence[Any] | dict[str, Any] | None = None) -> int:
        """Execute; returns the number of rows it touched."""
        return self.cursor.execute(query, params).rowcount

    def rows(self, query: LiteralString, params: Sequence[Any] | dict[str, Any] | None = None) -> list[Row]:
        return self.cursor.execute(query, params).fetchall()

    def one(self, query: LiteralString, params: Sequence[Any] | dict[str, Any] | None = None) -> Row | None:
        return self.cursor.execute(query, params).fetchone()

    def record(self, *recorded: Recorded) -> None:
        """Keep facts to be appended when the transaction ends."""
        self.recorded.extend(recorded)


def connected() -> psycopg.Connection[Any]:
    """This thread's own connection, opened if need be."""
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    return raw


@contextmanager
def transaction(workspace_id: int | None) -> Iterator[Tx]:
    """A transaction of one workspace; None sees no tenant's row at all (look-ups through definer functions only)."""
    with _opened([] if workspace_id is None else [workspace_id]) as tx:
        yield tx


@contextmanager
def transaction_over(workspace_ids: Iterable[int]) -> Iterator[Tx]:
    """A transaction of the pipeline over several workspaces at once; the app role sees none of them."""
    with _opened(sorted(set(workspace_ids))) as tx:
        yield tx


@contextmanager
def _opened(workspaces: list[int]) -> Iterator[Tx]:
    with django_transaction.atomic(durable=True):
        tx = Tx(connected(), clock.now())
        enter(tx, workspaces)
        yield tx
        facts.append(tx)


def enter(tx: Tx, workspaces: list[int]) -> None:
    """Set the workspaces this transaction may see: before any other statement, and gone with its end."""
    one = str(workspaces[0]) if len(workspaces) == 1 else ""
    every = "{" + ",".join(map(str, workspaces)) + "}"
    tx.run("SELECT set_config('app.ws', %s, true), set_config('app.wss', %s, true)", (one, every))
