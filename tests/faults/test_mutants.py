"""A few mistakes about audiences, drawn anew in each build: some test must notice every one of them.

All of them: `python scripts/mutants.py`. `OFFHOLD_TEST_MUTANTS=40` draws so many.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_few_mistakes_are_noticed() -> None:
    seed = os.environ.get("OFFHOLD_TEST_MUTANTS_SEED") or str(int(time.time()))
    wanted = os.environ.get("OFFHOLD_TEST_MUTANTS", "12")
    command = [sys.executable, "scripts/mutants.py", "--sample", wanted, "--seed", seed, "--only", "publishing/"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {seed}\n{done.stdout}\n{done.stderr[-2000:]}"
