"""One stream against a connection that takes nothing, little or all."""

from __future__ import annotations

import asyncio
import json

from offhold.live import stream as streams
from offhold.live import wire
from offhold.live.door import Viewer
from offhold.live.stream import Message, Stream
from offhold.live.tests.browser import EventSource


class Connection(EventSource):
    """Takes what is sent while `gate` is open; `broken` ones raise, as some servers do."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.finished = False
        self.broken = False

    async def send(self, message: Message) -> None:
        if self.broken:
            raise OSError("gone")
        if not self.gate.is_set():
            await self.gate.wait()
        self.feed(message["body"])
        self.finished = not message["more_body"]


def opened(connection: Connection) -> Stream:
    stream = Stream(connection.send, Viewer("bob", 1, 10, sees_private=True), None)
    stream.release()
    return stream


def numbered(number: int, size: int = 0) -> wire.Frame:
    return wire.facts_event([json.dumps({"kind": "x", "seq": str(number), "x": "x" * size}).encode()], number)


async def settled() -> None:
    """Let every task that can go on do so."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_connection_that_takes_all_is_written_to_at_once() -> None:
    connection = Connection()
    stream = opened(connection)
    stream.push(numbered(1), numbered(2))
    assert connection.seqs == [1, 2]  # before any task had its turn
    assert not stream.waiting


async def test_what_comes_while_the_connection_is_full_follows_in_order() -> None:
    connection = Connection()
    stream = opened(connection)
    connection.gate.clear()
    for number in range(1, 6):
        stream.push(numbered(number))
    await settled()
    assert connection.seqs == []
    assert stream.waiting
    connection.gate.set()
    await settled()
    stream.push(numbered(6))
    assert connection.seqs == [1, 2, 3, 4, 5, 6]


async def test_what_is_pushed_before_the_past_is_sent_waits_for_it() -> None:
    connection = Connection()
    stream = Stream(connection.send, Viewer("bob", 1, 10, sees_private=True), None)
    stream.push(numbered(1))
    await settled()
    assert connection.seqs == []
    stream.release()
    await settled()
    assert connection.seqs == [1]


async def test_a_reader_too_slow_for_its_buffer_is_told_to_fetch_the_snapshot() -> None:
    connection = Connection()
    stream = opened(connection)
    connection.gate.clear()
    size = streams.KEPT_BYTES // 10
    for number in range(1, 31):
        stream.push(numbered(number, size))
    connection.gate.set()
    await settled()
    stream.push(numbered(31))
    names = [event.name for event in connection.events]
    assert "resync" in names
    after = connection.events[names.index("resync") + 1 :]
    kept = [int(event.data[0]["seq"]) for event in after]
    assert kept == list(range(kept[0], 32)), "after the resync nothing may be missing"
    assert names.count("resync") == 1
    assert connection.seqs[0] == 1  # was on its way already


async def test_what_was_flushed_no_longer_counts_against_the_buffer() -> None:
    connection = Connection()
    stream = opened(connection)
    for _ in range(4):
        connection.gate.clear()
        stream.push(numbered(1), numbered(2, streams.KEPT_BYTES // 2))
        connection.gate.set()
        await settled()
    assert not connection.named("resync")


async def test_a_single_event_larger_than_the_buffer_is_a_resync_too() -> None:
    connection = Connection()
    stream = opened(connection)
    connection.gate.clear()
    stream.push(numbered(1))
    stream.push(numbered(2, streams.KEPT_BYTES + 1))
    connection.gate.set()
    await settled()
    assert [event.name for event in connection.events] == ["facts", "resync"]


async def test_the_end_comes_after_what_is_kept_and_completes_the_response() -> None:
    connection = Connection()
    stream = opened(connection)
    connection.gate.clear()
    stream.push(numbered(1), numbered(2))
    stream.end("stopping")
    stream.push(numbered(3))
    connection.gate.set()
    await settled()
    assert [event.name for event in connection.events] == ["facts", "facts", "bye"]
    assert connection.finished


async def test_the_end_of_a_stream_that_is_still_held_comes_with_its_release() -> None:
    connection = Connection()
    stream = Stream(connection.send, Viewer("bob", 1, 10, sees_private=True), None)
    stream.end("stopping")
    assert connection.events == []
    stream.release()
    await settled()
    assert [event.name for event in connection.events] == ["bye"]
    assert connection.finished


async def test_a_broken_connection_closes_the_stream_quietly() -> None:
    connection = Connection()
    stream = opened(connection)
    connection.broken = True
    stream.push(numbered(1))
    stream.push(numbered(2))
    assert not stream.open


async def test_a_connection_that_breaks_while_it_is_full_closes_the_stream_quietly() -> None:
    connection = Connection()
    stream = opened(connection)
    connection.gate.clear()
    stream.push(numbered(1), numbered(2))
    connection.broken = True
    connection.gate.set()
    await settled()
    assert not stream.open
    assert not stream.waiting
