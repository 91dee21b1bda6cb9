"""What an answer to a write means, as a table: the class of the error alone decides what happens next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from offhold.connectors.contract import (
    Absent,
    Answer,
    CannotTell,
    DeliveryError,
    Found,
    LoginExpired,
    OutcomeUnknown,
    RateLimited,
    Refused,
)
from offhold.networks.sandbox.outbound import Listed, Sent, found, not_there, receipt, refusal

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HTML = b"<!doctype html><h1>Over capacity</h1>"


def answer(status: int, body: object = b"", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, content, "http://127.0.0.1:1/x")


def error(code: str) -> dict[str, dict[str, str]]:
    return {"error": {"code": code, "message": "Words for a person."}}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(400, error("bad_request")), Refused),
        (answer(403, error("suspended")), Refused),
        (answer(404, error("not_found")), Refused),
        (answer(422, error("too_long")), Refused),
        (answer(403, error("duplicate")), OutcomeUnknown),  # it may have been our own first try
        (answer(409, error("key_reused")), OutcomeUnknown),
        (answer(401, error("expired_token")), LoginExpired),
        (answer(401, HTML), LoginExpired),
        (answer(429, error("rate_limited"), retry_after="7"), RateLimited),
        (answer(429, HTML), RateLimited),
        (answer(404, HTML), OutcomeUnknown),  # not this network's own word
        (answer(403, b'{"error":'), OutcomeUnknown),
        (answer(500, error("internal")), OutcomeUnknown),
        (answer(503), OutcomeUnknown),
        (answer(302, location="/elsewhere"), OutcomeUnknown),
        (answer(200, error("internal")), OutcomeUnknown),
        (answer(200, HTML), OutcomeUnknown),
        (answer(201, b'{"id":"s1","visib'), OutcomeUnknown),
        (answer(201, {"id": "", "created_at": "2026-11-22T12:00:00Z"}), OutcomeUnknown),
        (answer(204), OutcomeUnknown),
    ],
)
def test_what_an_answer_means(given: Answer, expected: type[DeliveryError]) -> None:
    with pytest.raises(DeliveryError) as raised:
        receipt(given)
    assert type(raised.value) is expected


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 1.0), ("86400", 3600.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 60.0), (None, 60.0)],
)
def test_how_long_to_wait(header: str | None, seconds: float) -> None:
    limited = refusal(answer(429, error("rate_limited"), **({"retry_after": header} if header else {})))
    assert isinstance(limited, RateLimited)
    assert limited.retry_after == seconds


@pytest.mark.parametrize(
    ("stated", "audience"), [("public", "public"), ("private", "private"), ("friends", None), (None, None)]
)
def test_the_audience_is_what_the_network_states(stated: str | None, audience: str | None) -> None:
    body = {"id": "s1", "created_at": "2026-11-22T13:00:00+01:00", "thread": "s0", "visibility": stated}
    sent = receipt(answer(201, body))
    assert (sent.audience, sent.at, sent.conversation) == (audience, NOW, "s0")


def test_a_direct_message_is_in_the_conversation_that_the_network_states() -> None:
    body = {"id": "m1", "created_at": "2026-11-22T12:00:00Z", "conversation": "c0", "visibility": "private"}
    assert receipt(answer(201, body)).conversation == "c0"


def listed(lag: float, ago: float = 0.0) -> Listed:
    now = NOW - timedelta(seconds=ago)
    return Listed(as_of=now - timedelta(seconds=lag), now=now, cursor="1", more=False)


def test_absent_needs_a_complete_and_fresh_look() -> None:
    sent_at = NOW - timedelta(seconds=60)
    assert not_there(listed(lag=0), sent_at) == Absent()
    assert isinstance(not_there(listed(lag=6), sent_at), CannotTell)
    assert isinstance(not_there(listed(lag=0, ago=60), sent_at), CannotTell)
    assert isinstance(not_there(listed(lag=0, ago=90), sent_at), CannotTell)


def test_found_goes_by_our_key_alone_and_a_tombstone_counts() -> None:
    items = [Sent("s1", NOW, "public", client_key="other"), Sent("s2", NOW, "public", NOW, client_key="ours")]
    hit = found("ours", items)
    assert isinstance(hit, Found)
    assert hit.receipt.network_id == "s2"
    assert found("nobody's", items) is None
