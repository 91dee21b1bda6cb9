"""Does a test notice when who can read our words is got wrong? One small mistake at a time, the tests, and a count.

    python scripts/mutants.py                      all of them, minutes
    python scripts/mutants.py --sample 12 --seed 3 a few
    python scripts/mutants.py --list

Our own and not a library: mutation libraries write the mistake into the files (others work in the same checkout), run
one process per mistake (ours forks one that has everything imported), and make mistakes of every kind, of which few
say anything about audiences. Ours: the words public and private changed into each other, in code and in SQL, one kind's
table, method, policy or line in the place of the other's, a flag turned round, a condition turned round, half of a
condition, a check, a raise or an assertion left out, a constraint of a table dropped.

A mistake that no test notices either gets a test, or stands in `scripts/mutants_equivalent.txt` with the reason why it
changes nothing that anybody could see. Anything else makes the exit code 1.
"""

# ruff: noqa: PLC0415 - what a mistake may touch is imported where the mistake already is

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = Path(__file__).with_name("mutants_equivalent.txt")
TESTS = "offhold/publishing/tests"
LIMIT = 240.0  # seconds for the tests of one mistake; one that hangs is noticed


# --- where, and which tests should notice, the likeliest first --------------------------------------------------

_PUBLISHING = (
    "test_lanes", "test_before", "test_graph", "test_steps", "test_api", "test_asking",
    "test_approvals", "test_held", "test_after", "test_guarding", "test_tables", "test_sender", "test_automatic",
)  # fmt: skip
_GUARD = "offhold/publishing/guard/tests"
_SANDBOX = "offhold/networks/sandbox/tests"
_BLUESKY = "offhold/networks/bluesky/tests"
_STEMS = (
    "public", "direct", "lanes", "check", "gate", "guarding", "recipient", "conclude", "proof", "unsent", "approvals",
    "drafts", "repairs", "api", "api_gates", "api_after", "policy", "actions", "items",
)  # fmt: skip
TARGETS: dict[str, tuple[str, ...]] = {
    **{f"offhold/publishing/{stem}.py": tuple(f"{TESTS}/{name}.py" for name in _PUBLISHING) for stem in _STEMS},
    "offhold/publishing/guard/look.py": (_GUARD, f"{TESTS}/test_guarding.py"),
    "offhold/publishing/guard/policy.py": (_GUARD, f"{TESTS}/test_guarding.py"),
    "offhold/networks/sandbox/outbound.py": (f"{_SANDBOX}/test_outbound.py", f"{_SANDBOX}/test_conformance.py"),
    "offhold/networks/bluesky/outbound.py": (f"{_BLUESKY}/test_outbound.py",),
    "offhold/networks/bluesky/chat.py": (f"{_BLUESKY}/test_chat.py",),
}
# Only what speaks of sending: the rest of a connector is about reading.
CONNECTORS = {
    "offhold/networks/sandbox/connector.py": (f"{_SANDBOX}/test_outbound.py", f"{_SANDBOX}/test_conformance.py"),
    "offhold/networks/bluesky/connector.py": (f"{_BLUESKY}/test_outbound.py", f"{_BLUESKY}/test_chat.py"),
}
SENDING = re.compile(r"^(deliver|read_back|withdraw|prepare|_look)")


# --- the mistakes ------------------------------------------------------------------------------------------------

SPEAKS = re.compile(
    r"audience|private|public|direct|visib|conversation|recipient|identity|withdraw|certain|sha256|author_id"
    r"|membership_id|alone|elsewhere|expos|group\(\)|not_ours"
)
_CHECKS = re.compile(r"^(\w+\.)*_?(check|open|do_freeze|do_page|lock)\w*\(")
_WORDS = re.compile(r"'public'|'private'|\b(?:public|direct)_(?:replies|attempts|drafts)\b")
_NAMES = {
    "public": "direct", "direct": "public", "public_hold": "private_hold", "private_hold": "public_hold",
    "deliver_public": "deliver_direct", "deliver_direct": "deliver_public", "begin_public": "begin_direct",
    "begin_direct": "begin_public", "read_back_public": "read_back_direct", "read_back_direct": "read_back_public",
    "PUBLIC": "DIRECT", "DIRECT": "PUBLIC", "level_in_public": "level_in_private",
    "level_in_private": "level_in_public", "reply_public": "reply_private", "reply_private": "reply_public",
    "public_text": "private_text", "private_text": "public_text", "Misaddressed": "Unstated",
    "Unstated": "Confirmed",
}  # fmt: skip
_EXACT = {"public": "private", "private": "public"}


@dataclass(frozen=True)
class Mutant:
    """One mistake. `place` is a file; `number` counts those of the file; -1: a constraint of the database."""

    place: str
    number: int
    line: int
    what: str
    statement: str = ""

    @property
    def name(self) -> str:
        """Stable when lines move: the file, and what is changed in which function."""
        return f"{self.place}: {self.what}"


