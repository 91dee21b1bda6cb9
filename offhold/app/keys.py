"""The two keys of an installation: Django's, which signs sessions, and the master key, which seals credentials.

They are files in `var/keys`, never rows. A new key is made only for a database that was never written with another:
the database keeps each key's fingerprint, and a missing or wrong file stops the start. A second key would let new
secrets be sealed that the first cannot open, and the old ones would be lost without a word.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import psycopg

from offhold.app.config import Config
from offhold.app.problem import Problem
from offhold.kernel.secrets import fingerprint

DJANGO, MASTER = "django", "master"
_KEY_BYTES = 32


def directory(config: Config) -> Path:
    """Where the key files are."""
    return config.var_dir / "keys"


def django_key(config: Config) -> str:
    """What Django signs with; empty when there is no file yet, and then Django refuses to sign anything."""
    return _read(directory(config) / DJANGO)


def master_keys(config: Config) -> tuple[bytes, ...]:
    """The keys that open credentials, the first also seals; one per line in hex. Empty when there is no file yet."""
    file = directory(config) / MASTER
    try:
        keys = tuple(bytes.fromhex(line) for line in _read(file).split())
    except ValueError as error:
        raise Problem(f"{file} is not a key file.", "Put it back from a backup.") from error
    if any(len(key) != _KEY_BYTES for key in keys):
        raise Problem(f"{file} is damaged: a key has {_KEY_BYTES} bytes.", "Put it back from a backup.")
    return keys


def prepare(config: Config, owner: psycopg.Connection) -> None:
    """Make the keys of a new installation, or see that the files are those this database was written with.

    `owner` is connected as the tables' owner, after the migrations. Raises `Problem` with the way out.
    """
    for name, make in (DJANGO, _new_django_key), (MASTER, _new_master_key):
        known = _recorded(owner, name)
        if known is None and not _file(config, name).exists():
            _refuse_sealed(owner, _file(config, name))
            _create(_file(config, name), make())
        if known is None:
            _record(owner, name, _print_of(config, name))
    verify(config, owner)


def verify(config: Config, conn: psycopg.Connection) -> None:
    """Raises `Problem` unless both files are there and are the ones this database was written with."""
    for name in DJANGO, MASTER:
        file = _file(config, name)
        if not file.exists():
            raise Problem(f"The key file {file} is missing.", _way_out(file))
        if _print_of(config, name) != _recorded(conn, name):
            raise Problem(f"The key in {file} is not the one this database was written with.", _way_out(file))


def create_missing(config: Config) -> None:
    """Make key files where there are none, without asking a database: for tests, whose databases are always new."""
    for name, make in (DJANGO, _new_django_key), (MASTER, _new_master_key):
        if not _file(config, name).exists():
            _create(_file(config, name), make())


def _file(config: Config, name: str) -> Path:
    return directory(config) / name


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def _create(file: Path, text: str) -> None:
    """Write a key that only we may read; it appears whole or not at all, and never over another."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass  # another process was faster: its key is the key
    finally:
        fresh.unlink()


def _new_django_key() -> str:
    return secrets.token_urlsafe(64)


def _new_master_key() -> str:
    return secrets.token_hex(_KEY_BYTES)


_PRINTS: dict[str, Callable[[Config], str]] = {
    DJANGO: lambda config: hashlib.sha256(b"offhold-django|" + django_key(config).encode()).hexdigest()[:12],
    MASTER: lambda config: fingerprint(master_keys(config)[0]),
}


def _print_of(config: Config, name: str) -> str:
    if not _read(_file(config, name)):
        raise Problem(f"The key file {_file(config, name)} is empty.", _way_out(_file(config, name)))
    return _PRINTS[name](config)


def _recorded(conn: psycopg.Connection, name: str) -> str | None:
    row = conn.execute("SELECT fingerprint FROM key_fingerprints WHERE name = %s", (name,)).fetchone()
    return None if row is None else str(row[0])


def _record(conn: psycopg.Connection, name: str, value: str) -> None:
    conn.execute(
        "INSERT INTO key_fingerprints (name, fingerprint) VALUES (%s, %s) ON CONFLICT DO NOTHING", (name, value)
    )
    conn.commit()


def _refuse_sealed(conn: psycopg.Connection, file: Path) -> None:
    """A database that holds sealed credentials has a key already, even if it lost its fingerprint."""
    row = conn.execute("SELECT EXISTS (SELECT 1 FROM channel_secrets)").fetchone()
    if row is not None and row[0]:
        raise Problem(f"The database holds sealed credentials, and {file} is missing.", _way_out(file))


def _way_out(file: Path) -> str:
    return f"Put {file} back from your backup; docs/operate/keys.md says what to do when it is lost for good."
