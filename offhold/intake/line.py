"""A connection to PostgreSQL that the event loop itself reads and writes: no thread, and one round trip for a commit.

A thread that commits and the loop that answers requests take the interpreter from each other several times for every
statement; at a thousand webhooks a second that was two thirds of their cost, and most of their delay. Here statements
are prepared once, and a group of them goes out together in libpq's pipeline mode, where what lies between two syncs is
one transaction: https://www.postgresql.org/docs/current/libpq-pipeline-mode.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result

Statement = tuple[bytes, Sequence[bytes]]  # the name of a prepared one, and its parameters in binary form

_READY = pq.ExecStatus.PIPELINE_SYNC
_FINE = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, _READY})


def prepared(conn: psycopg.Connection[Any], statements: Mapping[bytes, str]) -> psycopg.Connection[Any]:
    """Make a fresh connection ready for a `Line`. Blocks; raises psycopg.Error and closes it."""
    try:
        conn.execute("SET plan_cache_mode = force_generic_plan")  # planning costs more than what is planned
        for name, statement in statements.items():
            result = conn.pgconn.prepare(name, statement.encode())
            if result.status != pq.ExecStatus.COMMAND_OK:
                raise error_from_result(result)
        conn.pgconn.enter_pipeline_mode()
        conn.pgconn.nonblocking = 1
    except psycopg.Error:
        conn.close()
        raise
    return conn


class Line:
    """One transaction at a time. Belongs to the event loop it was made in; `closed` once it failed."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        self._conn, self._pg = conn, conn.pgconn
        self._socket = self._pg.socket
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[None] | None = None
        self._failed: Exception | None = None
        self.closed = False
        self._loop.add_reader(self._socket, self._guarded)

    def send(self, statements: Sequence[Statement]) -> asyncio.Future[None]:
        """Run these as one transaction; the future ends after its COMMIT, or with a psycopg.Error: then nothing of it
        is stored, unless the connection was lost, when nobody knows."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._done, self._failed = done, None
        try:
            for name, values in statements:
                self._pg.send_query_prepared(name, values, [1] * len(values))
            self._pg.pipeline_sync()
            self._write()
        except psycopg.Error as error:
            self.close(error)
        return done

    def close(self, error: Exception | None = None) -> None:
        """End the connection; what was on the way fails with `error`."""
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._conn.close()
        self._settle(error or psycopg.OperationalError("closed"))

    def _guarded(self) -> None:
        try:
            self._read()
        except psycopg.Error as error:
            self.close(error)

    def _read(self) -> None:
        self._pg.consume_input()
        while self._done is not None and not self._pg.is_busy():
            result = self._pg.get_result()
            if result is None:  # between the results of two statements, and for ever after the end of the connection
                if self._pg.status != pq.ConnStatus.OK:
                    raise psycopg.OperationalError("the connection was lost")
                continue
            if result.status == _READY:
                self._settle(self._failed)
            elif result.status not in _FINE and self._failed is None:
                self._failed = error_from_result(result)

    def _write(self) -> None:
        """Hand to the socket what it takes, and the rest when it takes more."""
        if self._pg.flush():
            self._loop.add_writer(self._socket, self._write_on)

    def _write_on(self) -> None:
        self._loop.remove_writer(self._socket)
        try:
            self._read()  # the server may wait for us to read before it takes more
            self._write()
        except psycopg.Error as error:
            self.close(error)

    def _settle(self, error: Exception | None) -> None:
        done, self._done = self._done, None
        if done is None or done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
