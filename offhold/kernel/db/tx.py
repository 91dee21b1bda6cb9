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
from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple

import psycopg
from django.db import connection
from django.db import transaction as django_transaction
from psycopg.pq import ExecStatus
from psycopg.types.datetime import TimestamptzLoader

from offhold.kernel import clock, facts

if TYPE_CHECKING:
    from offhold.kernel.facts import Recorded

Row = tuple[Any, ...]
Params = Sequence[Any] | dict[str, Any] | None


class Question(NamedTuple):
    """A statement that reads, with its parameters."""

    text: LiteralString
    params: Params = None


class Tx:
    """An open transaction. `at` is its one business time; statements take `%s` or `%(name)s` parameters, never text."""

    def __init__(self, conn: psycopg.Connection[Any], at: datetime) -> None:
        self.conn = conn
        self.at = at
        self.cursor = _cursor(conn)
        self.recorded: list[Recorded] = []

    def run(self, query: LiteralString, params: Params = None) -> int:
        """Execute; returns the number of rows it touched."""
        return self.cursor.execute(query, params).rowcount

    def rows(self, query: LiteralString, params: Params = None) -> list[Row]:
        return self.cursor.execute(query, params).fetchall()

    def one(self, query: LiteralString, params: Params = None) -> Row | None:
        return self.cursor.execute(query, params).fetchone()

    def send(self, query: LiteralString, params: Params = None) -> psycopg.Cursor[Any]:
        """Send without awaiting: only within `conn.pipeline()`, whose end awaits it. Until then it says -1 rows."""
        return _cursor(self.conn).execute(query, params)

    def together(self, *asked: Question) -> list[list[Row]]:
        """Ask all of these in one trip to the database, in this order; none may need another's answer."""
        with self.conn.pipeline():
            self._first()
            cursors = [_cursor(self.conn).execute(text, params, prepare=True) for text, params in asked]
        return [cursor.fetchall() for cursor in cursors]

    def _first(self) -> None:
        """What goes before the questions of each trip."""

    def record(self, *recorded: Recorded) -> None:
        """Keep facts to be appended when the transaction ends."""
        self.recorded.extend(recorded)


class Look(Tx):
    """Reads only. Each trip is a transaction of its own, which names its workspace, reads and ends in that one trip.

    A transaction takes three trips more, to begin, to name the workspace and to end; on a busy machine the way there
    and back is most of what a question costs. Two trips may see two moments, as two statements of a transaction do.
    The ORM does not know of the workspace here and sees no rows.
    """

    def __init__(self, conn: psycopg.Connection[Any], at: datetime, workspaces: list[int]) -> None:
        super().__init__(conn, at)
        self._workspaces = workspaces

    def run(self, query: LiteralString, params: Params = None) -> int:
        return len(self.rows(query, params))

    def rows(self, query: LiteralString, params: Params = None) -> list[Row]:
        return self.together(Question(query, params))[0]

    def one(self, query: LiteralString, params: Params = None) -> Row | None:
        return next(iter(self.rows(query, params)), None)

    def _first(self) -> None:
        # What a pipeline sends up to its end is one transaction, and these settings are gone with it.
        enter(self, self._workspaces, READ_ONLY)


def _cursor(conn: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
    cursor: psycopg.Cursor[Any] = psycopg.Cursor(conn)
    # Django's own loader of times runs in Python, 13 us each; sessions are in UTC, so the driver's says the same.
    cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
    return cursor


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
def looking(workspace_id: int) -> Iterator[Look]:
    """Look at one workspace, outside of any transaction."""
    yield _look([workspace_id])


@contextmanager
def looking_over(workspace_ids: Iterable[int]) -> Iterator[Look]:
    """Look as the pipeline does: at several workspaces, or at what belongs to none."""
    yield _look(sorted(set(workspace_ids)))


def _look(workspaces: list[int]) -> Look:
    conn = connected()
    assert conn.autocommit, "a look inside a transaction would set its workspace"
    return Look(conn, clock.now(), workspaces)


@contextmanager
def _opened(workspaces: list[int]) -> Iterator[Tx]:
    with django_transaction.atomic(durable=True):
        tx = Tx(connected(), clock.now())
        _begin(tx.conn, workspaces)
        yield tx
        facts.append(tx)


def _begin(conn: psycopg.Connection[Any], workspaces: list[int]) -> None:
    """BEGIN and name the workspaces, in one trip. A pipeline would say the same, for five times the CPU."""
    one, every = _settings(workspaces)
    statements = f"BEGIN; SELECT set_config('app.ws', '{one}', true), set_config('app.wss', '{every}', true)"
    try:
        result = conn.pgconn.exec_(statements.encode())
    except MemoryError as error:  # so the driver calls a connection that has gone
        raise psycopg.OperationalError("the connection is lost") from error
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)


def _settings(workspaces: list[int]) -> tuple[str, str]:
    """The one workspace and every one of them, as the policies read them."""
    return str(int(workspaces[0])) if len(workspaces) == 1 else "", "{" + ",".join(map(str, map(int, workspaces))) + "}"


_ENTER = "SELECT set_config('app.ws', %s, true), set_config('app.wss', %s, true)"
READ_ONLY = ", set_config('transaction_read_only', 'on', true)"


def enter(tx: Tx, workspaces: list[int], more: LiteralString = "") -> None:
    """Set the workspaces this transaction may see: before any other statement, and gone with its end."""
    tx.cursor.execute(_ENTER + more, _settings(workspaces), prepare=True)
