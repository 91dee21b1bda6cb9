"""The embedded PostgreSQL: made whole, entered with a password only, recovered after kill -9, leaving nobody behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from offhold.app.embedded import binaries
from offhold.app.embedded.account import unprivileged
from offhold.app.embedded.home import Home
from offhold.app.embedded.leftovers import working_in
from offhold.app.embedded.postgres import Tuning, running
from offhold.app.problem import Problem
from tests.platform.places import place, until

SMALL = Tuning(memory_mb=32, connections=20, durable=False)
REAL = Tuning(memory_mb=32, connections=20)
# A supervisor of its own that prints the database's address and then waits to be killed.
SUPERVISOR = """
import sys, time
from pathlib import Path
from offhold.app.embedded.home import Home
from offhold.app.embedded.postgres import Tuning, running
home = Home(Path(sys.argv[1]))
with home.owned(), running(home, Tuning(memory_mb=32, connections=20), print) as server:
    print(server.owner_url, flush=True)
    time.sleep(600)
"""
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root's PostgreSQL runs as somebody else")


@pytest.fixture
def home() -> Iterator[Home]:
    with place() as directory:
        yield Home(directory / "var")


def quiet(_: str) -> None:
    """Progress nobody reads."""


def ask(url: str, query: str) -> object:
    """The one value of `query`."""
    with psycopg.connect(url) as conn:
        row = conn.execute(query.encode()).fetchone()
    return row[0] if row else None


def supervised(home: Home) -> tuple[subprocess.Popen[str], str]:
    """A supervisor process on `home`, and the address of its database."""
    process = subprocess.Popen([sys.executable, "-c", SUPERVISOR, home.root], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("postgresql://"):
            return process, line.strip()
    pytest.fail("the supervisor ended before its database was ready")


def test_it_is_ours_and_sorts_the_same_everywhere(home: Home) -> None:
    with home.owned(), running(home, REAL, quiet) as server:
        assert ask(server.owner_url, "SELECT current_user || ' ' || current_database()") == "offhold_owner offhold"
        assert ask(server.owner_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(
            server.owner_url, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'offhold'"
        ) == ("bC.UTF-8")
        assert ask(server.owner_url, "SHOW synchronous_commit") == "on"
        assert ask(server.owner_url, "SHOW fsync") == "on"
        assert ask(server.owner_url, "SHOW listen_addresses") == ""
    assert working_in(home.data) == []


def test_no_one_enters_without_the_password(home: Home) -> None:
    with home.owned(), running(home, SMALL, quiet) as server:
        for user in ("postgres", "offhold_owner"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(host=str(server.cluster.sockets), user=user, dbname="postgres")
        assert server.cluster.sockets.stat().st_mode & 0o077 == 0
        assert [f for f in home.keys.rglob("*") if f.stat().st_mode & 0o077] == []


def test_what_is_not_ours_keeps_its_modes(home: Home) -> None:
    parents = {directory: directory.stat().st_mode for directory in home.root.parents}
    with home.owned(), running(home, SMALL, quiet):
        assert {directory: directory.stat().st_mode for directory in home.root.parents} == parents


def test_killed_with_its_supervisor_it_stops_and_keeps_every_committed_row(home: Home) -> None:
    process, url = supervised(home)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE TABLE said (n int)")
        conn.execute("INSERT INTO said SELECT generate_series(1, 1000)")
        process.kill()
        process.wait()
    until(lambda: working_in(home.data) == [])  # no orphan, though nobody asked it to stop
    with home.owned(), running(home, SMALL, quiet) as server:
        assert ask(server.owner_url, "SELECT count(*) FROM said") == 1000


def test_killed_itself_it_recovers(home: Home) -> None:
    with home.owned(), running(home, SMALL, quiet) as server:
        with psycopg.connect(server.owner_url, autocommit=True) as conn:
            conn.execute("CREATE TABLE said (n int)")
            conn.execute("INSERT INTO said SELECT generate_series(1, 1000)")
        os.kill(server.pid, signal.SIGKILL)
        until(lambda: server.ended() == "killed by SIGKILL")
        server.start()
        assert ask(server.owner_url, "SELECT count(*) FROM said") == 1000


def test_a_server_left_behind_is_stopped_before_a_new_one_starts(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("offhold.app.embedded.leftovers.STEPS", ((None, 0), *FAST_STEPS))
    # The first one's supervisor does not hold the lock, as if it had died on a system without tethers.
    with running(home, SMALL, quiet) as orphan, home.owned(), running(home, SMALL, told.append) as server:
        assert ask(server.owner_url, "SELECT 1") == 1
        assert orphan.ended()
    assert f"process {orphan.pid}" in told[0]


FAST_STEPS = ((signal.SIGINT, 10), (signal.SIGQUIT, 5))


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(home: Home) -> None:
    """In a container the same small numbers come back: "its" process lives, and is somebody else."""
    with home.owned():
        with running(home, SMALL, quiet) as server:
            pid_file = (server.cluster.data / "postmaster.pid").read_text()
        stale = server.cluster.data / "postmaster.pid"
        stale.write_text(pid_file.replace(pid_file.splitlines()[0], str(os.getppid()), 1))
        server.cluster.give(stale)
        with running(home, SMALL, quiet) as again:
            assert ask(again.owner_url, "SELECT 1") == 1


def test_one_running_offhold_owns_a_directory(home: Home) -> None:
    with home.owned():
        second = subprocess.run(
            [sys.executable, "-c", SUPERVISOR, home.root], capture_output=True, text=True, check=False
        )
    assert f"already running on {home.root} (process {os.getpid()})" in second.stderr
    with home.owned():  # and the lock ends with its owner
        pass


def test_a_long_path_gets_its_socket_elsewhere() -> None:
    with place() as directory:
        home = Home(directory / ("long" * 30) / "var")
        with home.owned(), running(home, SMALL, quiet) as server:
            assert len(os.fsencode(server.cluster.sockets)) < 90
            assert server.cluster.sockets.stat().st_mode & 0o077 == 0
            assert ask(server.owner_url, "SELECT 1") == 1
            elsewhere = server.cluster.sockets
        with home.owned(), running(home, SMALL, quiet) as server:
            assert server.cluster.sockets == elsewhere  # found again, not one more for each start
        shutil.rmtree(elsewhere)


def test_a_half_made_data_directory_is_made_anew(home: Home) -> None:
    half = home.data.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with home.owned(), running(home, SMALL, quiet) as server:
        assert ask(server.owner_url, "SELECT 1") == 1
    assert not half.exists()


def test_data_of_another_version_is_refused(home: Home) -> None:
    with home.owned():
        with running(home, SMALL, quiet) as server:
            pass
        (server.cluster.data / "PG_VERSION").write_text("17\n")
        with pytest.raises(Problem, match="written by PostgreSQL 17"), running(home, SMALL, quiet):
            pass


def test_why_it_does_not_start_is_told_in_its_own_words(home: Home) -> None:
    with home.owned():
        with running(home, SMALL, quiet) as server:
            pass
        (server.cluster.data / "postgresql.auto.conf").write_text("shared_preload_libraries = 'nowhere'\n")
        with pytest.raises(Problem, match="nowhere"), running(home, SMALL, quiet):
            pass


def test_a_lost_password_is_told(home: Home) -> None:
    with home.owned():
        with running(home, SMALL, quiet) as server:
            pass
        (server.cluster.keys / "postgres").unlink()
        with pytest.raises(Problem, match=r"password .* is missing"), running(home, SMALL, quiet):
            pass


@as_root
def test_below_a_closed_directory_data_and_programs_move_where_its_account_may_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with place() as directory, place() as shared:
        shared.chmod(0o755)
        monkeypatch.setattr("offhold.app.embedded.cluster.SHARED", shared)
        monkeypatch.setattr("offhold.app.embedded.binaries.SHARED", shared)
        monkeypatch.setattr("offhold.app.embedded.binaries.may_enter", lambda *_: False)
        directory.chmod(0o700)
        home = Home(directory / "var")
        with home.owned():
            with running(home, SMALL, quiet) as server:
                assert server.cluster.data.is_relative_to(shared)
                assert server.cluster.programs.is_relative_to(shared)
                with psycopg.connect(server.owner_url) as conn:
                    conn.execute("CREATE TABLE said (n int)")
            with running(home, SMALL, quiet) as server:  # found again through the link in var
                assert ask(server.owner_url, "SELECT count(*) FROM said") == 0
            shutil.rmtree(server.cluster.data)
            with pytest.raises(Problem, match="gone"), running(home, SMALL, quiet):  # never a new one in its place
                pass
        assert directory.stat().st_mode & 0o777 == 0o700


@as_root
def test_root_runs_it_as_somebody_else(home: Home) -> None:
    account = unprivileged(home.data)
    assert account is not None
    with home.owned(), running(home, SMALL, quiet) as server:
        assert {process.uids().effective for process in working_in(server.cluster.data)} == {account.uid}


def test_the_wheel_brings_what_backups_need() -> None:
    programs = binaries.programs(None)
    assert {"postgres", "initdb", "pg_dump", "pg_restore", "psql"} <= {file.name for file in Path(programs).iterdir()}
