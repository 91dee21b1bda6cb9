"""Does a test notice when who can read our words is got wrong? One small mistake at a time, the tests, and a count.

    python -m scripts.mutants                      all of them, minutes
    python -m scripts.mutants --sample 12 --seed 3 a few
    python -m scripts.mutants --list

Our own and not a library: mutation libraries write the mistake into the files (others work in the same checkout), run
one process per mistake (ours forks one that has everything imported), and make mistakes of every kind, of which few
say anything about audiences. Ours: the words public and private changed into each other, in code and in SQL, one kind's
table, method, policy or line in the place of the other's, a flag turned round, a condition turned round, half of a
condition, a check, a raise or an assertion left out, a constraint of a table dropped.

A mistake that no test notices either gets a test, or stands in `scripts/mutants/equivalent.txt` with the reason why it
changes nothing that anybody could see. Anything else makes the exit code 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from scripts.mutants.code import constraints, every
from scripts.mutants.places import Mutant, tests_of
from scripts.mutants.running import LONGER, Databases, noticed, prepared

EQUIVALENT = Path(__file__).with_name("equivalent.txt")


def equivalent() -> dict[str, str]:
    """Mistakes that change nothing, by name, with the reason."""
    lines = EQUIVALENT.read_text().splitlines() if EQUIVALENT.exists() else []
    return {name: reason for name, _, reason in (line.partition("\t") for line in lines if line and line[0] != "#")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, help="only so many of them, drawn by the seed")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="printed; repeats a sample")
    parser.add_argument("--only", default="", help="those whose name holds this")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    with prepared() as databases:
        mutants = [m for m in [*every(), *constraints(databases.url())] if args.only in m.name]
        reasons = equivalent()
        mutants = [m for m in mutants if m.name not in reasons]
        if args.sample is not None:
            mutants = random.Random(args.seed).sample(mutants, min(args.sample, len(mutants)))
        if args.list:
            print("\n".join(f"{m.place}:{m.line} {m.what}" for m in mutants))
            return 0
        return _judge(mutants, databases, args, len(reasons))


def _judge(mutants: list[Mutant], databases: Databases, args: argparse.Namespace, left_out: int) -> int:
    limits: dict[tuple[str, ...], float] = {}
    for tests in {tuple(sorted(tests_of(mutant))) for mutant in mutants}:
        began = time.monotonic()
        if noticed(None, databases.url(), tests):
            print(f"these fail without any mistake: {', '.join(tests)}")
            return 2
        limits[tests] = 30 + LONGER * (time.monotonic() - began)
    began, survivors = time.monotonic(), []
    lock = Lock()  # copies are made one by one
    with ThreadPoolExecutor(args.jobs) as pool:

        def one(mutant: Mutant) -> bool:
            with lock:
                url = databases.url()
            return noticed(mutant, url, tests_of(mutant), limits[tuple(sorted(tests_of(mutant)))])

        for n, (mutant, was) in enumerate(zip(mutants, pool.map(one, mutants), strict=True), 1):
            if not was:
                survivors.append(mutant)
                print(f"NOT NOTICED {mutant.place}:{mutant.line} {mutant.what}", flush=True)
            if n % 25 == 0:
                print(f"{n} of {len(mutants)}, {len(survivors)} not noticed", file=sys.stderr, flush=True)
    print(
        f"{len(mutants) - len(survivors)} of {len(mutants)} noticed, {left_out} change nothing, "
        f"seed {args.seed}, {time.monotonic() - began:.0f} s"
    )
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
