"""When the network is missing tests are skipped, saying so; when it is there and broken, CI fails."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from offhold.networks.bluesky.tests import network_end, real_network


@pytest.fixture
def broken_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, script in (("up", "echo 'redis-server is missing' >&2; exit 1"), ("down", "exit 0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(real_network, "TOOL", tmp_path)
    monkeypatch.setattr(real_network, "_installed", lambda: tmp_path)


def test_where_it_is_not_beside_the_repository_tests_are_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(real_network, "TOOL", tmp_path / "absent")
    with pytest.raises(pytest.skip.Exception, match="not beside the repository"), real_network.running_or_skipped():
        pass


@pytest.mark.usefixtures("broken_tool")
def test_where_it_cannot_be_started_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="redis-server is missing"), real_network.running_or_skipped():
        pass


@pytest.mark.usefixtures("broken_tool")
def test_where_it_cannot_be_started_elsewhere_tests_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="redis-server is missing"), real_network.running_or_skipped():
        pass


def test_a_network_ends_with_whoever_started_it(tmp_path: Path) -> None:
    """Also when that is killed: what it started is stopped and its home is removed."""
    home, tool = tmp_path / "home", tmp_path / "tool"
    home.mkdir()
    tool.mkdir()
    (tool / "down").write_text('#!/bin/sh\nkill "$(cat "$ATPROTO_HOME/node.pid")"\n')
    (tool / "down").chmod(0o755)
    network = subprocess.Popen(["sleep", "600"])
    (home / "node.pid").write_text(str(network.pid))
    starter = subprocess.Popen([sys.executable, "-c", _STARTER, network_end.__file__, str(tool), str(home)])
    starter.wait(30)
    assert network.wait(30) == -signal.SIGTERM
    watch = threading.Event()
    while home.exists():
        watch.wait(0.05)


_STARTER = """
import os, signal, subprocess, sys
subprocess.Popen([sys.executable, *sys.argv[1:]], stdin=subprocess.PIPE, start_new_session=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
