from __future__ import annotations

import msgspec
import pytest

from offhold.connectors.contract import Answer, OutcomeUnknown, RateLimited
from offhold.networks.bluesky.tests.scripted import no, ok
from offhold.networks.bluesky.xrpc import Declined, address, network_time, read, retry_after

DATE = "Sun, 22 Nov 2026 12:00:00 GMT"
NOON = 1795348800


class Thing(msgspec.Struct):
    name: str


def test_a_list_parameter_is_repeated_and_escaped() -> None:
    url = address("https://pds.example", "app.bsky.feed.getPosts", [("uris", "at://did:plc:a/x/1"), ("uris", "b&c")])
    assert url == "https://pds.example/xrpc/app.bsky.feed.getPosts?uris=at%3A%2F%2Fdid%3Aplc%3Aa%2Fx%2F1&uris=b%26c"


def test_a_good_answer_is_typed() -> None:
    assert read(ok({"name": "x", "unknown": 1}), Thing) == Thing("x")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413])
def test_a_no_is_declined_by_name(status: int) -> None:
    with pytest.raises(Declined) as declined:
        read(no("RecordNotFound", "Could not locate record", status=status), Thing)
    assert (declined.value.error, declined.value.code) == ("RecordNotFound", "RecordNotFound")
    assert str(declined.value) == "Could not locate record"


def test_a_no_from_something_else_on_the_way_is_declined_too() -> None:
    with pytest.raises(Declined) as declined:
        read(Answer(403, {}, b"<html>Forbidden", ""), Thing)
    assert declined.value.code == "refused"
    assert "403" in str(declined.value)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, {}, b"", ""),
        Answer(502, {}, b'{"error":"UpstreamFailure"}', ""),
        Answer(408, {}, b"", ""),
        Answer(302, {}, b"", ""),
        Answer(200, {}, b"<html>", ""),
        Answer(200, {}, b"{}", ""),
        Answer(200, {}, b"[" * 100_000, ""),
    ],
)
def test_anything_else_is_an_unknown_outcome(answer: Answer) -> None:
    with pytest.raises(OutcomeUnknown):
        read(answer, Thing)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"ratelimit-reset": str(NOON + 90), "date": DATE}, 90),
        ({"ratelimit-reset": str(NOON - 90), "date": DATE}, 1),
        ({"ratelimit-reset": str(NOON + 10**9), "date": DATE}, 3600),
        ({"ratelimit-reset": str(NOON + 90)}, 60),
        ({"ratelimit-reset": "soon", "date": "today"}, 60),
        ({}, 60),
    ],
)
def test_too_often_says_how_long_to_wait_by_the_servers_own_clock(headers: dict[str, str], seconds: float) -> None:
    with pytest.raises(RateLimited) as limited:
        read(Answer(429, headers, b"", ""), Thing)
    assert limited.value.retry_after == seconds
    assert retry_after(Answer(429, headers, b"", "")) == seconds


def test_the_servers_clock() -> None:
    assert network_time(ok({}, date=DATE)) == NOON
    assert network_time(ok({})) is None
