"""DATABASE_URL: the oldest PostgreSQL we promise, entered as an owner that is no superuser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import psycopg
import pytest

from offhold.app.cli import checks
from offhold.app.embedded import binaries, cluster, postgres
from offhold.app.embedded.home import Home
from offhold.app.embedded.postgres import Tuning, running
from tests.platform.places import place
from tests.platform.test_cli import PASSWORD, offhold, told

OLDEST = 16


@pytest.fixture(scope="module")
def oldest() -> Iterator[str]:
    """A PostgreSQL 16, which the wheel brings too; the URL of a database's owner on it."""
    assert checks.OLDEST_POSTGRES == OLDEST
    with pytest.MonkeyPatch.context() as patch, place() as directory:
        patch.setattr(cluster, "MAJOR", OLDEST)
        patch.setattr(cluster, "INITDB", ("--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256"))
        patch.setattr(cluster, "programs", lambda _: binaries.programs_for(OLDEST))
        patch.setattr(postgres, "SETTINGS", {k: v for k, v in postgres.SETTINGS.items() if k != "io_workers"})
        home = Home(directory / "server")
        with home.owned(), running(home, Tuning(32, 30, durable=False), lambda _: None) as server:
            yield server.owner_url


def test_it_migrates_serves_people_and_is_dumped_and_restored(oldest: str, tmp_path: Path) -> None:
    var = tmp_path / "var"
    assert offhold("migrate", var=var, DATABASE_URL=oldest).returncode == 0
    created = offhold(
        "create-user", "a@example.com", "--workspace", "X", "--name", "A", var=var, typed=PASSWORD, DATABASE_URL=oldest
    )
    assert created.returncode == 0, created.stderr
    doctor = offhold("doctor", var=var, DATABASE_URL=oldest, COLUMNS="200").stdout
    assert f"PostgreSQL {OLDEST}." in doctor
    assert "1 may sign in" in doctor
    assert not (var / "postgres").exists()  # the embedded one was not started

    file = offhold("backup", var=var, DATABASE_URL=oldest).stdout.strip()
    with psycopg.connect(oldest, autocommit=True) as conn:
        conn.execute("CREATE DATABASE restored")
    fresh = psycopg.conninfo.make_conninfo(oldest, dbname="restored")
    restored = offhold("restore", file, var=var, DATABASE_URL=fresh)
    assert restored.returncode == 0, restored.stderr
    assert "1 may sign in" in offhold("doctor", var=var, DATABASE_URL=fresh, COLUMNS="200").stdout
    assert PASSWORD not in restored.stderr


def test_an_owner_that_may_not_make_roles_is_told_what_to_ask_for(oldest: str, tmp_path: Path) -> None:
    with psycopg.connect(oldest, autocommit=True) as conn:
        conn.execute("CREATE ROLE humble LOGIN PASSWORD 'humble'")
    url = psycopg.conninfo.make_conninfo(oldest, user="humble", password="humble")
    done = offhold("doctor", var=tmp_path / "var", DATABASE_URL=url, COLUMNS="200")
    assert done.returncode == 1
    assert "ALTER ROLE humble CREATEROLE" in done.stdout


@pytest.mark.parametrize(("number", "level"), [(150008, "bad"), (160000, "ok"), (180004, "ok")])
def test_an_older_server_is_refused(number: int, level: str) -> None:
    conn = cast("psycopg.Connection", SimpleNamespace(info=SimpleNamespace(server_version=number)))
    assert checks.version(conn).level == level


def test_without_its_keys_nothing_is_restored(oldest: str, tmp_path: Path) -> None:
    (tmp_path / "x.dump").touch()
    assert "lacks django and master" in told(
        offhold("restore", tmp_path / "x.dump", var=tmp_path / "var", DATABASE_URL=oldest)
    )
