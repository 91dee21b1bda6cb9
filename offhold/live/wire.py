"""Facts as bytes of an event stream. Pure; every fact is encoded once for all streams that see alike.

Form: https://html.spec.whatwg.org/multipage/server-sent-events.html. An `id` is the number of the last fact a browser
has when it got the frame, so it can go on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from offhold.kernel import jsons
from offhold.live.sight import CASE_CHANGED, Stored, addressee, audience_case, seen

# One frame is written at once: about what a transport takes before it asks to wait.
FRAME_BYTES = 48 * 1024


class Counters(msgspec.Struct, frozen=True):
    """The inbox's figures over all queues."""

    to_answer: int
    unassigned: int
    open: int
    snoozed: int


class Mine(msgspec.Struct, frozen=True):
    """How many open cases are the viewer's own and do not rest."""

    mine: int


class Frame:
    """What is written at once: `body` for a server that frames it, `chunk` as it stands in a chunked HTTP response."""

    __slots__ = ("body", "chunk")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.chunk = b"%x\r\n%b\r\n" % (len(body), body)

    def __len__(self) -> int:
        return len(self.body)


def event(name: str, data: bytes, last: int | None = None) -> Frame:
    """One event. `data` must hold no line break, which compact JSON never does."""
    number = b"" if last is None else b"id: %d\n" % last
    return Frame(b"event: %b\n%bdata: %b\n\n" % (name.encode(), number, data))


def hello(stream: str, seq: int) -> Frame:
    """The first event: the stream's name, and the number after which its facts begin."""
    return event("hello", jsons.encode({"stream": stream, "seq": str(seq)}))


def resync(reason: str) -> Frame:
    """Facts were left out: fetch the snapshot again."""
    return event("resync", jsons.encode({"reason": reason}))


def bye(reason: str) -> Frame:
    """The server ends the stream; come back in a moment."""
    return event("bye", jsons.encode({"reason": reason}))


def heartbeat(last: int) -> Frame:
    """Keeps proxies from closing a quiet stream. An `id` without data moves the browser's cursor and fires no event."""
    return Frame(b":\nid: %d\n\n" % last)


def counted(figures: Counters | Mine) -> bytes:
    """Figures as a pseudo-fact: no number, because they are true at the time of writing and replace the last ones."""
    return jsons.encode({"kind": "counters", "payload": figures})


def facts_event(items: Iterable[bytes], last: int | None = None) -> Frame:
    """A batch of encoded facts as one event."""
    return event("facts", b"[" + b",".join(items) + b"]", last)


def encoded(fact: Stored) -> bytes:
    """One fact as JSON. Its payload is passed on as it was written."""
    case = b"null" if fact.case_id is None else b'"%d"' % fact.case_id
    payload = fact.payload
    if "\n" in payload or "\r" in payload:  # legal JSON that we do not write: a line break would end the data line
        payload = payload.replace("\n", " ").replace("\r", " ")
    return b'{"seq":"%d","kind":%b,"case_id":%b,"at":"%b","payload":%b}' % (
        fact.seq,
        jsons.encode(fact.kind),
        case,
        fact.at.encode(),
        payload.encode(),
    )


def latest(facts: Sequence[Stored]) -> list[Stored]:
    """Without the states of a case that a later one in the same batch replaces."""
    newest = {fact.case_id: fact.seq for fact in facts if fact.kind == CASE_CHANGED}
    return [fact for fact in facts if fact.kind != CASE_CHANGED or newest[fact.case_id] == fact.seq]


def personal(facts: Iterable[Stored]) -> dict[int, Frame]:
    """What is for one person alone, as one event for each of them. Without an `id`: the event that moves a browser's
    cursor comes after it, so that a connection that breaks in between tells it again."""
    told: dict[int, list[bytes]] = {}
    for fact in facts:
        member = addressee(fact)
        if member is not None:
            told.setdefault(member, []).append(encoded(fact))
    return {member: facts_event(items) for member, items in told.items()}


class _Piece(NamedTuple):
    seq: int
    case_id: int | None  # None: for every screen
    data: bytes


class Batch:
    """Consecutive facts of one workspace up to number `last`, as all who see alike get them."""

    def __init__(
        self, facts: Sequence[Stored], last: int, *, sees_private: bool, counters: Counters | None = None
    ) -> None:
        visible = (seen(fact, sees_private=sees_private) for fact in latest(facts))
        self._pieces = [_Piece(f.seq, audience_case(f), encoded(f)) for f in visible if f is not None]
        self._cases = {piece.case_id for piece in self._pieces}
        self._last = last
        self._counters = counters
        self._frames: dict[int | None, tuple[Frame, ...]] = {}

    @cached_property
    def for_all(self) -> tuple[Frame, ...]:
        """The events of a stream that follows no case."""
        return self.frames(None)

    def frames(self, followed: int | None) -> tuple[Frame, ...]:
        """The events of a stream that follows this case, or none; the same bytes for each such stream."""
        key = followed if followed in self._cases else None
        found = self._frames.get(key)
        if found is None:
            found = self._frames[key] = tuple(self._build(key))
        return found

    def _build(self, followed: int | None) -> Iterable[Frame]:
        pieces = [p for p in self._pieces if p.case_id is None or p.case_id == followed]
        *full, rest = split(pieces)
        for group in full:
            yield facts_event([p.data for p in group], group[-1].seq)
        items = [p.data for p in rest]
        if self._counters is not None:
            items.append(counted(self._counters))
        if items:
            yield facts_event(items, self._last)


def split(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """In groups of at most `FRAME_BYTES`, unless a single piece is larger; at least one group, which may be empty."""
    groups: list[list[_Piece]] = [[]]
    size = 0
    for piece in pieces:
        if groups[-1] and size + len(piece.data) > FRAME_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(piece)
        size += len(piece.data)
    return groups