Change = Callable[[], None]


class Maker(ast.NodeVisitor):
    """Walks a tree and offers every mistake there is, as (line, words, what makes it)."""

    def __init__(self, only: re.Pattern[str] | None = None) -> None:
        self.found: list[tuple[int, str, Change]] = []
        self._within: list[str] = []
        self._only = only

    def visit(self, node: ast.AST) -> None:
        """Annotations and docstrings change nothing when it runs."""
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            if isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.AST):
                        self._at(item, value, index)
            elif isinstance(value, ast.AST):
                self._at(value, node, name)

    def _at(self, node: ast.AST, holder: Any, key: Any) -> None:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named:
            self._within.append(node.name)  # type: ignore[attr-defined]
        if not self._skipped() and not _is_docstring(node):
            self._statement(node, holder, key)
            self._expression(node, holder, key)
            self._condition(node)
        if not _is_docstring(node):
            self.visit(node)
        if named:
            self._within.pop()

    def _skipped(self) -> bool:
        return self._only is not None and not any(self._only.match(name) for name in self._within)

    def _offer(self, node: ast.AST, words: str, change: Change) -> None:
        where = ".".join(self._within) or "module"
        self.found.append((getattr(node, "lineno", 0), f"{where}: {words}", change))

    def _put(self, node: ast.AST, holder: Any, key: Any, new: ast.AST, words: str) -> None:
        def change() -> None:
            ast.copy_location(new, node)
            ast.fix_missing_locations(new)
            if isinstance(holder, list):
                holder[key] = new
            else:
                setattr(holder, key, new)

        self._offer(node, words, change)

    def _statement(self, node: ast.AST, holder: Any, key: Any) -> None:
        drops = isinstance(node, ast.Raise | ast.Assert) and SPEAKS.search(ast.unparse(node))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
            said = ast.unparse(node)
            drops = SPEAKS.search(said) or _CHECKS.match(said)
        if drops:
            self._put(node, holder, key, ast.Pass(), f"leave out `{_short(node)}`")

    def _expression(self, node: ast.AST, holder: Any, key: Any) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for start, end, word in _words_in(node.value):
                text = node.value[:start] + word + node.value[end:]
                around = " ".join(node.value[max(0, start - 40) : end + 20].split())
                self._put(node, holder, key, ast.Constant(text), f"`{word}` at `{around}` in `{_short(holder)}`")
        if isinstance(node, ast.keyword) and node.arg == "private" and isinstance(node.value, ast.Constant):
            self._put(node.value, node, "value", ast.Constant(not node.value.value), "turn `private=` round")
        flag = node.value if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "private" else None
        if isinstance(flag, ast.Constant):
            self._put(flag, node, "value", ast.Constant(not flag.value), "turn `private =` round")
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _NAMES:
            self._put(node, holder, key, ast.Name(_NAMES[node.id], ast.Load()), _instead(node.id, holder))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in _NAMES:
            self._put(
                node, holder, key, ast.Attribute(node.value, _NAMES[node.attr], ast.Load()), _instead(node.attr, holder)
            )
        if isinstance(node, ast.BoolOp) and SPEAKS.search(ast.unparse(node)):
            for index, part in enumerate(node.values):
                rest = ast.BoolOp(node.op, [v for i, v in enumerate(node.values) if i != index])
                left: ast.AST = rest.values[0] if len(rest.values) == 1 else rest
                self._put(node, holder, key, left, f"without `{_short(part)}` in `{_short(node)}`")

    def _condition(self, node: ast.AST) -> None:
        tested = isinstance(node, ast.If | ast.IfExp | ast.Assert)
        if tested and SPEAKS.search(ast.unparse(node.test)):  # type: ignore[attr-defined]
            test = node.test  # type: ignore[attr-defined]
            self._put(test, node, "test", ast.UnaryOp(ast.Not(), test), f"not `{_short(test)}`")


def _instead(name: str, holder: Any) -> str:
    return f"`{_NAMES[name]}` for `{name}` in `{_short(holder)}`"


def _short(node: Any) -> str:
    text = " ".join(ast.unparse(node).split()) if isinstance(node, ast.AST) else "a list"
    return text if len(text) <= 90 else text[:87] + "..."


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _words_in(text: str) -> list[tuple[int, int, str]]:
    if text in _EXACT:
        return [(0, len(text), _EXACT[text])]
    return [(hit.start(), hit.end(), _other(hit.group())) for hit in _WORDS.finditer(text)]


def _other(word: str) -> str:
    bare = word.strip("'")
    if bare in _EXACT:
        return f"'{_EXACT[bare]}'"
    kind, _, rest = word.partition("_")
    return f"{_NAMES[kind]}_{rest}"


def every() -> list[Mutant]:
    """All mistakes of the code, in a stable order."""
    found = []
    for place, only in [*((p, None) for p in TARGETS), *((p, SENDING) for p in CONNECTORS)]:
        made = _offers(place, only)
        found += [Mutant(place, n, line, words) for n, (line, words, _) in enumerate(made[1])]
    return found


