"""Is there anything to migrate? Told without loading Django, so that a start with nothing to do is quick.

A note in `var/run` says for which migrations of ours, and for which rows in the database, all was done. Both must be
the same; a restored or another database, another version or missing keys are looked at properly.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

import psycopg

from offhold.app.embedded.home import Home

PACKAGE = Path(__file__).resolve().parents[2]
# They bring migrations of their own.
OTHERS = ("django", "django-allauth")
KEY_FILES = ("django", "master")


def nothing_to_do(home: Home, conn: psycopg.Connection) -> bool:
    """Was `offhold migrate` run for exactly this code on exactly this database."""
    note = home.run / "migrated"
    keys = all((home.keys / name).exists() for name in KEY_FILES)
    return keys and note.exists() and note.read_text() == state(conn)


def remember(home: Home, conn: psycopg.Connection) -> None:
    """All is done for this code and this database."""
    (home.run / "migrated").write_text(state(conn))


def state(conn: psycopg.Connection) -> str:
    """What was compared: our migrations, and what the database says was applied."""
    table = conn.execute("SELECT to_regclass('django_migrations')").fetchone()
    if not table or table[0] is None:
        return "nothing applied"
    applied = conn.execute("SELECT count(*), max(applied)::text, current_database() FROM django_migrations").fetchone()
    return f"{ours()} {applied}"


def ours() -> str:
    """A hash of the migrations that this version has."""
    total = hashlib.sha256(" ".join(map(importlib.metadata.version, OTHERS)).encode())
    for file in sorted(PACKAGE.glob("*/migrations/*.py")):
        total.update(file.read_bytes())
    return total.hexdigest()
