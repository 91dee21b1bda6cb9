"""Senders, each in a process of its own, that count their statements."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg

from bench.installation import Installation
from bench.processes import beside


class Counting:
    """A sender's process as a bench asks it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.pid: int = pipe.recv()

    def statements(self) -> int:
        """How many it has sent to the database so far."""
        self._pipe.send(None)
        return int(self._pipe.recv())


@contextmanager
def senders(here: Installation, place: str, count: int) -> Iterator[list[Counting]]:
    """So many senders of this installation, ready, for the length of a block."""
    with ExitStack() as open_:
        pipes = [open_.enter_context(beside(_child)) for _ in range(count)]
        for pipe in pipes:
            pipe.send((here.url, here.directory, place))
        yield [Counting(pipe) for pipe in pipes]


def _child(pipe: Connection) -> None:
    from offhold.app.cli.django_process import set_up  # noqa: PLC0415 - in the child alone

    url, directory, place = pipe.recv()
    os.environ |= {"OFFHOLD_VAR_DIR": str(Path(directory)), "OFFHOLD_LOG_LEVEL": "warning"}
    set_up(url, "pipeline")
    asyncio.run(_send(pipe, place))


async def _send(pipe: Connection, place: str) -> None:
    from offhold.app.media import picture  # noqa: PLC0415 - models can be imported once Django is set up
    from offhold.connectors.egress import GuardedEgress  # noqa: PLC0415 - the same
    from offhold.publishing.sender import Sender  # noqa: PLC0415 - the same

    counted = _counted()
    egress = GuardedEgress([place])
    threading.Thread(target=_tell, args=(pipe, counted), daemon=True).start()
    await Sender(egress, picture).run()


def _tell(pipe: Connection, counted: list[int]) -> None:
    pipe.send(os.getpid())
    while True:
        pipe.recv()
        pipe.send(counted[0])


def _counted() -> list[int]:
    """From here on every statement of this process counts; BEGIN and COMMIT do not."""
    counted, execute = [0], psycopg.Cursor.execute

    def counting(self: Any, *args: Any, **kwargs: Any) -> Any:
        counted[0] += 1
        return execute(self, *args, **kwargs)

    psycopg.Cursor.execute = counting  # type: ignore[method-assign]
    return counted
