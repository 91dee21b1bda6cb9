"""`offhold`: reads the command line and runs one command."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from offhold.app.cli import (
    backup,
    bench,
    create_user,
    demo,
    doctor,
    migrate,
    openapi,
    pledge,
    replay,
    restore,
    stop_publishing,
    up,
    upgrade,
    web,
    worker,
)
from offhold.app.problem import Problem


class Command(Protocol):
    """A module of this package. Its docstring is the long help; heavy imports happen inside `run`."""

    __doc__: str | None
    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, args: argparse.Namespace) -> int: ...


# In the order in which `offhold --help` lists them.
COMMANDS: dict[str, Command] = {
    "up": up,
    "demo": demo,
    "create-user": create_user,
    "stop-publishing": stop_publishing,
    "doctor": doctor,
    "backup": backup,
    "restore": restore,
    "upgrade": upgrade,
    "replay": replay,
    "pledge": pledge,
    "migrate": migrate,
    "web": web,
    "worker": worker,
    "bench": bench,
    "openapi": openapi,
}

ABOUT = "Offhold, a self-hosted social customer care desk."
EPILOG = """\
First steps:   offhold demo            a company with a living network, to look around
On a server:   offhold create-user you@example.com --workspace "Your company" --role admin --name You
               offhold up
Settings come from OFFHOLD_... variables or offhold.toml: docs/operate/settings.md.
"""


def parser() -> argparse.ArgumentParser:
    """The command line, with every command there is."""
    made = argparse.ArgumentParser(
        prog="offhold", description=ABOUT, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--version", action="version", version=importlib.metadata.version("offhold"))
    made.add_argument(
        "--config", type=Path, metavar="FILE", help="settings file (default: ./offhold.toml if there is one)"
    )
    made.add_argument("--var", type=Path, metavar="DIR", help="where data is kept (setting var_dir, default: ./var)")
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    for name, command in COMMANDS.items():
        add(commands, name, command)
    return made


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, command: Command) -> None:
    """Give one command its place: its module's docstring is what `--help` says."""
    about = (command.__doc__ or "").strip()
    first = about.splitlines()[0]
    sub = commands.add_parser(
        name, help=command.HELP, description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sub.set_defaults(run=command.run, about=first)
    command.configure(sub)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `offhold` with `arguments` (default: the command line). Returns the exit code."""
    args = parser().parse_args(arguments)
    settle(args)
    try:
        return int(args.run(args))
    except Problem as problem:
        print(f"offhold: {problem.what}\n  {problem.way_out}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has gone: `offhold ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def settle(args: argparse.Namespace) -> None:
    """Options that stand for settings become environment, so that children see them too."""
    if args.config is not None:
        os.environ["OFFHOLD_CONFIG"] = str(args.config.resolve())
    if args.var is not None:
        os.environ["OFFHOLD_VAR_DIR"] = str(args.var.resolve())
