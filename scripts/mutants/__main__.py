"""Does a test notice when who can read our words is got wrong? One small mistake at a time, the tests, and a count.

    python -m scripts.mutants          all of them, a quarter of an hour; writes noticed_by.txt anew
    python -m scripts.mutants --new    those of which nobody knows who notices them; writes them down
    python -m scripts.mutants --fixed  those of fixed.txt, less than a minute; what CI runs
    python -m scripts.mutants --list

Our own and not a library: mutation libraries write the mistake into the files (others work in the same checkout), run
one process per mistake (ours forks one that has everything imported), and make mistakes of every kind, of which few
say anything about audiences. Ours: the words public and private changed into each other, in code and in SQL, one kind's
table, method, policy or line in the place of the other's, a flag turned round, a condition turned round, half of a
condition, a check, a raise or an assertion left out, a constraint of a table dropped.

Each mistake meets the test that noticed it last time, and all tests of its stage if that one does not, or is not known;
of `--fixed` that one test alone, which has to notice it: a test that loses its teeth is seen, whatever others bite.
A mistake that no test notices either gets a test, or stands in `scripts/mutants/equivalent.txt` with the reason why it
changes nothing that anybody could see. Anything else makes the exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from scripts.mutants import notes
from scripts.mutants.code import constraints, every
from scripts.mutants.judge import Judge
from scripts.mutants.places import Mutant
from scripts.mutants.running import prepared


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no more after so many")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--new", action="store_true", help="only those of which nobody knows who notices them")
    which.add_argument("--fixed", action="store_true", help="only those of fixed.txt, by their noted tests alone")
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
        if args.fixed:
            mutants = _fixed(mutants, known)
        if args.list:
            print("\n".join(f"{m.place}:{m.line} {m.what}" for m in mutants))
            return 0
        judge = Judge(databases, known, one_test_each=args.fixed)
        if (fails := judge.control(mutants)) is not None:
            print(f"fails without any mistake: {fails}")
            return 2
        began = time.monotonic()
        verdicts = judge.all(mutants, jobs=args.jobs, until=began + args.seconds)
        survivors = [name for name, test in verdicts.items() if test is None]
        if not args.fixed:
            names = {m.name for m in there}
            now = known | {name: test for name, test in verdicts.items() if test is not None}
            notes.do_keep({n: test for n, test in now.items() if n in names and n not in {*reasons, *survivors}})
        print(
            f"{len(verdicts) - len(survivors)} of {len(verdicts)} noticed, {len(mutants) - len(verdicts)} not tried, "
            f"{len(reasons)} change nothing, {time.monotonic() - began:.0f} s"
        )
        return 1 if survivors else 0


def _fixed(mutants: Sequence[Mutant], known: dict[str, str]) -> list[Mutant]:
    """Those of fixed.txt. Raises `SystemExit` where one is no mistake any more, or no test is known to notice it."""
    wanted, there = notes.fixed(), {m.name: m for m in mutants}
    if wrong := [name for name in wanted if name not in there or name not in known]:
        raise SystemExit("fixed.txt names what is not there or not in noticed_by.txt:\n" + "\n".join(wrong))
    return [there[name] for name in wanted]


if __name__ == "__main__":
    sys.exit(main())
