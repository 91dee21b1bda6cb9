"""`offhold demo`: one command, an address and a sign-in that work, and a reset that forgets all of it."""

from __future__ import annotations

import re
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.platform.places import place
from tests.platform.test_up import OFFHOLD, clean

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("built_client")]


def played(var: Path) -> str:
    """Start the demo, look at both addresses, stop it; returns what it printed."""
    demo = subprocess.Popen([*OFFHOLD, "--var", var, "demo"], env=clean(), stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None
    printed = ""
    try:
        for line in demo.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        for name in ("Offhold", "Network"):
            with urllib.request.urlopen(said(printed, rf"{name} +(http://\S+)"), timeout=30) as page:
                assert page.status == 200
    finally:
        demo.terminate()
        assert demo.wait(30) == 0
    return printed


def said(text: str, pattern: str) -> str:
    """The one thing `pattern` finds."""
    found = re.search(pattern, text)
    assert found, text
    return found[1]


def test_it_plays_again_with_the_same_people_and_forgets_when_told() -> None:
    with place() as directory:
        var = directory / "var"
        first, second = played(var), played(var)
        for what in (r"sign in as (\S+)", r"  with  (\S+)", r"Network +(http://\S+)"):
            assert said(first, what) == said(second, what)
        reset = subprocess.run([*OFFHOLD, "--var", var, "demo", "--reset"], env=clean(), check=False)
        assert reset.returncode == 0
        assert list(var.iterdir()) == []
