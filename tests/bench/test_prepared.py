"""A database that was prepared before the search had its index is refused, and it is said what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo

from tests.support.database import Server, drop_database

pytestmark = pytest.mark.slow
STORED = "35"  # nobody else's size: the prepared database's name is made of it


@pytest.fixture
def prepared(database_server: Server, tmp_path: Path) -> Iterator[str]:
    """The URL of one, dropped again."""
    name = f"offhold_stored_{STORED}"
    try:
        done = bench(database_server, tmp_path, "prepare", "--stored", STORED)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["figures"]["stored_messages"] == int(STORED)
        yield conninfo.make_conninfo(database_server.owner_url, dbname=name)
    finally:
        drop_database(database_server.owner_url, name)


def test_without_an_index_for_the_search_it_says_so(prepared: str, database_server: Server, tmp_path: Path) -> None:
    looks = ("inbox", "--stored", STORED, "--seconds", "0.2", "--ingest", "0")
    filed = bench(database_server, tmp_path, *looks)
    assert filed.returncode in (0, 1), filed.stderr  # 1: a mark was missed
    assert json.loads(filed.stdout)["figures"]["search_people_p50_ms"] > 0
    with psycopg.connect(prepared) as conn:
        conn.execute("TRUNCATE search_items, search_pieces, search_names")
    unfiled = bench(database_server, tmp_path, *looks)
    assert (unfiled.returncode, unfiled.stdout) == (1, "")
    assert f"finds 0 of the {STORED} messages" in unfiled.stderr
    assert f"offhold bench prepare --stored {STORED}" in unfiled.stderr
    assert "Traceback" not in unfiled.stderr


def test_an_inbox_with_nothing_in_it_is_refused(database_server: Server, tmp_path: Path) -> None:
    done = bench(database_server, tmp_path, "inbox", "--stored", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--stored 1k" in done.stderr


def bench(server: Server, var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one to its end."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("OFFHOLD_")}
    return subprocess.run(
        [sys.executable, "-m", "offhold.app.cli", "bench", *arguments, "--json"],
        env=environ | {"DATABASE_URL": server.owner_url, "OFFHOLD_VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
