"""The supervisor and its children: order, restarts, stops, and nobody outliving anybody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from offhold.app.embedded import supervisor
from offhold.app.embedded.process import READY_FD, Process
from offhold.app.embedded.supervisor import Supervisor
from offhold.app.problem import Problem
from tests.platform.places import until

# Notes its start, says that it serves, then waits for SIGTERM, notes that, and ends.
CHILD = """
import os, signal, sys, time
name, notes = sys.argv[1:]
def note(what):
    with open(notes, "a") as file:
        file.write(f"{what} {name} {os.getpid()}\\n")
def stop(*_):
    note("stopped")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("started")
if fd := os.environ.get("OFFHOLD_READY_FD"):
    os.write(int(fd), b"ready")
while True:
    signal.pause()
"""
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


class Notes:
    """What the children noted, in order."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def pids(self, name: str) -> list[int]:
        return [int(pid) for what, who, pid in self.lines() if (what, who) == ("started", name)]


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


def child(name: str, notes: Notes, *, tells_ready: bool = True) -> Process:
    return Process(name, ["-c", CHILD, name, str(notes.file)], dict(os.environ), tells_ready=tells_ready)


def run_until(units: Sequence[Process], meanwhile: Callable[[], None]) -> list[str]:
    """Run a supervisor in this thread while another does `meanwhile`, then tell it to stop. Returns what it said."""
    said: list[str] = []
    failed: list[BaseException] = []

    def play() -> None:
        try:
            meanwhile()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the test
            failed.append(error)
        os.kill(os.getpid(), signal.SIGTERM)

    player = threading.Thread(target=play)
    Supervisor(units, said.append).run(player.start)
    player.join()
    if failed:
        raise failed[0]
    return said


def test_children_start_in_order_and_stop_in_order(notes: Notes) -> None:
    run_until([child("web", notes), child("worker", notes)], lambda: None)
    assert sorted((what, who) for what, who, _ in notes.lines()[:2]) == [("started", "web"), ("started", "worker")]
    assert [(what, who) for what, who, _ in notes.lines()[2:]] == [("stopped", "web"), ("stopped", "worker")]


def test_what_falls_is_started_again_and_told(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.05)

    def kill_it() -> None:
        os.kill(notes.pids("worker")[0], signal.SIGKILL)
        until(lambda: len(notes.pids("worker")) == 2)

    said = run_until([child("worker", notes)], kill_it)
    assert said == ["worker stopped (killed by SIGKILL); starting it again in 0.05 s", "Stopping"]


def test_each_fall_in_a_row_waits_twice_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("offhold.app.embedded.supervisor.time.monotonic", lambda: now)
    said: list[str] = []
    fallen = Supervisor([Process("worker", [], {})], said.append)
    for _ in range(8):
        fallen.plan(fallen.own[0], "exit code 1")
    now = 100.0  # it ran for more than a minute: forgiven
    fallen.plan(fallen.own[0], "exit code 1")
    assert [line.split()[-2] for line in said] == ["0.5", "1", "2", "4", "8", "16", "30", "30", "0.5"]


def test_one_that_ends_before_it_serves_stops_the_start(notes: Notes) -> None:
    broken = Process("web", ["-c", "raise SystemExit(3)"], dict(os.environ), tells_ready=True)
    other = child("worker", notes)
    with pytest.raises(Problem, match=r"web did not start \(exit code 3\)"):
        Supervisor([other, broken], print).run(lambda: pytest.fail("it never served"))
    assert other.pid is None


def test_one_that_does_not_listen_is_killed_after_its_grace() -> None:
    stubborn = Process("web", ["-c", STUBBORN], dict(os.environ), grace=0.2)
    stubborn.start()
    stubborn.stop()
    assert stubborn.ended() in ("killed by SIGKILL", "killed by SIGTERM")


def test_ctrl_c_while_children_start_stops_them(notes: Notes) -> None:
    never_ready = Process(
        "web", ["-c", CHILD.replace(READY_FD, "NOBODY"), "web", str(notes.file)], dict(os.environ), tells_ready=True
    )

    def interrupt() -> None:
        until(lambda: bool(notes.pids("web")))
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    Supervisor([never_ready], print).run(lambda: pytest.fail("it never served"))
    assert never_ready.ended() == "exit code 0"


def test_children_end_with_a_supervisor_that_is_killed(notes: Notes) -> None:
    script = (
        "import os, sys; sys.path.insert(0, '.')\n"
        "from pathlib import Path\n"
        "from tests.platform.test_supervisor import Notes, child\n"
        "from offhold.app.embedded.supervisor import Supervisor\n"
        "notes = Notes(Path(sys.argv[1]))\n"
        "Supervisor([child('web', notes), child('worker', notes)], print).run(lambda: print('ready', flush=True))\n"
    )
    above = subprocess.Popen([sys.executable, "-c", script, notes.file], stdout=subprocess.PIPE, text=True)
    assert above.stdout is not None
    assert above.stdout.readline() == "ready\n"
    pids = notes.pids("web") + notes.pids("worker")
    above.kill()
    above.wait()
    until(lambda: not any(alive(pid) for pid in pids))


def alive(pid: int) -> bool:
    """Does the process run; one that only waits to be reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_log_takes_what_a_child_prints(tmp_path: Path) -> None:
    printing = Process("web", ["-c", "print('hello')"], dict(os.environ), log=tmp_path / "web.log")
    printing.start()
    until(lambda: printing.ended() is not None)
    assert (tmp_path / "web.log").read_text() == "hello\n"