def _offers(place: str, only: re.Pattern[str] | None) -> tuple[ast.Module, list[tuple[int, str, Change]]]:
    tree = ast.parse((ROOT / place).read_text())
    maker = Maker(only)
    maker.visit(tree)
    return tree, maker.found


def code_of(mutant: Mutant) -> Any:
    """The module with the mistake in it, compiled."""
    tree, offers = _offers(mutant.place, SENDING if mutant.place in CONNECTORS else None)
    offers[mutant.number][2]()
    return compile(ast.fix_missing_locations(copy.deepcopy(tree)), str(ROOT / mutant.place), "exec")


# --- constraints of the tables -----------------------------------------------------------------------------------

_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid::regclass::text IN ('public_replies', 'direct_replies', 'public_drafts', 'direct_drafts',
  'public_attempts', 'direct_attempts', 'repairs', 'messages', 'notes')
  AND contype IN ('c', 'f') AND pg_get_constraintdef(oid) ~ 'audience|approved_sha256|text_sha256|public|direct'
  AND conparentid = 0
ORDER BY 1, 2
"""


def constraints(url: str) -> list[Mutant]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as conn:
        rows = conn.execute(_CONSTRAINTS).fetchall()
    return [
        Mutant("tables", -1, 0, f"{table} without {name}: {text}", f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table, name, text in rows
    ]


# --- running the tests against one --------------------------------------------------------------------------------


class Mistaken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, with its mistake."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = mutant.place.removesuffix(".py").replace("/", ".")
        self._code = code_of(mutant)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:  # noqa: ARG002
        if fullname != self._name:
            return None
        origin = str(ROOT / (self._name.replace(".", "/") + ".py"))
        return importlib.util.spec_from_file_location(fullname, origin, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:  # noqa: ARG002
        return None

    def exec_module(self, module: Any) -> None:
        exec(self._code, module.__dict__)


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


def tests_of(mutant: Mutant) -> Sequence[str]:
    if mutant.place == "tables":
        return [f"{TESTS}/test_tables.py"]
    named = TARGETS.get(mutant.place) or CONNECTORS[mutant.place]
    return [test for test in named if (ROOT / test).exists()]


def noticed(mutant: Mutant | None, url: str, tests: Sequence[str]) -> bool:
    """Do its tests fail? Runs them in a fork of this process, which has imported nothing of what is mutated."""
    process = multiprocessing.get_context("fork").Process(target=_run, args=(mutant, url, tests))
    process.start()
    process.join(LIMIT)
    if process.is_alive():
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


# --- the command ---------------------------------------------------------------------------------------------------


def equivalent() -> dict[str, str]:
    """Mistakes that change nothing, by name, with the reason."""
    lines = EQUIVALENT.read_text().splitlines() if EQUIVALENT.exists() else []
    return {name: reason for name, _, reason in (line.partition("\t") for line in lines if line and line[0] != "#")}


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, help="only so many of them, drawn by the seed")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="printed; repeats a sample")
    parser.add_argument("--only", default="", help="those whose name holds this")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    with prepared() as databases:
        mutants = [m for m in [*every(), *constraints(databases.url())] if args.only in m.name]
        reasons = equivalent()
        mutants = [m for m in mutants if m.name not in reasons]
        if args.sample is not None:
            mutants = random.Random(args.seed).sample(mutants, min(args.sample, len(mutants)))
        if args.list:
            print("\n".join(f"{m.place}:{m.line} {m.what}" for m in mutants))
            return 0
        return _judge(mutants, databases, args, len(reasons))


def _judge(mutants: list[Mutant], databases: Databases, args: argparse.Namespace, left_out: int) -> int:
    for tests in {tuple(tests_of(mutant)) for mutant in mutants}:
        if noticed(None, databases.url(), tests):
            print(f"these fail without any mistake: {', '.join(tests)}")
            return 2
    began, survivors = time.monotonic(), []
    lock = Lock()  # copies are made one by one
    with ThreadPoolExecutor(args.jobs) as pool:

        def one(mutant: Mutant) -> bool:
            with lock:
                url = databases.url()
            return noticed(mutant, url, tests_of(mutant))

        for n, (mutant, was) in enumerate(zip(mutants, pool.map(one, mutants), strict=True), 1):
            if not was:
                survivors.append(mutant)
                print(f"NOT NOTICED {mutant.place}:{mutant.line} {mutant.what}", flush=True)
            elif n % 25 == 0:
                print(f"{n} of {len(mutants)}, {len(survivors)} not noticed", file=sys.stderr, flush=True)
    print(
        f"{len(mutants) - len(survivors)} of {len(mutants)} noticed, {left_out} change nothing, "
        f"seed {args.seed}, {time.monotonic() - began:.0f} s"
    )
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
