"""What commands print: progress to stderr, results to stdout, so that results can be piped."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """One line of progress or news for the person at the terminal, or for the journal."""
    print(text, file=sys.stderr, flush=True)
