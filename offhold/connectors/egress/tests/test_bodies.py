from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from offhold.connectors.egress.bodies import Body, TooLarge, Unreadable


def read(raw: bytes, encoding: str = "", limit: int = 100, step: int = 7) -> bytes:
    body = Body(encoding, limit)
    for at in range(0, len(raw), step):
        body.add(raw[at : at + step])
    return body.finish()


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("", bytes), ("identity", bytes), ("gzip", gzip.compress), ("GZIP ", gzip.compress), ("deflate", zlib.compress)],
)
@pytest.mark.parametrize("plain", [b"", b"hello", b"x" * 100])
def test_a_body_within_the_limit_is_read(encoding: str, encode, plain: bytes) -> None:  # type: ignore[no-untyped-def]
    assert read(encode(plain), encoding) == plain


@pytest.mark.parametrize(("encoding", "encode"), [("", bytes), ("gzip", gzip.compress)])
def test_one_byte_too_many_is_too_large(encoding: str, encode) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TooLarge):
        read(encode(b"x" * 101), encoding)


def test_a_bomb_is_defused_before_it_fills_memory() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    body = Body("gzip", 1000)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            body.add(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("encoding", "raw"),
    [
        ("gzip", b"not gzip at all"),
        ("gzip", gzip.compress(b"hello")[:-3]),
        ("gzip", gzip.compress(b"hello") + gzip.compress(b"more")),
        ("br", b"x"),
        ("zstd", b"x"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x"))),
    ],
    # not the bytes: they hold the second in which they were packed, and the processes of a run must agree on the names
    ids=["no gzip", "cut off", "two in one", "unknown", "unknown too", "twice"],
)
def test_what_cannot_be_decoded_is_said_so(encoding: str, raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw, encoding)


def test_no_body_needs_no_decoding() -> None:
    assert read(b"", "gzip") == b""
