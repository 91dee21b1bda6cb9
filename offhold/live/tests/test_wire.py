"""Bytes on the wire, read back as a browser reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from offhold.live import wire
from offhold.live.sight import CASE_CHANGED, FOR_EVERY_SCREEN, Stored
from offhold.live.tests.browser import AT, EventSource, fact
from offhold.live.wire import Batch, Counters, Frame


def read(*frames: Frame) -> EventSource:
    page = EventSource()
    for frame in frames:
        page.feed(frame.body)
    return page


def test_a_fact_reads_back_as_it_was_stored() -> None:
    text = 'Ünïcode \u2028 "quoted" \\ and \U0001f6c4'
    page = read(*Batch([fact(5, "message.posted", 7, message={"text": text})], 9, sees_private=True).frames(7))
    assert page.facts == [
        {"seq": "5", "kind": "message.posted", "case_id": "7", "at": AT, "payload": {"message": {"text": text}}}
    ]
    assert page.last_id == "9"


def test_a_payload_with_line_breaks_stays_one_event() -> None:
    stored = Stored(1, "channel.changed", None, False, '{\n "text":\r\n "a\\nb"}', AT)
    assert read(*Batch([stored], 1, sees_private=True).frames(None)).facts[0]["payload"] == {"text": "a\nb"}


def test_only_who_follows_a_case_gets_its_timeline_and_all_in_order() -> None:
    facts = [fact(1), fact(2, "message.posted", 7), fact(3, "message.posted", 8), fact(4, "channel.changed", None)]
    batch = Batch(facts, 4, sees_private=True)
    assert read(*batch.frames(7)).seqs == [1, 2, 4]
    assert read(*batch.frames(8)).seqs == [1, 3, 4]
    assert read(*batch.frames(None)).seqs == [1, 4]


def test_streams_that_see_alike_share_the_bytes() -> None:
    batch = Batch([fact(1), fact(2, "message.posted", 7)], 2, sees_private=True)
    assert batch.frames(None)[0] is batch.frames(99)[0]
    assert batch.frames(7)[0] is batch.frames(7)[0]


def test_nothing_visible_is_no_event() -> None:
    assert Batch([fact(1, "message.posted", 7)], 1, sees_private=True).frames(None) == ()


def test_figures_end_a_batch_and_go_alone_where_nothing_else_is_visible() -> None:
    figures = Counters(to_answer=3, unassigned=2, open=5, snoozed=1)
    page = read(*Batch([fact(1, "message.posted", 7)], 1, sees_private=True, counters=figures).frames(None))
    assert page.counters == [{"to_answer": 3, "unassigned": 2, "open": 5, "snoozed": 1}]
    assert page.last_id == "1"


def test_a_heartbeat_moves_the_cursor_and_is_no_event() -> None:
    page = read(wire.heartbeat(12))
    assert (page.events, page.last_id) == ([], "12")


def test_much_at_once_is_several_events_each_with_its_own_number() -> None:
    facts = [fact(seq, "channel.changed", None, text="x" * 10_000) for seq in range(1, 21)]
    frames = Batch(facts, 25, sees_private=True).frames(None)
    assert len(frames) > 1
    assert all(len(frame) < wire.FRAME_BYTES + 12_000 for frame in frames)
    page = read(*frames)
    assert page.seqs == list(range(1, 21))
    assert page.last_id == "25"
    assert [event.last_id for event in page.events[:-1]] == [event.data[-1]["seq"] for event in page.events[:-1]]


KINDS = st.sampled_from(["case.changed", "message.posted", "channel.changed", "note.added", "unknown.kind"])


@st.composite
def logs(draw: st.DrawFn) -> list[Stored]:
    """A workspace's facts, some of them large, of few cases so that states replace one another."""
    drawn = draw(st.lists(st.tuples(KINDS, st.sampled_from([None, 7, 8]), st.sampled_from([10, 20_000])), max_size=30))
    facts = []
    for seq, (kind, case_id, size) in enumerate(drawn, 1):
        fields = {"case": {"x": "x" * size}} if kind == CASE_CHANGED else {"x": "x" * size}
        facts.append(Stored(seq, kind, case_id, False, json.dumps(fields), AT))
    return facts


def in_ticks(facts: Sequence[Stored], cuts: Sequence[int], after: int, followed: int | None) -> list[Frame]:
    """The events of a stream that has all up to `after`, when the log is read up to each of these numbers in turn."""
    frames: list[Frame] = []
    for cut in [*sorted(c for c in set(cuts) if after < c < len(facts)), len(facts)]:
        tick = [fact for fact in facts if after < fact.seq <= cut]
        frames += Batch(tick, cut, sees_private=True).frames(followed) if tick else ()
        after = cut
    return frames


@given(log=logs(), first=st.lists(st.integers(1, 30)), second=st.lists(st.integers(1, 30)), data=st.data())
def test_a_stream_cut_anywhere_goes_on_without_loss_or_double(
    log: list[Stored], first: list[int], second: list[int], data: st.DataObject
) -> None:
    before = in_ticks(log, first, 0, 7)
    arrived = data.draw(st.integers(0, len(before)))
    page = read(*before[:arrived])
    for frame in in_ticks(log, second, int(page.last_id or 0), 7):
        page.feed(frame.body)

    assert page.seqs == sorted(set(page.seqs))
    due = [f for f in log if (f.kind in FOR_EVERY_SCREEN) or f.case_id == 7]
    got = set(page.seqs)
    for missing in (f for f in due if f.seq not in got):
        replaced = [f for f in due if f.kind == CASE_CHANGED and f.case_id == missing.case_id and f.seq > missing.seq]
        assert missing.kind == CASE_CHANGED, "only a state of a case may be left out"
        assert replaced, "and only when a later one came"
        assert replaced[-1].seq in got
    assert got <= {f.seq for f in due}
