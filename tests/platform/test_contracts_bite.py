"""The import contracts hold what they say: each is broken once in a copy, and lint-imports sees it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in SETTINGS["contracts"]}
# What a hurried colleague might write, by the contract that must stop it.
SINS = {
    "layers": ("kernel/clock.py", "from offhold.intake import log"),
    "networks-apart": ("networks/bluesky/__init__.py", "from offhold.networks.sandbox import connector"),
    "networks-see": ("networks/bluesky/connector.py", "from offhold.people import rights"),
    "networks-unnamed": ("connectors/registry.py", "from offhold.networks.bluesky import connector"),
    "siblings": ("kernel/errors.py", "from offhold.kernel.db import tx"),
    "pure": ("cases/threading.py", "import django.db"),
}


@pytest.fixture(scope="module")
def sinful(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What lint-imports says of a copy in which every contract is broken."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copytree(ROOT / "offhold", copy / "offhold", ignore=shutil.ignore_patterns("__pycache__", "client_build"))
    for file, sin in SINS.values():
        with (copy / "offhold" / file).open("a") as text:
            text.write(f"\n{sin}\n")
    done = subprocess.run([LINTER, "--no-logo", "--no-cache"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_contract_bites(sinful: str, contract: str) -> None:
    assert re.search(rf"^{re.escape(CONTRACTS[contract]['name'])} BROKEN", sinful, re.MULTILINE), sinful


def test_each_contract_has_its_sin() -> None:
    assert SINS.keys() == CONTRACTS.keys()


def test_networks_are_kept_from_every_stage() -> None:
    """The layers keep them from `app` and `live`; every other package must be named."""
    stages = {path.parent.name for path in (ROOT / "offhold").glob("*/__init__.py")}
    seen = {"connectors", "kernel"} | {"networks", "app", "live"}
    assert set(CONTRACTS["networks-see"]["forbidden_modules"]) == {f"offhold.{stage}" for stage in stages - seen}


def test_what_calls_itself_pure_is_held_to_it() -> None:
    missing = set(self_declared_pure()) - set(CONTRACTS["pure"]["source_modules"])
    assert not missing, "add them to the contract `pure` in pyproject.toml"


def self_declared_pure() -> Iterator[str]:
    """Modules whose docstring says so."""
    for file in (ROOT / "offhold").rglob("*.py"):
        if not {"tests", "migrations"} & set(file.parts):
            words = ast.get_docstring(ast.parse(file.read_text())) or ""
            if re.search(r"\bPure\b", words):
                yield ".".join(file.relative_to(ROOT).with_suffix("").parts)
