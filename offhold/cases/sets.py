"""Rows as columns, for unnest: one statement takes any number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def columns(rows: Iterable[Sequence[object]], width: int) -> tuple[list[object], ...]:
    """`rows` of `width` values each as `width` lists."""
    found = [list(column) for column in zip(*rows, strict=True)]
    return tuple(found or [[] for _ in range(width)])
