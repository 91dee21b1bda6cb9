"""Publishing under fire: every fault of every network, for both kinds of reply, and what the networks took of it.

The same runs as the test of the fault matrix, as many as asked for, in virtual time: the clock file moves our steps and
the sandbox's process from one due moment to the next.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bench.installation import installation
from bench.report import percentile, report, say
from offhold.kernel import clock

if TYPE_CHECKING:
    from tests.faults.matrix import Found

SETTLED = 0.99


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in a minute or two."""
    parser.add_argument("--runs", type=int, default=10, help="of each fault, network and kind of reply (default 10)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="printed; repeats a run")
    parser.add_argument("--networks", nargs="+", help="only these")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure; the result in the common form."""
    with installation(say) as here:
        from tests.faults import ends, matrix  # noqa: PLC0415 - what they build needs Django

        began, networks = time.monotonic(), tuple(args.networks or matrix.NETWORKS)
        say(f"{args.runs} runs of {len(ends.FAULTS)} faults on {', '.join(networks)}, seed {args.seed}")
        with clock_file(here.directory / "clock") as move:
            found = matrix.run(args.runs, args.seed, move, here.directory / "sandbox", say, networks)
        return result(found, args.runs * len(ends.FAULTS) * len(networks) * 2, time.monotonic() - began)


def result(found: Found, asked: int, took: float) -> dict[str, Any]:
    """`lost`: said to be sent and never taken, or the other way, or at no end; `double`: taken twice."""
    unsure = [one.unsure_for for one in found.outcomes if one.unsure_for is not None]
    people = sum(one.state == "needs_human" for one in found.outcomes)
    figures = {
        "runs": len(found.outcomes), "unknown": len(unsure), "settled_share": found.settled_share,
        "leaked": len(found.leaked), "before_a_person": people, "unknown_p50_s": percentile(unsure, 0.5),
        "unknown_worst_s": percentile(unsure, 1.0), "wall_s": took,
    }  # fmt: skip
    for (network, fault, audience, state), count in sorted(found.cells().items()):
        say(f"  {network:<8} {fault:<18} {audience:<8} {state:<12} {count}")
    for one in (*found.doubled, *found.leaked, *found.lost, *found.late)[:20]:
        say(f"  {one}")
    reached = {
        "runs": len(found.outcomes) == asked, "settled_share": found.settled_share >= SETTLED,
        "leaked": not found.leaked, "within_five_minutes": not found.late,
    }  # fmt: skip
    return report(
        "faults", figures, limits={}, ratios={}, reached=reached, lost=len(found.lost), double=len(found.doubled),
        n=len(found.outcomes), seed=found.seed,
    )  # fmt: skip


@contextmanager
def clock_file(file: Path) -> Iterator[Any]:
    """The file that every process reads business time from, and what moves it."""

    def move(seconds: float) -> None:
        fresh = file.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(file)

    # the sandbox's process is told by the environment; this one read that long ago
    with patch.dict(os.environ, OFFHOLD_CLOCK_FILE=str(file)), patch.object(clock, "_file", str(file)):
        yield move
