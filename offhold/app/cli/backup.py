"""Write the whole database into one file, while everything runs.

The file is in the format of pg_restore. Without --to it goes into backups/ of the var directory, and dumps there older
than --keep-days are removed. Keys and pictures are not in it: docs/operate/install.md says how to keep them.

    offhold backup                       every night, from a timer
    offhold backup --to /mnt/desk.dump   into a file of your choice
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from offhold.app import config
from offhold.app.cli.dumps import dump
from offhold.app.cli.output import say
from offhold.app.embedded.home import Home, made
from offhold.app.embedded.join import database

HELP = "write the whole database into one file"
PATTERN = "offhold-*.dump"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--to", type=Path, metavar="FILE", help="where to (default: a dated file in var/backups)")
    parser.add_argument("--keep-days", type=int, default=14, metavar="N", help="of var/backups only (default: 14)")


def run(args: argparse.Namespace) -> int:
    """Write the dump and print where it is."""
    settings = config.load()
    with database(settings, say) as url:
        file = args.to or in_var(Home(settings.var_dir))
        dump(url, file)
    if args.to is None:
        forget_old(file.parent, args.keep_days)
    print(file)
    return 0


def in_var(home: Home) -> Path:
    """A file of its own for this moment, in a directory that we alone may read."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return made(home.keys.parent / "backups", 0o700) / PATTERN.replace("*", stamp)


def forget_old(directory: Path, days: int) -> None:
    """Remove dumps older than `days`."""
    oldest = time.time() - days * 86400
    for file in directory.glob(PATTERN):
        if file.stat().st_mtime < oldest:
            file.unlink()
