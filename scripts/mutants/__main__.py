"""Does a test notice when who can read our words is got wrong? One small mistake at a time, the tests, and a count.

    python -m scripts.mutants                      all of them, a quarter of an hour; writes noticed_by.txt anew
    python -m scripts.mutants --new                those of which nobody knows who notices them; writes them down
    python -m scripts.mutants --sample 12 --seed 3 a few of those of which it is known
    python -m scripts.mutants --list

Our own and not a library: mutation libraries write the mistake into the files (others work in the same checkout), run
one process per mistake (ours forks one that has everything imported), and make mistakes of every kind, of which few
say anything about audiences. Ours: the words public and private changed into each other, in code and in SQL, one kind's
table, method, policy or line in the place of the other's, a flag turned round, a condition turned round, half of a
condition, a check, a raise or an assertion left out, a constraint of a table dropped.

Each mistake meets the test that noticed it last time, and all tests of its stage if that one does not, or is not known.
A mistake that no test notices either gets a test, or stands in `scripts/mutants/equivalent.txt` with the reason why it
changes nothing that anybody could see. Anything else makes the exit code 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from scripts.mutants import notes
from scripts.mutants.code import constraints, every
from scripts.mutants.judge import Judge
from scripts.mutants.running import prepared


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, help="only so many of those in noticed_by.txt, drawn by the seed")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="printed; repeats a sample")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no more after so many")
    parser.add_argument("--new", action="store_true", help="only those of which nobody knows who notices them")
    parser.add_argument("--only", default="", help="those whose name holds this")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    with prepared() as databases:
        reasons, known = notes.equivalent(), notes.noticed_by()
        there = [*every(), *constraints(databases.url())]
        mutants = [m for m in there if m.name not in reasons and args.only in m.name]
        if args.new:
            mutants = [m for m in mutants if m.name not in known]
        if args.sample is not None:
            named = [m for m in mutants if m.name in known]
            mutants = random.Random(args.seed).sample(named, min(args.sample, len(named)))
        if args.list:
            print("\n".join(f"{m.place}:{m.line} {m.what}" for m in mutants))
            return 0
        judge = Judge(databases, known)
        if (fails := judge.control(mutants)) is not None:
            print(f"fails without any mistake: {fails}")
            return 2
        began = time.monotonic()
        verdicts = judge.all(mutants, jobs=args.jobs, until=began + args.seconds)
        survivors = [name for name, test in verdicts.items() if test is None]
        if args.sample is None:
            names = {m.name for m in there}
            now = known | {name: test for name, test in verdicts.items() if test is not None}
            notes.do_keep({n: test for n, test in now.items() if n in names and n not in {*reasons, *survivors}})
        print(
            f"{len(verdicts) - len(survivors)} of {len(verdicts)} noticed, {len(mutants) - len(verdicts)} not tried, "
            f"{len(reasons)} change nothing, seed {args.seed}, {time.monotonic() - began:.0f} s"
        )
        return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
