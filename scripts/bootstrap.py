"""The installing part of `make demo` and `make test`; only the standard library is there when it runs.

uv comes from pip where there is pip, else its wheel is fetched and unpacked here (a bare Debian has neither pip nor
venv), each time against the hashes in `uv.txt`. Each step leaves a stamp of what it was made from and is skipped while
that stays the same.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from node import Node, usable_node
from uv_wheel import fetch_uv

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
CLIENT = ROOT / "client"
BUILT = ROOT / "offhold/app/client_build"
REQUIREMENT = ROOT / "scripts/uv.txt"
NOT_SOURCES = {"node_modules", "dist", ".vite", "test-results", "coverage"}


def main() -> None:
    """Install uv, the Python packages, the client's packages; build the client."""
    TOOLS.mkdir(exist_ok=True)
    believe_own_authority()
    python_packages()
    node = usable_node(VENV)
    client_packages(node)
    client_build(node)


def believe_own_authority() -> None:
    """Behind a proxy with an authority of its own, tell each that downloads what pip was told, in its own words."""
    bundle = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT")
    if bundle:
        os.environ.setdefault("SSL_CERT_FILE", bundle)  # uv, and this Python
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", bundle)  # npm
    store = ssl.get_default_verify_paths()
    if store.cafile or (store.capath and any(os.scandir(store.capath))):  # a bare system has none; then uv's own serve
        os.environ.setdefault("UV_SYSTEM_CERTS", "true")


def python_packages() -> None:
    """The locked Python packages in `.venv`, Offhold itself among them, linked to this directory."""
    state = digest([ROOT / "uv.lock", ROOT / "pyproject.toml"], sys.executable)
    if fresh(VENV / ".stamp", state) and (VENV / "bin/offhold").exists():
        return
    tell("Installing the Python packages into .venv")
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    run([str(uv()), "sync", "--frozen", "--python", sys.executable, *quiet], env=uv_environment())
    (VENV / ".stamp").write_text(state)


def uv() -> Path:
    """The pinned uv, installed into `.tools` if it is not there yet."""
    target = TOOLS / "uv"
    state = digest([REQUIREMENT])
    if not fresh(target / ".stamp", state):
        tell("Installing uv into .tools")
        shutil.rmtree(target, ignore_errors=True)
        if not uv_by_pip(target):
            fetch_uv(target, REQUIREMENT)
        (target / ".stamp").write_text(state)
    return target / "bin/uv"


def uv_by_pip(target: Path) -> bool:
    """Install uv with this Python's pip. False when it has no pip."""
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        return False
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    run(
        [
            *pip,
            "--disable-pip-version-check",
            "--root-user-action=ignore",
            "--target",
            str(target),
            "-r",
            str(REQUIREMENT),
        ]
    )
    return True


def uv_environment() -> dict[str, str]:
    """uv as we need it: this Python, this directory, and the package index that pip was told to use."""
    environ = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
    environ.pop("VIRTUAL_ENV", None)
    if index := environ.get("PIP_INDEX_URL"):
        environ.setdefault("UV_DEFAULT_INDEX", index)
    return environ


def client_packages(node: Node) -> None:
    """The locked npm packages in `client/node_modules`."""
    stamp = CLIENT / "node_modules/.stamp"
    state = digest([CLIENT / "package-lock.json", CLIENT / "package.json"], node.version)
    if fresh(stamp, state):
        return
    tell("Installing the client's packages into client/node_modules")
    run([*node.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=CLIENT, env=node.environment())
    stamp.parent.mkdir(exist_ok=True)  # npm makes none where nothing is needed
    stamp.write_text(state)


def client_build(node: Node) -> None:
    """The built client in `offhold/app/client_build`, from where the server serves it."""
    stamp = TOOLS / "client.stamp"
    state = digest(sources(CLIENT))
    if fresh(stamp, state) and (BUILT / "index.html").exists():
        return
    tell("Building the client")
    run([*node.npm, "run", "--silent", "build"], cwd=CLIENT, env=node.environment())
    stamp.write_text(state)


def sources(directory: Path) -> list[Path]:
    """Every file below `directory` that a build reads."""
    found = []
    for parent, directories, files in os.walk(directory):
        directories[:] = sorted(name for name in directories if name not in NOT_SOURCES)
        found += [Path(parent, name) for name in sorted(files) if not name.endswith(".tsbuildinfo")]
    return found


def digest(files: Iterable[Path], *words: str) -> str:
    """A hash of names and contents."""
    total = hashlib.sha256("\0".join(words).encode())
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(ROOT)} {content}\n".encode())
    return total.hexdigest()


def fresh(stamp: Path, state: str) -> bool:
    """Was this step done for exactly this state."""
    return stamp.exists() and stamp.read_text() == state


def run(command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a step; when it fails its own words are on the screen, and so we stop."""
    done = subprocess.run(command, cwd=cwd, env=env, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"setup: `{' '.join(command)}` failed (exit code {done.returncode}); its words are above.")


def tell(text: str) -> None:
    """Progress, one line a step."""
    print(f"setup: {text}", flush=True)


if __name__ == "__main__":
    main()
