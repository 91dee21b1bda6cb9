"""Each bench at a tiny size: it ends, says what it promises to say, and loses and doubles nothing.

Whether its marks are reached says nothing at these sizes, beside other tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.database import Server

pytestmark = pytest.mark.slow

CASES = [
    ("intake", "--seconds 1 --rate 50 --burst 200", ["ack_p50_ms", "ack_p99_ms", "fdatasync_p99_ms", "offered_per_s",
                                                     "capacity_per_s_core"], ["ack_p99_over_fdatasync_p99"]),
    ("care", "--seconds 2 --rate 40 --screens 20 --stored 1k --batches 1",
     ["msg_per_s", "screen_p50_ms", "screen_p99_ms", "rss_mb_total", "stored_messages"], ["store_over_copy"]),
    ("inbox", "--seconds 1 --ingest 40 --stored 1k",
     ["list_p99_ms", "page_p99_ms", "filter_p99_ms", "counters_p99_ms", "timeline_p99_ms", "stored_messages"], []),
    ("small", "--seconds 1 --idle 1", ["rss_mb_all", "msg_per_s", "idle_cpu_share"], []),
    ("stop", "--stops 1 --channels 2 --each 4",
     ["replies_per_s", "cpu_ms_per_reply_senders", "statements_per_reply", "confirmed_worst_ms", "sockets_late",
      "escaped_unlisted"], ["sent_over_bare"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sizes", "figures", "ratios"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.usefixtures("built_client")
def test_measures_and_loses_nothing(
    database_server: Server, tmp_path: Path, name: str, sizes: str, figures: list[str], ratios: list[str]
) -> None:
    result = measured(database_server, tmp_path, name, sizes)
    assert result["bench"] == name
    assert (result["lost"], result["double"]) == (0, 0)
    assert result["n"] > 0
    assert set(figures) <= result["figures"].keys()
    assert all(result["figures"][figure] >= 0 for figure in figures)
    assert set(ratios) <= result["ratios"].keys()
    assert {"limits", "seed", "machine", "ok"} <= result.keys()


def measured(server: Server, var: Path, name: str, sizes: str) -> dict[str, Any]:
    """Run a bench on this server; its one JSON object."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("OFFHOLD_")}
    done = subprocess.run(
        [sys.executable, "-m", "offhold.app.cli", "bench", name, *sizes.split(), "--json"],
        env=environ | {"DATABASE_URL": server.owner_url, "OFFHOLD_VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr  # 1: a mark was missed
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result
