"""pg_dump and pg_restore against our database; they come with the embedded server's wheel."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from offhold.app.embedded.binaries import programs_for
from offhold.app.problem import Problem

# libpq's names in a connection string -> in the environment. The password must not stand in a process list.
IN_ENVIRONMENT = {"password": "PGPASSWORD"}
ON_COMMAND_LINE = {"host": "--host", "port": "--port", "user": "--username"}


def dump(url: str, file: Path) -> None:
    """Write the whole database into `file`, compressed, in pg_restore's format; it appears whole or not at all."""
    partial = file.with_name(f".{file.name}.partial")
    partial.touch(mode=0o600)
    try:
        run("pg_dump", url, ["--format=custom", f"--file={partial}", database(url)])
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def restore(url: str, file: Path) -> None:
    """Read `file` into the empty database at `url`: all of it, or nothing."""
    options = ["--no-owner", "--single-transaction", "--exit-on-error", f"--dbname={database(url)}"]
    run("pg_restore", url, [*options, str(file)])


def database(url: str) -> str:
    """The name of the database in `url`."""
    return str(conninfo_to_dict(url).get("dbname", ""))


def major(url: str) -> int:
    """The server's major version."""
    with psycopg.connect(url) as conn:
        return conn.info.server_version // 10000


def run(program: str, url: str, arguments: Sequence[str]) -> None:
    """Run one of PostgreSQL's own programs against `url`. Raises `Problem` with its words when it fails."""
    parts = conninfo_to_dict(url)
    where = [f"{option}={parts[name]}" for name, option in ON_COMMAND_LINE.items() if parts.get(name)]
    environ = os.environ | {variable: str(parts[name]) for name, variable in IN_ENVIRONMENT.items() if parts.get(name)}
    environ |= {f"PG{name.upper()}": str(parts[name]) for name in ("sslmode", "sslrootcert") if parts.get(name)}
    done = subprocess.run(
        [programs_for(major(url)) / program, "--no-password", *where, *arguments],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"{program} failed: {done.stderr.strip()}", "Put that right and try again.")
