"""Build a large database once, for `care` and `inbox` with the same --stored: it stays in var/bench."""

from __future__ import annotations

import argparse
import time
from typing import Any

from bench.installation import installation
from bench.report import report, say
from bench.stocked import count_of, directory, fresh, keep
from bench.traffic import COMPANIES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How large."""
    parser.add_argument("--stored", default="1m", help="messages, such as 1m or 10m (default 1m)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Build and keep it."""
    began = time.monotonic()
    kept = directory(count_of(args.stored))  # an installation has a directory of its own
    with installation(say) as here:
        stock = fresh(here, count_of(args.stored), "127.0.0.1:9", say, COMPANIES)
        keep(stock, kept)
    figures = {"stored_messages": stock.messages, "seconds": time.monotonic() - began}
    return report("prepare", figures, limits={}, ratios={}, reached={}, lost=0, double=0, n=stock.messages, seed=0)
