"""The wheel, installed into a fresh environment, runs without Node and without the working copy."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.places import place
from tests.platform.test_up import up

ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools/uv/bin/uv"
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("built_client"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Path]:
    """A directory outside the working copy, where root's PostgreSQL may go too."""
    if not UV.exists() and os.environ.get("CI") != "true":
        pytest.skip("uv is not in .tools: make setup")
    with place() as directory:
        yield directory


@pytest.fixture(scope="module")
def wheel(elsewhere: Path) -> Path:
    run(UV, "build", "--quiet", "--wheel", "--out-dir", elsewhere / "dist", cwd=ROOT)
    return next((elsewhere / "dist").glob("*.whl"))


def run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_carries_the_client_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "offhold/app/client_build/index.html" in names
    assert [name for name in names if "/tests/" in name or "node_modules" in name] == []
    assert [name for name in names if name.startswith("offhold/networks/sandbox/world/page/")]


def test_installed_anywhere_it_serves_without_node(wheel: Path, elsewhere: Path) -> None:
    run(UV, "venv", "--quiet", "--python", sys.executable, elsewhere / "venv", cwd=elsewhere)
    python = elsewhere / "venv/bin/python"
    run(UV, "pip", "install", "--quiet", "--python", python, wheel, cwd=elsewhere)
    program = elsewhere / "venv/bin/offhold"
    environ = {"PATH": "/nowhere", "PYTHONPATH": ""}
    with up(elsewhere / "var", program, cwd=elsewhere, **environ) as running:
        assert running.status() == 401
        with urllib.request.urlopen(running.address, timeout=30) as page:
            assert b"<!doctype html" in page.read().lower()
