"""A process full of open inboxes: follows every case on every screen, and tells when each message came into sight.

A message is in sight when a screen's row of its case shows it, or a later one of the same customer.
"""

from __future__ import annotations

import re
import selectors
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple

from bench.live_readers import Stream
from bench.processes import beside

_CASE = re.compile(rb'"case":\{"id":"(\d+)","reference":"[^"]+","version":(\d+)')
_SHOWN = re.compile(rb'"snippet":"m(\d+) ')


class Sighted(NamedTuple):
    """`numbers[i]` came into sight at `times[i]` (monotonic nanoseconds), once for each screen that shows it.

    `missing`: sights still to come; `double`: rows shown again or older than what the screen had;
    `cut`: streams that ended, or were told to fetch anew.
    """

    numbers: Sequence[int]
    times: Sequence[int]
    missing: int
    double: int
    cut: int


class _Screen(Stream):
    def __init__(self, port: int, request: bytes, company: int) -> None:
        super().__init__(port, request)
        self.company = company
        self.seen: set[int] = set()
        self.versions: dict[bytes, int] = {}


class _Screens:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._selector = selectors.DefaultSelector()
        self._selector.register(pipe.fileno(), selectors.EVENT_READ)
        self._screens: list[_Screen] = []
        self._earlier = array("q")
        self._numbers, self._times = array("q"), array("q")
        self._missing = self._double = self._cut = 0

    def serve(self) -> None:
        """Read until the bench ends us."""
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    self._read(key.data)
                else:
                    self._pipe.send(self._told(*self._pipe.recv()))

    def _told(self, what: str, *arguments: Sequence[int]) -> Sighted | int | None:
        if what == "open":
            self._open(*arguments)  # type: ignore[arg-type]
        elif what == "expect":
            self._expect(*arguments)
        elif what == "missing":
            return self._missing
        else:
            return self._sighted()
        return None

    def _open(self, port: int, requests: Sequence[tuple[int, bytes]]) -> None:
        for company, request in requests:
            screen = _Screen(port, request, company)
            screen.start()
            self._selector.register(screen.socket, selectors.EVENT_READ, screen)
            self._screens.append(screen)

    def _expect(self, companies: Sequence[int], earlier: Sequence[int]) -> None:
        """Messages numbered on from those before: whose they are, and the same customer's one before each."""
        self._earlier.extend(earlier)
        screens = [screen.company for screen in self._screens]
        each = {company: screens.count(company) for company in set(screens)}
        self._missing += sum(each.get(company, 0) for company in companies)

    def _read(self, screen: _Screen) -> None:
        data = screen.socket.recv(1 << 20)
        now = time.monotonic_ns()
        if not data:
            self._selector.unregister(screen.socket)
            self._cut += 1
            return
        whole, found, rest = (screen.rest + data).rpartition(b"\n\n")
        screen.rest = rest if found else whole + rest
        self._cut += whole.count(b"event: resync")
        for case, version in _CASE.findall(whole):
            self._double += int(version) <= screen.versions.get(case, 0)
            screen.versions[case] = int(version)
        for number in _SHOWN.findall(whole):
            self._sight(screen, int(number), now)

    def _sight(self, screen: _Screen, number: int, now: int) -> None:
        while number >= 0 and number not in screen.seen:
            screen.seen.add(number)
            self._numbers.append(number)
            self._times.append(now)
            self._missing -= 1
            number = self._earlier[number]

    def _sighted(self) -> Sighted:
        sighted = Sighted(self._numbers, self._times, self._missing, self._double, self._cut)
        self._numbers, self._times = array("q"), array("q")
        return sighted


def _child(pipe: Connection) -> None:
    _Screens(pipe).serve()


class Screens:
    """The process as the bench steers it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def open(self, port: int, requests: Sequence[tuple[int, bytes]]) -> None:
        """Open streams, each given with the number of its company."""
        self._ask("open", port, requests)

    def expect(self, companies: Sequence[int], earlier: Sequence[int]) -> None:
        """Say what will be sent next, by number: the company, and the same customer's message before."""
        self._ask("expect", companies, earlier)

    def drained(self, seconds: float) -> bool:
        """Wait until everything expected is in sight; False when it was not in time."""
        until = time.monotonic() + seconds
        while self._ask("missing"):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def sighted(self) -> Sighted:
        """What came into sight since this was asked last; the counts are since the beginning."""
        found = self._ask("sighted")
        assert isinstance(found, Sighted)
        return found

    def _ask(self, *words: object) -> object:
        self._pipe.send(words)
        answer: object = self._pipe.recv()
        return answer


@contextmanager
def screens() -> Iterator[Screens]:
    """The process, for the length of a block."""
    with beside(_child) as pipe:
        yield Screens(pipe)
