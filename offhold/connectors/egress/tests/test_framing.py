from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.connectors.contract import OutcomeUnknown
from offhold.connectors.egress.framing import LONGEST_FRAME, framer

EVENTS = b': hello\r\n\r\nevent: post\r\nid: 7\r\ndata: {"a":1}\r\n\r\ndata:x\ndata: y\n\ndata: cut off'
LINES = b'{"a":1}\n\n\r\n{"b":2}\r\n{"cut'


def pieces(raw: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(c % (len(raw) + 1) for c in cuts), len(raw)]
    return [raw[a:b] for a, b in pairwise(edges)]


@given(st.lists(st.integers(0, 10_000), max_size=8))
def test_where_the_chunks_are_cut_does_not_matter(cuts: list[int]) -> None:
    events, lines = framer("text/event-stream; charset=utf-8"), framer("application/x-ndjson")
    assert [f for c in pieces(EVENTS, cuts) for f in events.feed(c)] == [b'{"a":1}', b"x\ny"]
    assert [f for c in pieces(LINES, cuts) for f in lines.feed(c)] == [b'{"a":1}', b'{"b":2}']


@pytest.mark.parametrize("kind", ["text/event-stream", "application/json"])
def test_a_line_without_end_is_cut_off(kind: str) -> None:
    with pytest.raises(OutcomeUnknown, match="longer"):
        list(framer(kind).feed(b"x" * (LONGEST_FRAME + 1)))


def test_an_event_without_end_is_cut_off() -> None:
    events = framer("text/event-stream")
    half = b"data:" + b"x" * (LONGEST_FRAME // 2 + 1) + b"\n"
    assert list(events.feed(half)) == []
    with pytest.raises(OutcomeUnknown, match="longer"):
        list(events.feed(half))
