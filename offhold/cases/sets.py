"""Rows as columns, for unnest: one statement takes any number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offhold.kernel.arrays import array


def columns(rows: Iterable[Sequence[object]], width: int) -> tuple[str, ...]:
    """`rows` of `width` values each as `width` array literals, to be cast where they are used."""
    return tuple(array(column) for column in zip(*rows, strict=True)) or ("{}",) * width
