"""What a browser fetches before the inbox is there."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from offhold.app.cli.checks import BUILT_CLIENT

MOST = 200_000  # bytes, gzip


def initial(build: Path) -> int:
    """The page's script and all that it imports from the start, as the built page names them (bytes, gzip)."""
    scripts = re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', (build / "index.html").read_text("utf-8"))
    assert scripts
    return sum(len(gzip.compress((build / script).read_bytes())) for script in scripts)


@pytest.mark.usefixtures("executable")
def test_the_first_scripts_are_light() -> None:
    assert initial(BUILT_CLIENT) <= MOST
