"""A database for a command: your own, the one that `offhold up` runs just now, or the embedded one for the duration."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from offhold.app.config import Config
from offhold.app.embedded.cluster import locate
from offhold.app.embedded.home import Home, Taken
from offhold.app.embedded.postgres import Say, Tuning, running, status
from offhold.app.problem import Problem

# How long to wait for an Offhold that is just starting; its recovery may take longer, then the person tries again.
PATIENCE = 30.0


@contextmanager
def database(config: Config, say: Say) -> Iterator[str]:
    """The owner's connection URL for the length of a block. Raises `Problem` when there is no database to be had."""
    if config.database_url:
        yield config.database_url
        return
    home = Home(config.var_dir)
    try:
        with home.owned(), running(home, tuning(config), say) as server:
            yield server.owner_url
    except Taken:
        yield of_running(home)


def tuning(config: Config) -> Tuning:
    """The embedded server's size as the settings have it."""
    return Tuning(memory_mb=config.postgres_memory_mb, connections=config.postgres_connections)


def of_running(home: Home) -> str:
    """The URL of the server that another Offhold runs, once it is ready."""
    cluster = locate(home)
    until = time.monotonic() + PATIENCE
    while status(cluster.data) != "ready":
        if time.monotonic() > until:
            raise Problem(f"Offhold (process {home.owner()}) is still starting.", "Try again in a moment.")
        time.sleep(0.1)
    return cluster.url()
