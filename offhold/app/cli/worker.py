"""Run a process that turns arrivals into cases and sends replies, alone.

`offhold up` starts as many as the setting `workers` says. Run more on other machines over one PostgreSQL
(DATABASE_URL): they share the lanes by lease.
"""

from __future__ import annotations

import argparse

from offhold.app import config
from offhold.app.cli.django_process import set_up
from offhold.app.cli.output import say
from offhold.app.embedded.join import database
from offhold.app.embedded.process import tell_ready

HELP = "run a worker process alone"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    del parser  # there are none


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C."""
    del args
    with database(config.load(), say) as url:
        settings = set_up(url, "pipeline")
        from offhold.app.worker import serve

        serve(settings, tell_ready)
    return 0
