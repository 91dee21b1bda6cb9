"""What must be right before Offhold starts. `up` stops at the first thing that is not; `doctor` shows them all."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import psycopg

from offhold.app import config as configuration
from offhold.app.config import Config
from offhold.app.problem import Problem

OLDEST_POSTGRES = 16
BUILT_CLIENT = Path(__file__).resolve().parents[1] / "client_build"
MB = 1_000_000
# Below the first PostgreSQL may stop at its next checkpoint, below the second somebody should look.
LEAST_FREE = 300 * MB
ENOUGH_FREE = 2_000 * MB

Level = Literal["ok", "note", "bad"]


class Finding(NamedTuple):
    """One thing looked at. `way_out` is empty when all is well."""

    level: Level
    subject: str
    what: str
    way_out: str = ""


def on_this_machine(config: Config) -> Iterator[Finding]:
    """What can be told without a database."""
    yield python()
    yield from settings()
    yield client()
    yield disk(config.var_dir)
    yield keys(config.var_dir / "keys")


def python() -> Finding:
    """The interpreter that runs us."""
    return Finding("ok", "Python", ".".join(map(str, sys.version_info[:3])))


def settings() -> Iterator[Finding]:
    """Variables that look like settings and are none."""
    import os

    for name in configuration.unknown_variables(os.environ):
        yield Finding(
            "note", "Settings", f"{name} is no setting and is ignored.", "docs/operate/settings.md lists all."
        )


def client() -> Finding:
    """The built browser client, which the wheel carries and `make setup` makes in a working copy."""
    if (BUILT_CLIENT / "index.html").is_file():
        return Finding("ok", "Browser client", "built")
    return Finding("bad", "Browser client", "The browser client is not built.", "Run make setup in the working copy.")


def disk(var: Path) -> Finding:
    """Room where the data is."""
    there = next(directory for directory in (var, *var.parents) if directory.exists())
    free = shutil.disk_usage(there).free
    text = f"{free / MB:,.0f} MB free at {var}"
    if free < LEAST_FREE:
        return Finding(
            "bad", "Disk", f"Only {text}.", f"Free some: Offhold wants {ENOUGH_FREE // MB:,} MB to work well."
        )
    if free < ENOUGH_FREE:
        return Finding("note", "Disk", f"Only {text}.", "Free some soon; below 300 MB Offhold does not start.")
    return Finding("ok", "Disk", text)


def keys(directory: Path) -> Finding:
    """Keys are for us alone."""
    if not directory.exists():
        return Finding("ok", "Keys", "made at the first start")
    open_ones = [path for path in (directory, *directory.rglob("*")) if path.stat().st_mode & 0o077]
    if open_ones:
        return Finding("bad", "Keys", f"Others may read {open_ones[0]}.", f"chmod -R go= {directory}")
    return Finding("ok", "Keys", f"in {directory}, readable by us alone")


def refuse(findings: Iterator[Finding]) -> None:
    """Raise the first bad one as a `Problem`."""
    for finding in findings:
        if finding.level == "bad":
            raise Problem(finding.what, finding.way_out)


def connected(url: str) -> psycopg.Connection:
    """A connection to your own PostgreSQL. Raises `Problem` without its password when there is none to be had."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10, application_name="offhold check")
    except psycopg.ProgrammingError as error:
        raise Problem("DATABASE_URL is not a PostgreSQL address.", "Write postgresql://user:pass@host/name.") from error
    except psycopg.OperationalError as error:
        lines = str(error).strip().splitlines()
        reason = [line for line in lines if not line.startswith("\t")][-1]  # indented ones are libpq's hints
        raise Problem(f"The database cannot be reached: {reason}", "Is it running? Is DATABASE_URL right?") from error


def in_database(conn: psycopg.Connection) -> Iterator[Finding]:
    """What the server and the role we were given must allow."""
    yield version(conn)
    yield rights(conn)
    yield encoding(conn)


def version(conn: psycopg.Connection) -> Finding:
    """The server's version."""
    number = conn.info.server_version  # 160004 is 16.4
    found = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number < OLDEST_POSTGRES * 10000:
        return Finding(
            "bad", "Database", f"This is {found}.", f"Offhold needs {OLDEST_POSTGRES} or newer, or the embedded one."
        )
    return Finding("ok", "Database", found)


def rights(conn: psycopg.Connection) -> Finding:
    """May the given role make our two roles, and is it more than an owner needs to be."""
    query = """
        SELECT current_user, rolsuper, rolcreaterole,
               (SELECT count(*) FROM pg_roles WHERE rolname IN ('offhold_app', 'offhold_pipeline')
                   AND pg_has_role(current_user, oid, 'MEMBER')) = 2
        FROM pg_roles WHERE rolname = current_user"""
    row = conn.execute(query).fetchone()
    assert row is not None  # current_user is always in pg_roles
    user, superuser, may_create, has_ours = row
    if not (superuser or may_create or has_ours):
        way_out = f"As superuser: ALTER ROLE {user} CREATEROLE;"
        return Finding("bad", "Database role", f"{user} may not make the roles Offhold acts as.", way_out)
    if superuser:
        way_out = "An owner without superuser is enough: docs/operate/install.md."
        return Finding("note", "Database role", f"{user} is superuser.", way_out)
    return Finding("ok", "Database role", f"{user} owns the tables; the server acts as offhold_app")


def encoding(conn: psycopg.Connection) -> Finding:
    """People write in every script."""
    row = conn.execute("SHOW server_encoding").fetchone()
    found = row[0] if row else ""
    if found != "UTF8":
        return Finding(
            "bad", "Encoding", f"The database is {found}.", "CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0"
        )
    return Finding("ok", "Encoding", "UTF8")
