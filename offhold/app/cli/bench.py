"""Measure what Offhold does on this machine, beside what the machine can do at best.

Each bench starts an Offhold of its own on loopback, checks that nothing was lost or doubled, and removes it again.
Progress goes to standard error. They belong to a working copy; docs/benchmarks.md tells how each is measured.

    offhold bench                    which there are
    offhold bench live --json        one JSON object on standard output
    offhold bench live --help        its sizes
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import json
from pathlib import Path
from typing import Any

from offhold.app.problem import Problem

HELP = "measure what Offhold does on this machine"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("name", nargs="?", help="which; without it they are listed")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Run one bench, or list them."""
    known = benches()
    if args.name is None:
        print("\n".join(f"{name:<10} {about}" for name, about in known.items()))
        return 0
    if args.name not in known:
        raise Problem(f"There is no bench {args.name}.", f"There are: {', '.join(known)}.")
    return measure(args.name, args.rest)


def benches() -> dict[str, str]:
    """What can be measured, and the first sentence about it. Read from the files: importing them is dear."""
    spec = importlib.util.find_spec("bench")
    if spec is None or spec.origin is None:
        raise Problem(
            "Benches belong to a working copy.", "Clone Offhold, make setup, and run .venv/bin/offhold bench."
        )
    found = {}
    for file in sorted(Path(spec.origin).parent.glob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        if any(isinstance(part, ast.FunctionDef) and part.name == "add_arguments" for part in tree.body):
            found[file.stem] = (ast.get_docstring(tree) or "").split("\n")[0]
    return found


def measure(name: str, rest: list[str]) -> int:
    """Run the bench `name`; exit code 1 when it missed a mark."""
    module: Any = importlib.import_module(f"bench.{name}")
    own = argparse.ArgumentParser(prog=f"offhold bench {name}", description=module.__doc__)
    module.add_arguments(own)
    own.add_argument("--json", action="store_true", help="print the result as one JSON object")
    args = own.parse_args(rest)
    result = module.run(args)
    print(json.dumps(result) if args.json else readable(result))
    return 0 if result["ok"] else 1


def readable(result: dict[str, Any]) -> str:
    """The result as lines for a person."""
    lines = [f"{result['bench']}: {'ok' if result['ok'] else 'a mark was missed'}"]
    for part in ("figures", "limits", "ratios"):
        lines += [f"  {part[:-1]:<7} {name:<28} {value}" for name, value in result.get(part, {}).items()]
    return "\n".join([*lines, f"  lost {result.get('lost')}, double {result.get('double')}"])
