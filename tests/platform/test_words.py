"""Whatever the server refuses has words on the screen, in every language: its codes and the client's catalogues agree.

That the languages hold the same keys, places and plural forms is the compiler's business (`translated.ts`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "client" / "src" / "ui" / "i18n"
# The sandbox's own server and the fake speak to us, not to people; a command line speaks English.
ELSEWHERE = ("networks/sandbox/world", "connectors/fake", "connectors/conformance", "app/cli", "/tests/")
# Conditions of the network and of the pipeline that are acted upon, never shown as they are.
UNSEEN = frozenset({"http_", "guard_down"})
SAID = re.compile(r'^\s*"error\.([\w.]+)":', re.MULTILINE)


def trees() -> Iterator[ast.Module]:
    for path in (ROOT / "offhold").rglob("*.py"):
        if not any(part in path.as_posix() for part in ELSEWHERE):
            yield ast.parse(path.read_text("utf-8"))


def constants(node: ast.expr) -> Iterator[str]:
    return (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def codes() -> set[str]:
    """`code="..."` of every call, `code = "..."` of every class, and what lanes and pages say first."""
    found: set[str] = set()
    for node in (node for tree in trees() for node in ast.walk(tree)):
        match node:
            case ast.Call(func=ast.Name(id="Closed" | "problem"), args=[first, *_]):
                found.update(constants(first))
            case ast.Call(keywords=keywords):
                found.update(code for keyword in keywords if keyword.arg == "code" for code in constants(keyword.value))
            case ast.ClassDef(body=body):
                for line in body:
                    match line:
                        case ast.AnnAssign(target=ast.Name(id="code"), value=ast.expr() as value):
                            found.update(constants(value))
                        case ast.Assign(targets=[ast.Name(id="code")], value=value):
                            found.update(constants(value))
    return found - UNSEEN


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_refusal_of_the_server_has_words(language: str) -> None:
    said = {code for file in WORDS.glob(f"{language}.*.ts") for code in SAID.findall(file.read_text("utf-8"))}
    assert len(said) > 100
    assert sorted(codes() - said) == []
