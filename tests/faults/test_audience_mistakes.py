"""A few mistakes about who can read our words, the same in every run: each is noticed by the test that is known to.

Which ones: `scripts/mutants/fixed.txt`. All of them: `python -m scripts.mutants`.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from scripts.mutants.places import ROOT
from tests.support.database import OWN_SERVER, Server


@pytest.mark.timeout(600)
def test_mistakes_about_audiences_are_noticed(database_server: Server) -> None:
    env = {**os.environ, OWN_SERVER: database_server.owner_url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "scripts.mutants", "--fixed", "--jobs", "1"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    print(done.stdout)
