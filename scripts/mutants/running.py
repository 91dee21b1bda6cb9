"""The tests against one mistake, each in a fork of a process that has imported all that no mistake touches."""

# ruff: noqa: PLC0415 - what a mistake may touch is imported where the mistake already is

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

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


def noticed(mutant: Mutant | None, url: str, tests: Sequence[str], limit: float = LONGEST) -> bool:
    """Do its tests fail? Runs them in a fork of this process, which has imported nothing of what is mutated."""
    process = multiprocessing.get_context("fork").Process(target=_run, args=(mutant, url, tests))
    process.start()
    process.join(limit)
    if process.is_alive():
        print(f"stopped after {limit:.0f} s: {mutant.name if mutant else 'the control'}", file=sys.stderr, flush=True)
        process.kill()
        process.join()
    return process.exitcode != 0


def _run(mutant: Mutant | None, url: str, tests: Sequence[str]) -> None:
    os.setsid()
    log = os.open(os.environ.get("OFFHOLD_TEST_MUTANT_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for fd in (1, 2):
        os.dup2(log, fd)
    from offhold.kernel import clock

    with tempfile.TemporaryDirectory(prefix="offhold-mutant-") as directory:  # the clock file of a fork is its own
        os.environ["OFFHOLD_TEST_CLOCK_FILE"] = vars(clock)["_file"] = str(Path(directory) / "clock")
        code = _tests(mutant, url, tests)
    os._exit(code)


def _tests(mutant: Mutant | None, url: str, tests: Sequence[str]) -> int:
    import psycopg
    import pytest

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
    return int(pytest.main(arguments))


@contextlib.contextmanager
def prepared() -> Iterator[Databases]:
    """Everything that no mistake touches is imported once."""
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    import hypothesis.stateful  # noqa: F401
    import psycopg  # noqa: F401
    import pytest  # noqa: F401

    import conftest  # noqa: F401

    databases = Databases()
    try:
        yield databases
    finally:
        databases.close()
