"""`python -m offhold.networks.sandbox.world --port 0 --data DIR --ready-file FILE`"""

from __future__ import annotations

import argparse
from pathlib import Path

from offhold.networks.sandbox.world.server import run


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m offhold.networks.sandbox.world", description="The sandbox network."
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder for its store and its oracle log")
    parser.add_argument("--ready-file", type=Path, help="written with one JSON line once it answers")
    asked = parser.parse_args()
    run(asked.port, asked.data, asked.ready_file)


if __name__ == "__main__":
    main()
