"""Each mistake meets the test that noticed it before, else all of its stage; first those tests without any mistake."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from scripts.mutants.places import Mutant, tests_of
from scripts.mutants.running import LONGER, Databases, all_tests, noticed

Verdicts = dict[str, str | None]  # by a mistake's name, the test that noticed it


class Judge:
    """`known`: mistakes by name, with the test that noticed each before; `one_test_each`: no other is asked."""

    def __init__(self, databases: Databases, known: dict[str, str], *, one_test_each: bool = False) -> None:
        self._databases, self._known, self._one_test_each = databases, known, one_test_each
        self._limit = 0.0
        self._stages: dict[tuple[str, ...], float] = {}  # sorted tests of a stage: how long a mistake may take them
        self._fresh, self._trying = Lock(), Lock()  # databases are copied, and stages tried, one by one

    def control(self, mutants: Sequence[Mutant]) -> str | None:
        """The first of the tests to meet these mistakes that fails without any; None: all pass."""
        there = all_tests(sorted({test for mutant in mutants for test in tests_of(mutant)}))
        # a test that is there no more says nothing of its mistake
        self._known = {
            name: test for name, test in self._known.items() if test in there or any(t.startswith(test) for t in there)
        }
        first = sorted({self._known[m.name] for m in mutants if m.name in self._known})
        began = time.monotonic()
        fails = noticed(None, self._url(), first) if first else None
        self._limit = 30 + LONGER * (time.monotonic() - began)
        return fails

    def all(self, mutants: Sequence[Mutant], *, jobs: int, until: float) -> Verdicts:
        """What came of each that was begun before `until`, on the monotonic clock."""
        done: Verdicts = {}

        def one(mutant: Mutant) -> None:
            if time.monotonic() > until:
                return
            test = done[mutant.name] = self._one(mutant)
            if test is None:
                print(f"NOT NOTICED {mutant.place}:{mutant.line} {mutant.what}", flush=True)
            if len(done) % 25 == 0:
                print(f"{len(done)} of {len(mutants)}", file=sys.stderr, flush=True)

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(one, mutants))
        return done

    def _one(self, mutant: Mutant) -> str | None:
        known = self._known.get(mutant.name)
        if known is not None and (test := noticed(mutant, self._url(), [known], self._limit)) is not None:
            return test
        if self._one_test_each:
            return None
        return noticed(mutant, self._url(), tests_of(mutant), self._stage(tests_of(mutant)))

    def _stage(self, tests: Sequence[str]) -> float:
        """For how long a mistake may keep all these tests. Raises `SystemExit` where they fail without any."""
        with self._trying:
            key = tuple(sorted({*tests}))
            if key not in self._stages:
                began = time.monotonic()
                if (fails := noticed(None, self._url(), tests)) is not None:
                    raise SystemExit(f"fails without any mistake: {fails}")
                self._stages[key] = 30 + LONGER * (time.monotonic() - began)
            return self._stages[key]

    def _url(self) -> str:
        with self._fresh:
            return self._databases.url()
