"""`python -m offhold.app.cli.demo_company WORLD`: makes or finds the demo's company in a process of its own.

WORLD is what the sandbox network says of itself, as JSON. Prints the sign-in as JSON.
"""

from __future__ import annotations

import json
import os
import sys

from offhold.app.cli.django_process import set_up


def main() -> None:
    """Prepare the company and print how to sign in."""
    settings = set_up(os.environ["DATABASE_URL"], "app")
    from offhold.app import demo

    print(json.dumps(demo.prepare(json.loads(sys.argv[1]), settings)._asdict()))


if __name__ == "__main__":
    main()
