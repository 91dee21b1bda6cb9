"""All mistakes of the code and of the tables, and the module that has one of them in it."""

# ruff: noqa: PLC0415 - what a mistake may touch is imported where the mistake already is

from __future__ import annotations

import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import re
from collections import Counter
from typing import Any

from scripts.mutants.mistakes import Change, Maker
from scripts.mutants.places import CONNECTORS, ROOT, SENDING, TARGETS, Mutant


def every() -> list[Mutant]:
    """All mistakes of the code, in a stable order."""
    found = []
    for place, only in [*((p, None) for p in TARGETS), *((p, SENDING) for p in CONNECTORS)]:
        seen: Counter[str] = Counter()
        for n, (line, words, _) in enumerate(_offers(place, only)[1]):
            seen[words] += 1  # the same words twice in a function are two mistakes
            found.append(Mutant(place, n, line, words if seen[words] == 1 else f"{words} ({seen[words]})"))
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
        Mutant("tables", -1, 0, f"{table} without {name}: {rule}", f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table, name, text in rows
        for rule in (" ".join(text.split()),)  # it has lines of its own
    ]


class Mistaken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, with its mistake."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = mutant.module
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
