"""Every fault of every network, both kinds of reply: never twice, never to the wrong people, never forgotten.

Ten runs of each cell; `OFFHOLD_TEST_FAULT_RUNS=200`, or `offhold bench faults`, for more.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.faults import ends, matrix
from tests.faults.matrix import Move


@pytest.mark.timeout(3600)
def test_every_fault_of_every_network(database: str, clock_offset: Move, tmp_path: Path) -> None:
    runs = int(os.environ.get("OFFHOLD_TEST_FAULT_RUNS", "10"))
    seed = int(os.environ.get("OFFHOLD_TEST_FAULT_SEED", "") or time.time())
    print(f"OFFHOLD_TEST_FAULT_SEED={seed}")
    networks = tuple(os.environ.get("OFFHOLD_TEST_FAULT_NETWORKS", " ".join(matrix.NETWORKS)).split())
    found = matrix.run(runs, seed, clock_offset, tmp_path / "sandbox", print, networks)
    assert len(found.outcomes) == runs * len(ends.FAULTS) * len(networks) * 2
    assert (found.doubled, found.leaked, found.lost, found.late) == ([], [], [], []), f"seed {seed}"
    assert found.settled_share >= 0.99, (seed, found.cells())
    assert sum(one.unsure_for is not None for one in found.outcomes) >= len(found.outcomes) / 3, "nothing was unknown"
