"""The web process: uvicorn on a socket that is already open, checked before it serves, stopped without a cut.

With open streams plain uvicorn never ends by itself: its shutdown waits for them, and lifespan's comes after. So the
streams are told the moment the signal arrives.
"""

from __future__ import annotations

import contextlib
import gc
import socket
from collections.abc import Callable
from types import FrameType

import psycopg
import uvicorn
from django.db import connection

from offhold.app import keys, logging_lines
from offhold.app.config import Config
from offhold.app.problem import Problem
from offhold.kernel import ids
from offhold.kernel.db import roles
from offhold.kernel.db.tx import connected

# Streams that do not end by themselves after the bye are cut then.
GRACE = 3


class Server(uvicorn.Server):
    """uvicorn that tells the live streams to end as soon as it is told to stop, and says when it serves."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_stop = on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Runs in the signal handler, on the loop's thread."""
        self._on_stop()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Ready is when connections are accepted."""
        await super().startup(sockets=sockets)
        if not self.should_exit:
            self._on_ready()


def check(config: Config) -> None:
    """Refuse to serve with too many rights or with other keys than the database's; claim a node number for ids."""
    try:
        conn = connected()
        roles.refuse_unsafe(conn)
        keys.verify(config, conn)
        row = conn.execute("SELECT nextval('node_numbers')").fetchone()
    except roles.UnsafeRole as error:
        raise Problem(str(error), "See docs/operate/install.md.") from error
    except psycopg.errors.UndefinedTable as error:
        raise Problem("The database has not been migrated.", "Run offhold migrate.") from error
    finally:
        connection.close()
    assert row is not None  # nextval always answers
    ids.claim_node(row[0])


def serve(config: Config, sock: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve on `sock` until SIGTERM or SIGINT. Django is set up; raises `Problem` when it must not start."""
    logging_lines.set_up(config.log_level)
    check(config)
    from offhold.app.asgi import application, take  # noqa: PLC0415 - it loads every stage, after the checks
    from offhold.live.asgi import hub  # noqa: PLC0415 - the same
    from offhold.live.direct import DirectHttp  # noqa: PLC0415 - the same

    DirectHttp.take = staticmethod(take)
    options = uvicorn.Config(
        application,
        loop="uvloop",
        http=DirectHttp,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # addresses of webhooks are secrets
        server_header=False,
        proxy_headers=False,  # `app.asgi` decides whom to believe
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=75,
        h11_max_incomplete_event_size=64 * 1024,
    )
    gc.collect()
    gc.freeze()  # what was loaded stays: looking through it again and again holds up every request for 50 ms
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises the signal again once all is closed
        Server(options, on_ready, hub.stop).run(sockets=[sock])
