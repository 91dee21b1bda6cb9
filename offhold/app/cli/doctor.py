"""Look at everything that must be right, and say what is not, why, and what to do.

Changes nothing. Works beside a running Offhold; if none runs, the embedded database is started for the duration.
Exit code 1 when something is bad, 0 otherwise: fit for a monitor.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from offhold.app import config
from offhold.app.cli import checks
from offhold.app.cli.checks import Finding, Level
from offhold.app.cli.output import say
from offhold.app.cli.port import holder
from offhold.app.config import Config
from offhold.app.embedded.binaries import SHARED
from offhold.app.embedded.home import Home, Taken
from offhold.app.embedded.join import database
from offhold.app.problem import Problem
from offhold.connectors import registry

HELP = "look at everything that must be right, and say what to do about what is not"
MARKS = {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "bad": "[bold red]bad[/]"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    del parser  # there are none


def run(args: argparse.Namespace) -> int:
    """Print all findings."""
    del args
    settings = config.load()
    found = list(findings(settings))
    show(found)
    return 1 if any(finding.level == "bad" for finding in found) else 0


def findings(settings: Config) -> Iterator[Finding]:
    """Everything there is to say, in the order in which it would keep Offhold from starting."""
    yield from checks.on_this_machine(settings)
    yield process(settings)
    yield from networks(registry.networks)
    yield from strays()
    try:
        with database(settings, say) as url, checks.connected(url) as conn:
            server = list(checks.in_database(conn))
            yield from server
            if all(finding.level != "bad" for finding in server):
                yield from inside(url)
    except Problem as problem:
        yield Finding("bad", "Database", problem.what, problem.way_out)


def process(settings: Config) -> Finding:
    """Does Offhold run on this `var/`, and if not, could it take its port."""
    home = Home(settings.var_dir)
    if is_running(settings):
        return Finding("ok", "Offhold", f"running (process {home.owner()})")
    who = holder(settings.port) if settings.port else ""
    if who:
        return Finding("bad", "Port", f"Port {settings.port} is taken by {who}.", "Stop that, or set another port.")
    return Finding("ok", "Offhold", "not running")


def is_running(settings: Config) -> bool:
    """Does somebody own this `var/`."""
    try:
        with Home(settings.var_dir).owned():
            return False
    except Taken:
        return True


def networks(installed: registry.Registry) -> Iterator[Finding]:
    """Which networks are here, and which folders cannot be used."""
    yield Finding("ok", "Networks", ", ".join(installed.manifests()) or "none")
    for name, why in sorted(installed.broken().items()):
        yield Finding(
            "bad", "Networks", f"The folder networks/{name} is left out: {why}", "Mend that folder, or remove it."
        )


def strays() -> Iterator[Finding]:
    """Data that root's PostgreSQL kept outside a `var/` that is gone."""
    for note in SHARED.glob("*/belongs-to") if SHARED.is_dir() else ():
        var = Path(note.read_text().strip())
        if not (var / "postgres").is_symlink():
            what = f"{note.parent} holds the data of {var}, which is gone."
            yield Finding("note", "Disk", what, f"If it is not missed: rm -r {note.parent}")


def inside(url: str) -> Iterator[Finding]:
    """What only our own tables tell: pending migrations, keys, people."""
    from offhold.app.cli.django_process import set_up

    settings = set_up(url, "owner")
    from offhold.app.cli.migrate import pending

    if steps := pending():
        yield Finding(
            "note", "Tables", f"{len(steps)} migrations are pending.", "offhold up or offhold migrate does them."
        )
        return
    yield Finding("ok", "Tables", "up to date")
    yield keys(settings)
    yield people()
    yield promises(settings)


def promises(settings: Config) -> Finding:
    """Is every open case watched, and does anybody watch."""
    from offhold.kernel.db.tx import looking_over
    from offhold.promises import watch

    with looking_over([]) as tx:
        unwatched, silent = watch.health(tx)
    if unwatched:
        way_out = "This is a fault of Offhold: tell us, and set each open case's line in case_watch to '-infinity'."
        return Finding("bad", "Promises", f"{unwatched} open cases are watched by nobody.", way_out)
    if silent > watch.SILENT_SECONDS:
        way_out = "Is a worker running, and what does its log say?"
        level: Level = "bad" if is_running(settings) else "note"
        return Finding(level, "Promises", f"Nobody has looked at what is due for {_span(silent)}.", way_out)
    return Finding("ok", "Promises", "every open case has its next moment")


def keys(settings: Config) -> Finding:
    """Are the key files those this database was written with."""
    from offhold.app import keys as key_files
    from offhold.kernel.db.tx import connected

    try:
        key_files.verify(settings, connected())
    except Problem as problem:
        return Finding("bad", "Key files", problem.what, problem.way_out)
    return Finding("ok", "Key files", "the ones this database was written with")


def _span(seconds: float) -> str:
    return "as long as there is a record" if seconds == float("inf") else f"{seconds:.0f} s"


def people() -> Finding:
    """Can anybody sign in."""
    from offhold.people.models import User

    count = User.objects.filter(is_active=True).count()
    if not count:
        return Finding("note", "People", "Nobody may sign in yet.", "offhold create-user --help")
    return Finding("ok", "People", f"{count} may sign in")


def show(found: list[Finding]) -> None:
    """A table at a terminal, plain lines elsewhere."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    for column in ("level", "subject", "what"):
        table.add_column(column, overflow="fold")
    for finding in found:
        words = finding.what + (f"\n→ {finding.way_out}" if finding.way_out else "")
        table.add_row(MARKS[finding.level], finding.subject, words)
    Console(highlight=False, soft_wrap=False).print(table)
