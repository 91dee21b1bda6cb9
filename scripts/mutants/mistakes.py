"""The mistakes: every one a tree of code offers that says who can read our words."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

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
