"""Threading and storing alone, beside COPY of the same message rows: batches of 500, each committed.

The path is the product's own (`app.pipeline`) on arrivals that are parsed already, in one process, as the pipeline's
role under row-level security, with everything it writes. The limit is COPY as the owner into a table with the same
indexes and nothing else.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import NamedTuple

import psycopg

from bench.report import percentile
from bench.traffic import Sent

BATCH = 500


class Stored(NamedTuple):
    """Messages per second of wall time, median of batches."""

    apply_per_s: float
    copy_per_s: float

    @property
    def ratio(self) -> float:
        return self.apply_per_s / self.copy_per_s


def measure(url: str, sent: Sequence[Sent]) -> Stored:
    """Store these messages, which no other has stored, in the database at the owner's `url`; then copy them."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    given = [(one.channel, one.body) for one in sent]
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(url, theirs, given), daemon=True)
    process.start()
    theirs.close()
    try:
        seconds: list[float] = ours.recv()
    finally:
        process.join()
    copied = _copy(url, [one.network_id for one in sent])
    return Stored(BATCH / percentile(seconds, 0.5), BATCH / percentile(copied, 0.5))


def _child(url: str, pipe: Connection, given: list[tuple[int, bytes]]) -> None:
    from offhold.app.cli.django_process import set_up  # noqa: PLC0415 - in the child alone

    set_up(url, "pipeline")
    pipe.send(_apply(given))


def _apply(given: list[tuple[int, bytes]]) -> list[float]:
    """Seconds of each batch."""
    from offhold.app.pipeline import handle  # noqa: PLC0415 - models can be imported once Django is set up
    from offhold.kernel.db.tx import transaction_over  # noqa: PLC0415 - the same

    seconds = []
    for batch in _parsed(given):
        began = time.perf_counter()
        with transaction_over({one.workspace for one in batch}) as tx:
            handle(tx, batch)
        seconds.append(time.perf_counter() - began)
    return seconds


def _parsed(given: list[tuple[int, bytes]]) -> list[list]:  # type: ignore[type-arg]
    from offhold.channels.queries import load_channels  # noqa: PLC0415 - as above
    from offhold.connectors import registry  # noqa: PLC0415 - as above
    from offhold.intake.consume import Parsed  # noqa: PLC0415 - as above
    from offhold.kernel import clock  # noqa: PLC0415 - as above
    from offhold.kernel.db.tx import transaction_over  # noqa: PLC0415 - as above

    connector = registry.get("sandbox")
    with transaction_over([]) as tx:
        every = tx.rows("SELECT workspace_id, channel_id FROM all_channels()")
    with transaction_over({w for w, _ in every}) as tx:
        channels = load_channels(tx, [c for _, c in every])
        queues: dict[int, int] = dict(tx.rows("SELECT id, queue_id FROM channels"))
    arrivals = [
        Parsed(number, channels[c].workspace_id, channels[c], queues[c], clock.now(), True,
               connector.parse(channels[c], body))
        for number, (c, body) in enumerate(given)
    ]  # fmt: skip
    return [arrivals[at : at + BATCH] for at in range(0, len(arrivals) - BATCH + 1, BATCH)]


def _copy(url: str, network_ids: list[str]) -> list[float]:
    """Seconds of each batch."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE TABLE copied (LIKE messages INCLUDING ALL)")
        try:
            with conn.cursor().copy(
                "COPY (SELECT m.* FROM messages m JOIN unnest(%s::text[]) k(id) ON m.network_id = k.id ORDER BY m.id)"
                " TO STDOUT",
                (network_ids,),
            ) as out:
                lines = b"".join(out).splitlines(keepends=True)
            return [_copied(conn, lines[at : at + BATCH]) for at in range(0, len(lines) - BATCH + 1, BATCH)]
        finally:
            conn.execute("DROP TABLE copied")


def _copied(conn: psycopg.Connection, lines: list[bytes]) -> float:
    data = b"".join(lines)
    began = time.perf_counter()
    with conn.cursor().copy("COPY copied FROM STDIN") as into:
        into.write(data)
    return time.perf_counter() - began
