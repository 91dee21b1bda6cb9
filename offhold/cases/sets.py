"""Rows as columns, for unnest: one statement takes any number of rows."""

from __future__ import annotations

from collections.abc import Sequence


def columns(rows: Sequence[Sequence[object]], width: int) -> tuple[list[object], ...]:
    """`rows` of `width` values each as `width` lists."""
    return tuple([list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)])
