"""Bring the database to the shape this version needs: its roles, then its tables.

Safe to run at any time, also while Offhold runs, and does nothing when nothing is to be done. `offhold up` runs it
by itself; with several machines run it once, before the first of them starts the new version.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from offhold.app import config
from offhold.app.cli.django_process import set_up
from offhold.app.cli.output import say
from offhold.app.embedded.join import database

if TYPE_CHECKING:
    from django.db.migrations import Migration
    from django.db.migrations.executor import MigrationExecutor

HELP = "bring the database to the shape this version needs"
Tell = Callable[..., None]
LONG = 2.0  # s: a step that takes longer is named where no bar shows it
# Any number, the same for all that migrate one database: the second waits for the first.
ADVISORY_LOCK = 0x0FF401D


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--plan", action="store_true", help="only show what would be done; exit code 2 if anything")


def run(args: argparse.Namespace) -> int:
    """Migrate, or show the plan."""
    with database(config.load(), say) as url:
        settings = set_up(url, "owner")
        if args.plan:
            steps = pending()
            print("\n".join(str(step) for step in steps) or "Nothing to do.")
            return 2 if steps else 0
        migrate(settings)
    return 0


def executor(tell: Tell | None = None) -> MigrationExecutor:
    """Django's plan, and its execution."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    return MigrationExecutor(connection, tell)


def pending() -> list[Migration]:
    """The migrations that are not applied yet, in order."""
    plan = executor()
    return [step for step, _ in plan.migration_plan(plan.loader.graph.leaf_nodes())]


def is_new() -> bool:
    """Was nothing ever applied here."""
    return not executor().loader.applied_migrations


def migrate(settings: config.Config) -> None:
    """Make the roles, apply what is pending, see to the keys; one at a time even if two machines start together."""
    import psycopg

    from offhold.app import keys
    from offhold.kernel.db import roles

    with psycopg.connect(settings.database_url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        roles.create(conn)
        if steps := len(pending()):
            with telling(steps) as tell:
                plan = executor(tell)
                plan.migrate(plan.loader.graph.leaf_nodes())
        keys.prepare(settings, conn)


@contextmanager
def telling(steps: int) -> Iterator[Tell]:
    """Progress: a bar at a terminal; elsewhere one line as it begins, and one for each step that took long."""
    from rich.console import Console
    from rich.progress import Progress

    console, began = Console(stderr=True), [time.monotonic()]
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        if not console.is_terminal:
            say(f"Migrating the database: {steps} {'step' if steps == 1 else 'steps'}")
        bar = progress.add_task("Migrating the database", total=steps)

        def tell(action: str, migration: Any = None, fake: bool = False) -> None:  # noqa: ARG001, FBT - Django's call
            if action == "apply_start":
                began[:] = [time.monotonic()]
            if action == "apply_success":
                progress.advance(bar)
                if not console.is_terminal and time.monotonic() - began[0] > LONG:
                    say(f"Migrated {migration} in {time.monotonic() - began[0]:.0f} s")

        yield tell
