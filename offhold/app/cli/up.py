"""Run Offhold until Ctrl-C or SIGTERM: database, web and worker, in one command.

Starts the embedded PostgreSQL unless DATABASE_URL names another, brings the tables up to date, and keeps everything
running; what falls is started again. This is what the systemd unit in docs/operate/install.md runs.
"""

from __future__ import annotations

import argparse

from offhold.app import config
from offhold.app.cli.installation import opened, supervise, tell_systemd, web, workers
from offhold.app.cli.output import say

HELP = "run Offhold: database, web and worker, until Ctrl-C"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    del parser  # everything is a setting


def run(args: argparse.Namespace) -> int:
    """Start all, keep it running, stop all."""
    del args
    with opened(config.load()) as here:

        def on_ready() -> None:
            say(f"Offhold serves at {here.config.url}  (Ctrl-C stops it)")
            tell_systemd("READY=1")

        supervise(here, [web(here), *workers(here)], on_ready)
    return 0
