"""Read a dump that `offhold backup` or pg_dump wrote into an empty database.

What was on its way out when the dump was made may have gone since: it is looked for on its network before anything is
sent, and what waited waits for a person. A dump of an older version is brought to this version's shape.

Offhold must not run meanwhile, and a database that holds anything is refused: restore into a fresh var directory or a
fresh database, look at it, then put it in the old one's place. The keys the dump was made with must be in var/keys
first, else the credentials in it cannot be opened.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import psycopg

from offhold.app import config
from offhold.app.cli import migrate
from offhold.app.cli.django_process import set_up
from offhold.app.cli.dumps import restore
from offhold.app.cli.output import say
from offhold.app.embedded.home import Home
from offhold.app.embedded.join import database
from offhold.app.problem import Problem
from offhold.kernel.db import roles

HELP = "read a dump into an empty database"
KEY_FILES = ("django", "master")


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a dump in pg_restore's format")


def run(args: argparse.Namespace) -> int:
    """Restore the dump."""
    settings = config.load()
    if not args.file.is_file():
        raise Problem(f"There is no file {args.file}.", "Name a dump; offhold backup writes them to var/backups.")
    refuse_without_keys(Home(settings.var_dir))
    with database(settings, say) as url:
        with psycopg.connect(url, autocommit=True) as conn:
            refuse_full(conn)
            roles.create(conn)
        restore(url, args.file)
        doubt(url)
    say("Restored. offhold doctor looks at it, offhold up runs it.")
    return 0


def doubt(url: str) -> None:
    """Whatever was on its way when the dump was made may be out by now: it is looked for before anything is sent."""
    settings = set_up(url, "owner")
    from offhold.publishing import restored

    migrate.migrate(settings)
    if count := restored.do_doubt():
        say(f"{count} replies were on their way: each is looked for on its network, or waits for a person.")


def refuse_without_keys(home: Home) -> None:
    """A start after this would find ciphertext it cannot open; better told before than after."""
    missing = [name for name in KEY_FILES if not (home.root / "keys" / name).is_file()]
    if missing:
        where = home.root / "keys"
        raise Problem(
            f"{where} lacks {' and '.join(missing)}.", "Copy the keys of the installation that was dumped there."
        )


def refuse_full(conn: psycopg.Connection) -> None:
    """Never mix two installations."""
    row = conn.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise Problem(
            f"The database is not empty: it has {row[0]} tables.", "Restore into a fresh one: --var, DATABASE_URL."
        )
