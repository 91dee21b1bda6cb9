"""What may be asked, and what hostile input becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.kernel.errors import Invalid
from offhold.live.request import Wanted, followed_case, headers_of, number, of_stream, wanted


@pytest.mark.parametrize(
    ("query", "last_event_id", "expected"),
    [
        (b"", None, Wanted(None, None, strange=False)),
        (b"after=&case=", "", Wanted(None, None, strange=False)),
        (b"after=12", None, Wanted(12, None, strange=False)),
        (b"after=12&case=7", None, Wanted(12, 7, strange=False)),
        (b"after=12&case=7", "30", Wanted(30, 7, strange=False)),
        (b"after=0", None, Wanted(0, None, strange=False)),
        (b"after=12", "abc", Wanted(None, None, strange=True)),
        (b"after=-1", None, Wanted(None, None, strange=True)),
        (b"after=%2B1", None, Wanted(None, None, strange=True)),
        (b"after=1.0", None, Wanted(None, None, strange=True)),
        (b"after=1180591620717411303424", None, Wanted(None, None, strange=True)),
        (b"after=9223372036854775808", None, Wanted(None, None, strange=True)),
        (b"after=9223372036854775807", None, Wanted(2**63 - 1, None, strange=False)),
        ("after=１２".encode(), None, Wanted(None, None, strange=True)),
        (b"after=1", "1' OR 1=1 --", Wanted(None, None, strange=True)),
    ],
)
def test_what_a_stream_is_asked_for(query: bytes, last_event_id: str | None, expected: Wanted) -> None:
    assert wanted(query, last_event_id) == expected


@pytest.mark.parametrize("query", [b"case=x", b"case=-7", b"case=1180591620717411303424", b"case=1&case=2",
                                   b"after=1&after=2", b"case=%00", b"case=*", b"case=>"])  # fmt: skip
def test_what_no_stream_can_be_asked_for(query: bytes) -> None:
    with pytest.raises(Invalid):
        wanted(query, None)


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=50)))
def test_any_bytes_are_an_answer_or_a_refusal(query: bytes, last_event_id: str | None) -> None:
    try:
        asked = wanted(query, last_event_id)
    except Invalid:
        return
    assert asked.after is None or 0 <= asked.after < 2**63
    assert not (asked.strange and asked.after is not None)


@pytest.mark.parametrize(
    ("body", "case_id"),
    [(b'{"case_id": "7"}', 7), (b'{"case_id": null}', None), (b'{"case_id":"9223372036854775807"}', 2**63 - 1)],
)
def test_which_case_to_follow(body: bytes, case_id: int | None) -> None:
    assert followed_case(body) == case_id


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[]", b'{"case_id": 7}', b'{"case_id": ""}',
                                  b'{"case_id": "x"}',
                                  b'{"case_id": ["7"]}', b'{"case_id": "7", "workspace_id": "2"}', b"\xff", b"[" * 4000,
                                  b'{"case_id": "9223372036854775808"}'])  # fmt: skip
def test_what_cannot_be_followed(body: bytes) -> None:
    with pytest.raises(Invalid):
        followed_case(body)


@pytest.mark.parametrize(
    ("path", "stream"),
    [
        ("/live/streams/abcdefghijklmnopqrstuv/follow", "abcdefghijklmnopqrstuv"),
        ("/live/streams/abcdefghijklmnopqrstuv/follow/", None),
        ("/live/streams/abcdefghijklmnopqrstuv/follow\n", None),
        ("/live/streams/abcdefghijklmnopqrstu/follow", None),
        ("/live/streams/../../abcdefghijklmnop/follow", None),
        ("/live/streams//follow", None),
        ("/live/stream", None),
    ],
)
def test_which_stream_a_path_names(path: str, stream: str | None) -> None:
    assert of_stream(path) == (None if stream is None else (stream, "follow"))


def test_a_repeated_header_counts_once() -> None:
    assert headers_of({"headers": [(b"Host", b"ours"), (b"host", b"theirs")]}) == {"host": "ours"}


@pytest.mark.parametrize("text", ["", " 1", "1 ", "٣", "1_000", "0x1", "1e3", "²"])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None
