"""The pledge: does the desk hear who asks for a human, how often does it hear what nobody said, and how long it takes.

Labelled lines of our own (`bench/data/pledge.jsonl`), part of which no rule was ever tuned on, or those of `--data`.
Real messages lie beside the repository; where they are not there, their figures are left out, and it says so.
"""

from __future__ import annotations

import argparse
import gc
import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench import pledge_lines, pledge_real
from bench.pledge_hostile import hostile
from bench.report import percentile, report, say
from offhold.promises.asking.asked import asked

EXPLICIT, IMPLICIT, HARD = 0.99, 0.90, 0.05
PRECISION, FALSE = 0.85, 0.002
USUAL_US, HOSTILE_MS = 30.0, 100.0
_WORDS = re.compile(r"\w+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in half a minute."""
    parser.add_argument("--data", type=Path, default=pledge_lines.OURS, help="labelled lines (JSON Lines)")
    parser.add_argument("--real", type=Path, default=pledge_real.STORED, help="folder of real messages")
    parser.add_argument("--messages", type=int, default=20_000, help="how many of them (default 20,000)")
    parser.add_argument("--start", type=int, default=0, help="from which place of the shuffle on (default 0)")
    parser.add_argument(
        "--mistakes", action="store_true", help="say what went wrong in the lines that rules are tuned on"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure; the result in the common form."""
    lines = pledge_lines.read(args.data)
    figures = _labelled(lines, show=args.mistakes)
    reached = {
        "explicit_recall": figures["explicit_recall"] >= EXPLICIT,
        "implicit_recall": figures["implicit_recall"] >= IMPLICIT,
        "hard_false_share": figures["hard_false_share"] <= HARD,
    }
    texts = [line.text for line in lines]
    if pledge_real.there(args.real):
        real = pledge_real.drawn(args.real, args.start, args.messages)
        say(f"{len(real)} real messages, from place {args.start} on")
        found = pledge_real.heard(real)
        figures |= found
        reached["real_precision"] = found["real_precision"] >= PRECISION
        reached["real_false_share"] = found["real_false_share"] <= FALSE
        texts = [message.text for message in real[:5_000]]
    else:
        say("the real messages are not beside the repository: nothing is said about how often nobody had asked")
    times, limits = _times(texts)
    reached |= {"usual_us": times["usual_us"] <= USUAL_US, "hostile_ms": times["hostile_ms"] <= HOSTILE_MS}
    return report(
        "pledge", figures | times, limits=limits, reached=reached, lost=0, double=0, n=len(lines) + len(texts),
        seed=pledge_real.SEED, ratios={"usual_over_scan": times["usual_us"] / limits["scan_us"]},
    )  # fmt: skip


def _labelled(lines: list[pledge_lines.Line], *, show: bool) -> dict[str, float]:
    say(f"{len(lines)} labelled lines")
    figures: dict[str, float] = pledge_lines.score(lines)._asdict()
    if held_out := [line for line in lines if line.part == "held_out"]:
        figures |= {f"{name}_held_out": value for name, value in pledge_lines.score(held_out)._asdict().items()}
    for line in lines if show else ():
        if line.part != "held_out" and not line.right:
            say(f"  {line.label} ({line.lang}): {line.text}")
    return figures | {f"lines_{lang}": float(number) for lang, number in pledge_lines.languages(lines).items()}


def _words_of(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


def _times(texts: list[str]) -> tuple[dict[str, float], dict[str, float]]:
    """Of this thread's own time. Usual is the median: of real messages, six in seven hold no marked word at all."""
    gc.collect()
    gc.freeze()
    asked(texts[0])
    scan = [_spent(partial(_words_of, text)) for text in texts]
    all_of_them = [_spent(partial(asked, text)) for text in texts]
    worst = [min(_spent(partial(asked, text)) for _ in range(3)) for text in hostile()]
    return (
        {
            "usual_us": percentile(all_of_them, 0.5),
            "mean_us": sum(all_of_them) / len(all_of_them),
            "p99_us": percentile(all_of_them, 0.99),
            "hostile_ms": max(worst) / 1e3,
        },
        {"scan_us": percentile(scan, 0.5)},
    )


def _spent(work: Callable[[], object]) -> float:
    began = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - began) / 1e3
