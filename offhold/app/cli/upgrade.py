"""Make the step to this version: look at everything, write a dump, then migrate.

Run it after the new version was installed and before it is started, for example:

    pip install --upgrade offhold && offhold upgrade && systemctl restart offhold

A version that still runs goes on meanwhile: migrations only add what the version before does not know of, and remove
one version later. --check stops before the first change.
"""

from __future__ import annotations

import argparse

from offhold.app import config
from offhold.app.cli import backup, checks, doctor, migrate
from offhold.app.cli.django_process import set_up
from offhold.app.cli.dumps import dump
from offhold.app.cli.output import say
from offhold.app.embedded.home import Home
from offhold.app.embedded.join import database

HELP = "look at disk, database, rights and keys, then write a dump, then migrate"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--check",
        action="store_true",
        help="look at disk, database, rights and keys, and show the migrations; change nothing",
    )
    parser.add_argument("--no-dump", action="store_true", help="you have just made a backup of your own")


def run(args: argparse.Namespace) -> int:
    """Preflight, plan, dump, migrate."""
    settings = config.load()
    checks.refuse(checks.on_this_machine(settings))
    with database(settings, say) as url, checks.connected(url) as conn:
        checks.refuse(checks.in_database(conn))
        settings = set_up(url, "owner")
        if migrate.is_new():
            say("The database is new: offhold up makes its tables.")
            return 0
        steps = migrate.pending()
        if not steps:
            say("The database is up to date.")
            return 0
        checks.refuse(iter([doctor.keys(settings)]))
        print("\n".join(["What will be done:", *(f"  {step}" for step in steps)]))
        if args.check:
            return 0
        if not args.no_dump:
            file = backup.in_var(Home(settings.var_dir))
            say(f"Writing {file} first")
            dump(url, file)
        migrate.migrate(settings)
    say("Done. Restart Offhold.")
    return 0
