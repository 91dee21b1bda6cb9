"""`python -m bench NAME [...]`: a bench on its own, as `offhold bench` runs it."""

from __future__ import annotations

import argparse
import importlib
import json


def main() -> int:
    """Run the named bench and print its result; exit code 1 when a mark was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("name")
    name, rest = parser.parse_known_args()
    bench = importlib.import_module(f"bench.{name.name}")
    own = argparse.ArgumentParser(prog=f"python -m bench {name.name}")
    bench.add_arguments(own)
    result = bench.run(own.parse_args(rest))
    print(json.dumps(result, indent=1))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
