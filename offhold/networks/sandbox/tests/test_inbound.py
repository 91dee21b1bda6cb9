"""What each kind of event becomes, as a table; the bodies are what a running network said (`record_fixtures`)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import (
    AccountEvent,
    Channel,
    Deleted,
    Edited,
    Hidden,
    Malformed,
    Posted,
    Reacted,
    Signal,
    Unsupported,
)
from offhold.networks.sandbox.inbound import parse

FIXTURES = Path(__file__).parent.parent / "fixtures"
US, DORA = (
    "a-us",
    {"id": "a-dora", "handle": "dora", "name": "Dora Whitlock", "followers": 214, "avatar": "http://x/a.png"},
)
NORTHAIR = {"id": US, "handle": "northair", "name": "Northwind Air", "followers": 1_600_000}
AT = "2026-11-22T12:00:00.123Z"
CHANNEL = Channel(1, 1, "sandbox", US, "northair", {}, {})
STATUS: dict[str, Any] = {
    "id": "s1", "visibility": "public", "author": DORA, "text": "@northair hello?", "created_at": AT, "version": 1,
    "thread": "s1", "media": [{"type": "image", "url": "http://x/p1", "alt": "A board", "width": 3, "height": 2}],
}  # fmt: skip
DIRECT: dict[str, Any] = {
    "id": "m1", "visibility": "private", "author": DORA, "recipient": NORTHAIR, "text": "K7TQ4M", "created_at": AT,
    "version": 1, "conversation": "c1",
}  # fmt: skip


def told(kind: str, **parts: Any) -> list[Signal]:
    return parse(CHANNEL, body({"id": "1", "type": kind, "at": AT, **parts}))


def body(*events: Any, **more: Any) -> bytes:
    return msgspec.json.encode({"account": US, "cursor": "1", "as_of": AT, "events": events, **more})


@pytest.mark.parametrize(
    ("reason", "to_us"), [("mention", True), ("reply", True), ("quote", True), ("thread", False), ("echo", False)]
)
def test_a_status_is_public_and_says_whether_it_addresses_us(reason: str, to_us: bool) -> None:
    [posted] = told("status.created", reason=reason, status=STATUS)
    assert isinstance(posted, Posted)
    assert (posted.audience, posted.mentions_us, posted.conversation) == ("public", to_us, "s1")
    assert posted.author.id == "a-dora"
    assert posted.author.followers == 214
    assert posted.at == datetime(2026, 11, 22, 12, 0, 0, 123_000, UTC)
    assert (posted.media[0].alt, posted.version) == ("A board", "1")


def test_a_direct_message_is_private() -> None:
    [posted] = told("direct.created", reason="direct", direct=DIRECT)
    assert isinstance(posted, Posted)
    assert (posted.audience, posted.conversation, posted.counterpart, posted.mentions_us) == (
        "private",
        "c1",
        None,
        True,
    )


def test_our_own_direct_message_names_the_other_person_and_our_key() -> None:
    echo = {**DIRECT, "author": NORTHAIR, "recipient": DORA, "client_key": "key-1"}
    [posted] = told("direct.created", reason="echo", direct=echo)
    assert isinstance(posted, Posted)
    assert posted.author.id == US
    assert posted.counterpart is not None
    assert posted.counterpart.id == "a-dora"
    assert (posted.client_key, posted.mentions_us) == ("key-1", False)


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        ("status.edited", {"status": {**STATUS, "version": 2, "edited_at": AT}}, Edited),
        ("direct.edited", {"direct": {**DIRECT, "version": 2}}, Edited),
        ("status.deleted", {"status": {"id": "s1", "deleted_at": AT}}, Deleted),
        ("direct.deleted", {"direct": {"id": "m1", "deleted_at": AT}}, Deleted),
        ("status.hidden", {"status": {**STATUS, "hidden": True}}, Hidden),
        ("status.shown", {"status": STATUS}, Hidden),
        ("status.counted", {"status": {"id": "s1", "counts": {"likes": 3}}}, Reacted),
        ("account.token_revoked", {}, AccountEvent),
        ("account.suspended", {}, AccountEvent),
        ("account.renamed", {"detail": "newname"}, AccountEvent),
        ("account.followed", {"by": {"id": "a"}}, Unsupported),
        ("status.resonated", {"resonance": {"depth": 3}}, Unsupported),
        ("weather.changed", {}, Unsupported),
    ],
)
def test_every_kind_of_event(kind: str, parts: dict[str, Any], expected: type) -> None:
    [signal] = told(kind, **parts)
    assert isinstance(signal, expected)
    told_of = {"status": "public", "direct": "private"}.get(kind.partition(".")[0])
    assert getattr(signal, "audience", told_of) == told_of, "a number of statuses may be one of direct messages too"


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("status.created", {}),
        ("status.created", {"status": {**STATUS, "visibility": "private"}}),  # an audience that contradicts its place
        ("status.created", {"status": DIRECT}),
        ("direct.created", {"direct": {**DIRECT, "visibility": "public"}}),
        ("direct.created", {"direct": STATUS}),
        ("status.created", {"status": {**STATUS, "id": ""}}),
        ("status.created", {"status": {**STATUS, "id": 7}}),
        ("status.created", {"status": {**STATUS, "created_at": "yesterday"}}),
        ("status.created", {"status": {**STATUS, "author": None}}),
        ("status.deleted", {"status": {"id": "s1"}}),
    ],
)
def test_what_the_network_does_not_promise_is_malformed(kind: str, parts: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        told(kind, **parts)


def test_a_body_for_another_account_is_malformed() -> None:
    with pytest.raises(Malformed, match="another account"):
        parse(CHANNEL, msgspec.json.encode({"account": "a-other", "events": []}))


def test_fields_nobody_has_heard_of_are_ignored() -> None:
    drifted = {"x_new": 1, **STATUS, "author": {**DORA, "x": []}, "x_score": 0.5}
    assert told("status.created", status=drifted, x_rollout={}) == told("status.created", status=STATUS)


def test_a_nul_character_is_left_out_and_a_written_one_stays() -> None:
    [posted] = told("status.created", status={**STATUS, "text": "a\x00b \\u0000"})
    assert isinstance(posted, Posted)
    assert posted.text == "ab \\u0000"


def test_a_thread_read_again_finds_mentions_by_itself() -> None:
    statuses = [STATUS, {**STATUS, "id": "s2", "text": "me too", "thread": "s1"}, {"id": "s3", "deleted_at": AT}]
    first, second, third = parse(CHANNEL, msgspec.json.encode({"account": US, "thread": "s1", "statuses": statuses}))
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert (first.mentions_us, second.mentions_us) == (True, False)
    assert third == Deleted("s3", datetime(2026, 11, 22, 12, 0, 0, 123_000, UTC), "public")


def test_the_recorded_page_holds_every_kind() -> None:
    page = (FIXTURES / "page.json").read_bytes()
    account = msgspec.json.decode(page)["account"]
    signals = parse(Channel(1, 1, "sandbox", account, "northair", {}, {}), page)
    assert {type(s) for s in signals} == {Posted, Edited, Deleted, Reacted, AccountEvent, Unsupported}
    ours = [s for s in signals if isinstance(s, Posted) and s.author.id == account]
    assert {s.client_key for s in ours} == {"0190f1c2-public", "0190f1c2-direct", "0190f1c2-picture"}
