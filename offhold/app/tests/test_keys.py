"""Keys are made once, for a database that has none; a missing or foreign one stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest

from offhold.app import config, keys
from offhold.app.config import Config
from offhold.app.problem import Problem
from tests.support.database import Server


@pytest.fixture
def fresh(database_server: Server) -> Iterator[psycopg.Connection]:
    """A new database, as its owner."""
    with psycopg.connect(database_server.copy(), autocommit=True) as conn:
        yield conn


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    return msgspec.structs.replace(config.current(), var_dir=tmp_path)


def test_the_first_start_makes_them_for_us_alone(fresh: psycopg.Connection, settings: Config) -> None:
    keys.prepare(settings, fresh)
    files = sorted((settings.var_dir / "keys").iterdir())
    assert [(file.name, oct(file.stat().st_mode & 0o777)) for file in files] == [
        ("django", "0o600"),
        ("master", "0o600"),
    ]
    assert [len(key) for key in keys.master_keys(settings)] == [32]
    assert len(keys.django_key(settings)) >= 64
    before = [file.read_text() for file in files]
    keys.prepare(settings, fresh)
    keys.verify(settings, fresh)
    assert [file.read_text() for file in files] == before
    row = fresh.execute("SELECT string_agg(k::text, '') FROM key_fingerprints k").fetchone()
    assert row is not None
    assert not any(text.strip() in row[0] for text in before)


@pytest.mark.parametrize("name", [keys.DJANGO, keys.MASTER])
def test_a_missing_key_stops_the_start(fresh: psycopg.Connection, settings: Config, name: str) -> None:
    keys.prepare(settings, fresh)
    file = keys.directory(settings) / name
    file.unlink()
    with pytest.raises(Problem, match="missing") as told:
        keys.prepare(settings, fresh)
    assert str(file) in told.value.way_out
    assert not file.exists(), "no new key is ever made"


@pytest.mark.parametrize("name", [keys.DJANGO, keys.MASTER])
def test_another_installations_key_stops_the_start(
    fresh: psycopg.Connection, settings: Config, tmp_path: Path, name: str
) -> None:
    keys.prepare(settings, fresh)
    other = msgspec.structs.replace(settings, var_dir=tmp_path / "other")
    keys.create_missing(other)
    (keys.directory(settings) / name).write_text((keys.directory(other) / name).read_text())
    with pytest.raises(Problem, match="not the one"):
        keys.prepare(settings, fresh)


def test_sealed_credentials_keep_their_key_even_without_a_fingerprint(
    fresh: psycopg.Connection, settings: Config
) -> None:
    fresh.execute("ALTER TABLE channel_secrets DROP CONSTRAINT channel_secrets_workspace_id_channel_id_fkey")
    fresh.execute("INSERT INTO channel_secrets VALUES (1, 1, 'token', 'abc.def')")
    with pytest.raises(Problem, match="holds sealed credentials"):
        keys.prepare(settings, fresh)
    assert not (keys.directory(settings) / keys.MASTER).exists()


@pytest.mark.parametrize("text", ["", "zz", "00" * 31, "00" * 32 + "\n00"])
def test_a_damaged_master_key_is_told(fresh: psycopg.Connection, settings: Config, text: str) -> None:
    keys.prepare(settings, fresh)
    (keys.directory(settings) / keys.MASTER).write_text(text)
    with pytest.raises(Problem):
        keys.verify(settings, fresh)


def test_a_new_key_in_front_opens_what_the_old_one_sealed(settings: Config) -> None:
    keys.create_missing(settings)
    file = keys.directory(settings) / keys.MASTER
    old = file.read_text()
    file.write_text("11" * 32 + "\n" + old)
    assert keys.master_keys(settings) == (bytes.fromhex("11" * 32), bytes.fromhex(old.strip()))
