"""The guard: what it catches, what it stops for nothing, how quiet it is on real replies, and how long it takes.

Labelled lines of our own (`bench/data/guard.jsonl`), a third of which no rule was ever tuned on, or those of `--data`.
Real replies lie beside the repository; where they are not there, their figures are left out, and it says so.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench import guard_lines, guard_real
from bench.guard_hostile import hostile
from bench.report import percentile, report, say
from offhold.publishing.guard.findings import STEPS, Level, heaviest
from offhold.publishing.guard.look import Around, Policy, Said, look
from offhold.publishing.guard.policy import DEFAULT_LEVELS

CAUGHT, FALSE_STOPS = 0.95, 0.03
QUIET: dict[Level, float] = {"refuse": 0.003, "second_look": 0.005, "note": 0.03}
NAMES: dict[Level, str] = {"refuse": "real_refused", "second_look": "real_second_look", "note": "real_noted"}
P99_MS = 5.0
SEED = 1
_WORDS = re.compile(r"\w+")

Look = tuple[Said, Around]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in under a minute."""
    parser.add_argument("--data", type=Path, default=guard_lines.OURS, help="labelled lines (JSON Lines)")
    parser.add_argument("--real", type=Path, default=guard_real.STORED, help="folder of real replies")
    parser.add_argument("--replies", type=int, default=20_000, help="how many of them (default 20,000)")
    parser.add_argument("--seed", type=int, default=SEED, help="which of them are drawn")
    parser.add_argument("--mistakes", action="store_true", help="say what went wrong in the labelled lines")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure; the result in the common form."""
    lines = guard_lines.read(args.data)
    figures = _labelled(lines, show=args.mistakes)
    reached = {"caught": figures["caught"] >= CAUGHT, "false_stops": figures["false_stops"] <= FALSE_STOPS}
    looks: list[Look] = [(line.said, line.around) for line in lines]
    if guard_real.there(args.real):
        real = list(_real(args))
        figures |= real_figures([look(said, around, Policy()) for said, around in real])
        reached |= {NAMES[level]: figures[NAMES[level]] <= most for level, most in QUIET.items()}
        looks = random.Random(args.seed).sample(looks + real, min(5_000, len(looks) + len(real)))
    else:
        say("the real replies are not beside the repository: nothing is said about how quiet the guard is")
    times, limits = _times(looks, hostile())
    reached |= {name: times[name] <= P99_MS for name in times}
    return report(
        "guard", figures | times, limits=limits, reached=reached, lost=0, double=0, seed=args.seed,
        ratios={"p99_over_scan": times["p99_ms"] / limits["scan_p99_ms"]}, n=len(lines) + len(looks),
    )  # fmt: skip


def _labelled(lines: list[guard_lines.Asked], *, show: bool) -> dict[str, float]:
    say(f"{len(lines)} labelled lines")
    whole = guard_lines.score(lines)
    figures = {"caught": whole.caught, "false_stops": whole.false_stops, "caught_stopped": whole.stopped}
    if held_out := [line for line in lines if line.part == "held_out"]:
        part = guard_lines.score(held_out)
        figures |= {"caught_held_out": part.caught, "false_stops_held_out": part.false_stops}
    for mistake in guard_lines.mistakes(lines) if show else ():
        say(f"  {mistake}")
    return figures


def _real(args: argparse.Namespace) -> list[Look]:
    every = guard_real.replies(args.real)
    say(f"{min(args.replies, len(every))} of {len(every)} real replies")
    return list(guard_real.drawn(every, args.replies, args.seed))


def real_figures(found: list[list[Any]]) -> dict[str, float]:
    """Shares of replies by their heaviest finding, then by rule: those that never spoke stand there as 0."""
    heaviest_of = Counter(heaviest(findings) for findings in found)
    rules = Counter(rule for findings in found for rule in {finding.rule for finding in findings})
    by_level = {NAMES[level]: heaviest_of[level] / len(found) for level in QUIET}
    order = sorted(DEFAULT_LEVELS, key=lambda rule: (-STEPS[DEFAULT_LEVELS[rule]], -rules[rule]))
    return by_level | {f"real_{rule}": rules[rule] / len(found) for rule in order}


def _words_of(said: Said) -> list[str]:
    return _WORDS.findall(said.text.lower())


def _times(looks: list[Look], slow: list[Look]) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds of this thread's own time, so that other work on the machine does not count."""
    gc.collect()
    gc.freeze()  # thousands of cases lie here only because they are measured: no server has them in memory at once
    say(f"{len(looks)} looks, then {len(slow)} hostile ones of 100,000 characters, one by one")
    scan = [_spent(partial(_words_of, said)) for said, _ in looks]
    usual = [_spent(partial(look, said, around, Policy())) for said, around in looks]
    # The least of three: what else the machine does to a look is not the text's doing.
    worst = [min(_spent(partial(look, said, around, Policy())) for _ in range(3)) for said, around in slow]
    return (
        {
            "p99_ms": percentile(usual, 0.99),
            "p50_ms": percentile(usual, 0.5),
            "hostile_p99_ms": percentile(worst, 0.99),
        },
        {"scan_p99_ms": percentile(scan, 0.99)},
    )


def _spent(work: Callable[[], object]) -> float:
    began = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - began) / 1e6
