"""The one form of every bench's result: docs/benchmarks.md names its fields."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from bench.machine import machine

Say = Callable[[str], None]


def say(text: str) -> None:
    """One line of progress, for the person who waits; the result alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def report(
    name: str,
    figures: Mapping[str, float],
    *,
    limits: Mapping[str, float],
    ratios: Mapping[str, float],
    reached: Mapping[str, bool],
    lost: int,
    double: int,
    n: int,
    seed: int,
) -> dict[str, Any]:
    """One result. `reached` says of each mark whether it was reached; without a loss and a double all must be."""
    return {
        "bench": name,
        "figures": rounded(figures),
        "limits": rounded(limits),
        "ratios": rounded(ratios),
        "lost": lost,
        "double": double,
        "n": n,
        "seed": seed,
        "machine": machine(),
        "missed": sorted(mark for mark, was in reached.items() if not was),
        "ok": all(reached.values()) and lost == 0 and double == 0,
    }


def rounded(values: Mapping[str, float]) -> dict[str, float]:
    """Three significant digits below a thousand, whole numbers above: the rest is noise."""
    return {name: round(value) if abs(value) >= 1000 else float(f"{value:.3g}") for name, value in values.items()}


def percentile(values: list[float], share: float) -> float:
    """The value that this share of `values` does not exceed; 0.0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
