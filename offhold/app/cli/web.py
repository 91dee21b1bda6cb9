"""Run the process that browsers and webhooks reach, alone.

`offhold up` starts it by itself. Run it alone to spread Offhold over machines: any number of `offhold web` and
`offhold worker` over one PostgreSQL (DATABASE_URL), after `offhold migrate` ran once.
"""

from __future__ import annotations

import argparse
import socket

from offhold.app import config
from offhold.app.cli.django_process import set_up
from offhold.app.cli.output import say
from offhold.app.cli.port import listening
from offhold.app.embedded.join import database
from offhold.app.embedded.process import tell_ready

HELP = "run the web process alone"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--fd", type=int, help=argparse.SUPPRESS)  # the open socket that `offhold up` hands over


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    settings = config.load()
    with database(settings, say) as url:
        settings = set_up(url, "app")
        from offhold.app.web import serve

        if args.fd is not None:
            with socket.socket(fileno=args.fd) as sock:
                serve(settings, sock, tell_ready)
        else:
            with listening(settings.host, settings.port) as sock:
                serve(settings, sock, lambda: say(f"Serving at {settings.url}"))
    return 0
