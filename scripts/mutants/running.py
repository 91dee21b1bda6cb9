"""The tests against one mistake, each in a fork of a process that has imported all that no mistake touches."""

# ruff: noqa: PLC0415 - what a mistake may touch is imported where the mistake already is

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
import pytest

from scripts.mutants.code import Mistaken
from scripts.mutants.places import ROOT, Mutant

# The tests without a mistake may take this long (s), those of one mistake so much longer than they took: one that hangs
# is noticed, and named.
LONGEST = 1_200.0
LONGER = 3.0


class Databases:
    """A migrated template in a process of its own, and copies of it."""

    def __init__(self) -> None:
        self._ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("fork").Process(target=_serve, args=(theirs,))
        self._process.start()
        theirs.close()

    def url(self) -> str:
        """A fresh copy."""
        self._ours.send("copy")
        url: str = self._ours.recv()
        return url

    def close(self) -> None:
        self._ours.send("end")
        self._process.join(60)


def _serve(pipe: Connection) -> None:
    from tests.support.database import serving

    with serving() as server:
        while pipe.recv() == "copy":
            pipe.send(server.copy())


def noticed(mutant: Mutant | None, url: str, tests: Sequence[str], limit: float = LONGEST) -> str | None:
    """The first of its tests that fails, or a file of them that cannot even be read; None: all pass. Runs them in a
    fork of this process, which has imported nothing of what is mutated; raises `SystemExit` if it has."""
    if mutant is not None and mutant.module in sys.modules:
        raise SystemExit(f"{mutant.module} is imported already: no mistake in it would be met")
    with tempfile.NamedTemporaryFile("r", prefix="offhold-mutant-") as under_way:
        process = multiprocessing.get_context("fork").Process(target=_run, args=(mutant, url, tests, under_way.name))
        process.start()
        process.join(limit)
        if process.is_alive():
            print(
                f"stopped after {limit:.0f} s: {mutant.name if mutant else 'the control'}", file=sys.stderr, flush=True
            )
            process.kill()
            process.join()
        return None if process.exitcode == 0 else under_way.read() or tests[0].partition("::")[0]


def _run(mutant: Mutant | None, url: str, tests: Sequence[str], under_way: str) -> None:
    os.setsid()
    log = os.open(os.environ.get("OFFHOLD_TEST_MUTANT_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for fd in (1, 2):
        os.dup2(log, fd)
    from offhold.kernel import clock

    with tempfile.TemporaryDirectory(prefix="offhold-mutant-") as directory:  # the clock file of a fork is its own
        os.environ["OFFHOLD_TEST_CLOCK_FILE"] = vars(clock)["_file"] = str(Path(directory) / "clock")
        code = _tests(mutant, url, tests, UnderWay(Path(under_way)))
    os._exit(code)


class UnderWay:
    """Keeps the name of the test that runs: the last one, where the first failure or the end of patience ends all."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._file.write_text(nodeid)


def _tests(mutant: Mutant | None, url: str, tests: Sequence[str], under_way: UnderWay) -> int:
    if mutant is None:
        pass  # the control
    elif mutant.place == "tables":
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(mutant.statement.encode())
    else:
        sys.meta_path.insert(0, Mistaken(mutant))
    from tests.support import fixtures

    class Given:
        def copy(self) -> str:
            return url

    vars(fixtures)["serving"] = lambda: contextlib.nullcontext(Given())
    arguments = ["-x", "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider", *tests]
    return int(pytest.main(arguments, [under_way]))


class Collected:
    """Takes the names of all tests where they are read and none is run."""

    names: Sequence[str] = ()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.names = [item.nodeid for item in session.items]


def _read(pipe: Connection, tests: Sequence[str]) -> None:
    log = os.open(os.devnull, os.O_WRONLY)
    os.dup2(log, 1)
    collected = Collected()
    pytest.main(["-q", "--collect-only", "-p", "no:cacheprovider", *tests], [collected])
    pipe.send((collected.names, list(sys.modules)))
    os._exit(0)


def all_tests(tests: Sequence[str]) -> frozenset[str]:
    """The names of all tests of these files and folders. Imports whatever of others' they need besides: each fork would
    else spend most of its time on that."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_read, args=(theirs, tests))
    process.start()
    names, modules = ours.recv()
    process.join()
    for module in modules:
        if module.partition(".")[0] not in ("offhold", "tests", "conftest", "bench"):
            with contextlib.suppress(ImportError):  # made by hand, under a name that no file has
                importlib.import_module(module)
    return frozenset(names)


@contextlib.contextmanager
def prepared() -> Iterator[Databases]:
    """Everything that every test needs is imported once."""
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    import conftest  # noqa: F401

    databases = Databases()
    try:
        yield databases
    finally:
        databases.close()
