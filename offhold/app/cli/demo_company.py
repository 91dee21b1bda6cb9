"""`python -m offhold.app.cli.demo_company FILE`: makes or finds the demo's company, in a process of its own.

FILE is where the sandbox network says of itself, as JSON, once it answers. Prints the sign-in as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from offhold.app.cli.django_process import set_up
from offhold.app.problem import Problem

PATIENCE = 30.0


def main() -> None:
    """Prepare the company and print how to sign in."""
    settings = set_up(os.environ["DATABASE_URL"], "app")
    from offhold.app import demo

    print(json.dumps(demo.prepare(awaited(Path(sys.argv[1])), settings)._asdict()))


def awaited(file: Path) -> dict[str, str]:
    """What the network says of itself, once it does. Raises `Problem` when it never does."""
    until = time.monotonic() + PATIENCE
    while not file.exists():
        if time.monotonic() > until:
            raise Problem("The sandbox network did not start.", "Its own words are in log/sandbox.log.")
        time.sleep(0.05)
    return dict(json.loads(file.read_text()))


if __name__ == "__main__":
    main()
