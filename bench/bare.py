"""What a sender cannot do without: per reply three commits and two requests, and nothing else around them.

One row is written before the socket opens, one after the answer and one after the read-back, as `publishing` does; by
two processes, on as many connections as a sender has channels, with the sender's own HTTP client.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from multiprocessing.connection import Connection

import psycopg

from bench.processes import beside
from offhold.connectors.egress import GuardedEgress

PROCESSES, AT_ONCE = 2, 4
_TABLE = "CREATE TABLE bare (id bigint PRIMARY KEY, state text NOT NULL)"
_WRITE = "INSERT INTO bare VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET state = excluded.state"


def per_second(url: str, place: str, replies: int) -> float:
    """So many replies, in a table of their own of the database at the owner's `url`, to the network at `place`."""
    with psycopg.connect(url) as conn:
        conn.execute(_TABLE)
    with ExitStack() as open_:
        pipes = [open_.enter_context(beside(_child)) for _ in range(PROCESSES)]
        for number, pipe in enumerate(pipes):
            pipe.send((url, place, number, replies // PROCESSES))
        for pipe in pipes:
            pipe.recv()  # it is ready
        began = time.monotonic()
        for pipe in pipes:
            pipe.send(None)
        for pipe in pipes:
            pipe.recv()
        took = time.monotonic() - began
    with psycopg.connect(url) as conn:
        conn.execute("DROP TABLE bare")
    return replies / took


def _child(pipe: Connection) -> None:
    asyncio.run(_send(pipe, *pipe.recv()))


async def _send(pipe: Connection, url: str, place: str, number: int, count: int) -> None:
    egress = GuardedEgress([place])
    left = iter(range(number, count * PROCESSES, PROCESSES))
    conns = [await psycopg.AsyncConnection.connect(url, autocommit=True) for _ in range(AT_ONCE)]
    pipe.send(None)
    pipe.recv()

    async def work(conn: psycopg.AsyncConnection) -> None:
        base = f"http://{place}/bare-{number}-{id(conn)}/api"
        for reply in left:
            await conn.execute(_WRITE, (reply, "sending"))
            await egress.request(
                "POST", f"{base}/statuses", headers={"idempotency-key": f"bare-{reply}"}, content=b"{}"
            )
            await conn.execute(_WRITE, (reply, "sent"))
            await egress.request("GET", f"{base}/me/statuses")
            await conn.execute(_WRITE, (reply, "proven"))

    await asyncio.gather(*(work(conn) for conn in conns))
    pipe.send(None)
