"""Cuts a byte stream into frames: `text/event-stream` data, or newline-delimited JSON. Pure.

Heartbeats (empty lines, comments) make no frame; they only show that the stream is alive.
"""

from __future__ import annotations

from collections.abc import Iterator

from offhold.connectors.contract import OutcomeUnknown

LONGEST_FRAME = 1_000_000  # bytes


class Lines:
    """Complete lines of a stream, without the line end (`\\n` or `\\r\\n`)."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > LONGEST_FRAME:
            raise OutcomeUnknown(f"the stream sent a line longer than {LONGEST_FRAME} bytes")
        return (line.removesuffix(b"\r") for line in whole)


class JsonLines:
    def __init__(self) -> None:
        self._lines = Lines()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        return (line for line in self._lines.feed(chunk) if line.strip())


class EventData:
    """The `data` of each server-sent event; an event's several data lines are joined as its specification says."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        for line in self._lines.feed(chunk):
            if line.startswith(b"data:"):
                self._keep(line[5:].removeprefix(b" "))
            elif not line and self._data:
                yield b"\n".join(self._data)
                self._data, self._size = [], 0

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > LONGEST_FRAME:
            raise OutcomeUnknown(f"the stream sent an event longer than {LONGEST_FRAME} bytes")
        self._data.append(part)


def framer(content_type: str) -> JsonLines | EventData:
    return EventData() if content_type.partition(";")[0].strip().lower() == "text/event-stream" else JsonLines()
