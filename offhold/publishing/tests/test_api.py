"""Replies over real HTTP: two doors, what each takes, and what it answers."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from offhold.publishing.tests.world import Move, World
from tests.support.site import Browser, Member, signed_in


@pytest.fixture
def bob(site: str, world: World) -> Browser:
    return signed_in(site, Member(world.company, "agent"))


def public_body(world: World, case: int, **changes: Any) -> dict[str, Any]:
    return {
        "client_key": str(uuid.uuid4()),
        "text": "It is in Lisbon.",
        "before": {"written_as": "public"},
        "in_reply_to": str(world.newest(case)),
        "seen_version": world.version(case),
    } | changes


def direct_body(world: World, case: int, **changes: Any) -> dict[str, Any]:
    to = world.recipient(case)
    return {
        "client_key": str(uuid.uuid4()),
        "text": "XK7QP2 is in Lisbon.",
        "before": {"written_as": "private"},
        "to_identity": str(to.identity_id),
        "in_reply_to": None if to.message_id is None else str(to.message_id),
        "seen_version": world.version(case),
    } | changes


def test_a_public_reply_is_taken_and_sent(world: World, bob: Browser) -> None:
    case = world.asked_in_public()
    body = public_body(world, case)
    answer = bob.post(f"/api/cases/{case}/public-replies", json=body)
    assert answer.status_code == 202, answer.text
    reply = answer.json()["reply"]
    assert (reply["type"], reply["audience"], reply["state"]) == ("reply", "public", "intent")
    assert (reply["text"], reply["client_key"], reply["error"]) == (body["text"], body["client_key"], None)
    again = bob.post(f"/api/cases/{case}/public-replies", json=body)
    assert (again.status_code, again.json()["reply"]["id"]) == (202, reply["id"])
    with world.sending():
        world.until(int(reply["id"]), "sent")
    assert world.network.published("public") == [body["text"]]


def test_a_direct_reply_is_taken_and_sent(world: World, bob: Browser) -> None:
    case = world.asked_in_private()
    answer = bob.post(f"/api/cases/{case}/direct-replies", json=direct_body(world, case))
    assert answer.status_code == 202, answer.text
    assert answer.json()["reply"]["audience"] == "private"
    with world.sending():
        world.until(int(answer.json()["reply"]["id"]), "sent")
    assert world.network.published("public") == []


def test_news_is_answered_with_what_came(world: World, bob: Browser) -> None:
    case = world.asked_in_public()
    body = public_body(world, case)
    world.network.post("Found it!", by="dora")
    world.hear()
    answer = bob.post(f"/api/cases/{case}/public-replies", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert [item["text"] for item in answer.json()["params"]["what"]] == ["Found it!"]
    seen = body | {"seen_version": answer.json()["params"]["case_version"]}
    assert bob.post(f"/api/cases/{case}/public-replies", json=seen).status_code == 202


def test_words_meant_for_somebody_else_are_answered_with_whom_they_would_reach(world: World, bob: Browser) -> None:
    dora, emil = world.asked_in_private(by="dora"), world.asked_in_private(by="emil")
    shown = bob.get(f"/api/cases/{dora}").json()["lanes"]["direct"]
    body = direct_body(world, dora, **{name: direct_body(world, emil)[name] for name in ("to_identity", "in_reply_to")})
    answer = bob.post(f"/api/cases/{dora}/direct-replies", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "recipient_changed")
    assert answer.json()["params"] == {"lane": shown}
    assert world.one("SELECT count(*) FROM direct_replies") == (0,)
    named = body | {name: shown[name] for name in ("to_identity", "in_reply_to")}
    assert bob.post(f"/api/cases/{dora}/direct-replies", json=named).status_code == 202


@pytest.mark.parametrize("missing", ["to_identity", "in_reply_to"])
def test_nothing_is_said_to_one_person_without_naming_them(world: World, bob: Browser, missing: str) -> None:
    case = world.asked_in_private()
    body = {name: value for name, value in direct_body(world, case).items() if name != missing}
    assert bob.post(f"/api/cases/{case}/direct-replies", json=body).status_code == 422


@pytest.mark.parametrize("extra", [{"audience": "private"}, {"recipient_id": "acct-erik"}])
def test_the_direct_door_takes_neither_audience_nor_recipient(
    world: World, bob: Browser, extra: dict[str, str]
) -> None:
    case = world.asked_in_private()
    answer = bob.post(f"/api/cases/{case}/direct-replies", json=direct_body(world, case, **extra))
    assert answer.status_code == 422
    assert world.one("SELECT count(*) FROM direct_replies") == (0,)


def test_the_public_door_takes_no_audience(world: World, bob: Browser) -> None:
    case = world.asked_in_public()
    body = public_body(world, case, audience="public")
    assert bob.post(f"/api/cases/{case}/public-replies", json=body).status_code == 422


def test_what_authors_let_stand_is_shown_to_leads_alone(world: World, site: str, bob: Browser) -> None:
    assert bob.get("/api/publishing/offers").status_code == 403
    assert signed_in(site, Member(world.company, "lead")).get("/api/publishing/offers").json() == {"offers": []}


def test_an_observer_has_no_door(world: World, site: str) -> None:
    case = world.asked_in_public()
    browser = signed_in(site, Member(world.company, "observer"))
    assert browser.post(f"/api/cases/{case}/public-replies", json=public_body(world, case)).status_code == 403
    assert browser.post(f"/api/cases/{case}/direct-replies", json=direct_body(world, case)).status_code == 403


def test_another_companys_case_is_not_there(world: World, bob: Browser) -> None:
    other = World()
    case = other.asked_in_public()
    assert bob.post(f"/api/cases/{case}/public-replies", json=public_body(other, case)).status_code == 404
    assert bob.post(f"/api/cases/{case}/direct-replies", json=direct_body(other, case)).status_code == 404


def test_a_person_decides(world: World, bob: Browser, clock_offset: Move) -> None:
    world.network.fail("fail_before")
    reply = world.say(world.asked_in_public())
    path = f"/api/public-replies/{reply}/decide"
    assert bob.post(path, json={"decision": "give_up"}).json()["code"] == "not_waiting"
    with world.sending():
        world.to_the_end(reply, clock_offset)
    assert bob.post(f"/api/direct-replies/{reply}/decide", json={"decision": "give_up"}).status_code == 404
    assert bob.post(path, json={"decision": "hope"}).status_code == 422
    answer = bob.post(path, json={"decision": "give_up"})
    assert (answer.status_code, answer.json()["reply"]["state"]) == (200, "cancelled")
