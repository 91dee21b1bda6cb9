"""Keeps the children of `offhold up` running: starts them in order, restarts what falls, stops them in reverse."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from offhold.app.embedded.signals import STOP, Signals
from offhold.app.problem import Problem

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
# A child that ran this long has recovered: its next fall is counted as the first again.
SETTLED = 60.0
LONGEST_SLEEP = 60.0  # a signal or a due restart wakes us earlier


class Unit(Protocol):
    """What can be kept running: a `Process`, or the embedded PostgreSQL."""

    name: str
    ready_fd: int | None

    def start(self) -> None: ...
    def ended(self) -> str | None: ...
    def heard_ready(self) -> bool: ...
    def stop(self) -> None: ...


@dataclass
class Watch:
    """What we know of a unit: how often it fell in a row, and when it is started again (monotonic seconds)."""

    unit: Unit
    since: float = 0.0
    falls: int = 0
    due: float | None = None


class Supervisor:
    """Looks after `units`, and restarts those of `running` too, which the caller has started and will stop."""

    def __init__(self, units: Sequence[Unit], say: Callable[[str], None], *, running: Sequence[Unit] = ()) -> None:
        self.say = say
        self.own = [Watch(unit) for unit in units]
        self.watched = [*(Watch(unit, since=time.monotonic()) for unit in running), *self.own]

    def run(self, on_ready: Callable[[], None]) -> None:
        """Until Ctrl-C or SIGTERM. `on_ready` is called once, when every unit that tells so serves.

        Raises `Problem` when one ends before that: then the cause is a setting, not an accident.
        """
        with Signals() as signals:
            try:
                for watch in self.own:
                    self.start(watch)
                if self.await_ready(signals):
                    on_ready()
                    while not signals.wait(self.until_due()) & STOP:
                        self.look()
                self.say("Stopping")
            finally:
                self.stop()

    def await_ready(self, signals: Signals) -> bool:
        """True once all serve, False when we were told to stop meanwhile."""
        waiting = [watch for watch in self.own if watch.unit.ready_fd is not None]
        while waiting:
            descriptors = [fd for watch in waiting if (fd := watch.unit.ready_fd) is not None]
            if signals.wait(1.0, *descriptors) & STOP:
                return False
            for watch in self.watched:
                if how := watch.unit.ended():
                    raise Problem(f"{watch.unit.name} did not start ({how}).", "Its own words are above or in the log.")
            waiting = [watch for watch in waiting if not self.serves(watch, signals)]
        return True

    def serves(self, watch: Watch, signals: Signals) -> bool:
        """Has the unit said that it serves. Only looks where there is something to read."""
        descriptor = watch.unit.ready_fd
        return descriptor is None or (signals.readable(descriptor) and watch.unit.heard_ready())

    def look(self) -> None:
        """Plan a restart for what fell, and start what is due."""
        for watch in self.watched:
            if watch.due is None and (how := watch.unit.ended()):
                self.plan(watch, how)
            if watch.due is not None and watch.due <= time.monotonic():
                self.start(watch)

    def plan(self, watch: Watch, how: str) -> None:
        """Start it again soon, later with each fall in a row, and say so."""
        now = time.monotonic()
        watch.falls = 1 if now - watch.since > SETTLED else watch.falls + 1
        wait = min(FIRST_WAIT * 2 ** (watch.falls - 1), LONGEST_WAIT)
        watch.due = now + wait
        self.say(f"{watch.unit.name} stopped ({how}); starting it again in {wait:g} s")

    def start(self, watch: Watch) -> None:
        """Start the unit and note when."""
        watch.due = None
        watch.since = time.monotonic()
        try:
            watch.unit.start()
        except Problem as problem:  # PostgreSQL on a full disk: keep trying, the operator may free some
            self.say(str(problem))

    def until_due(self) -> float:
        """Seconds until the next planned restart."""
        dues = [watch.due for watch in self.watched if watch.due is not None]
        return max(0.0, min(dues) - time.monotonic()) if dues else LONGEST_SLEEP

    def stop(self) -> None:
        """Stop our own units one after the other, the first started first: nobody is let in while the rest finishes."""
        for watch in self.own:
            watch.unit.stop()
