"""Dora asks in public and in private; the company answers each where it belongs, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.town import Town, town, until
from tests.support.database import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stage(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(database_server.copy(), tmp_path_factory.mktemp("town")) as made:
        yield made


def the_case_of(stage: Town, handle: str, messages: int) -> Any:
    """Alice's page of somebody's one case, once it holds so many messages."""
    alice = stage.cast["alice"]

    def there() -> Any:
        rows = [row for row in alice.cases() if row["identity"]["handle"] == handle]
        assert len(rows) <= 1, "one customer, one case"
        return rows and rows[0]["messages"] >= messages and alice.case(rows[0]["id"])

    return until(there, 30, what=f"{messages} messages of {handle}")


def test_dora_is_answered_in_public_and_in_private(stage: Town) -> None:
    alice, bob, oscar = (stage.cast[name] for name in ("alice", "bob", "oscar"))

    # Dora posts where everyone reads it, and writes her booking where only the company does. It is one matter.
    stage.joins("dora")
    stage.posts("dora", "NW482 is cancelled and nobody answers the phone. How do I get home?")
    stage.writes("dora", "My booking is K7TQ4M, two adults.")
    page = the_case_of(stage, "dora", 2)
    case = page["case"]["id"]
    assert page["case"]["audiences"] == ["public", "private"]
    assert [audience for _, audience, _ in alice.said(case)] == ["public", "private"]

    # The channel was connected this morning: it watches, and cannot send before somebody says so.
    assert (page["lanes"]["public"]["open"], page["lanes"]["direct"]["open"]) == (False, False)
    alice.answers_publicly(page, "Too early.", expected=409)
    bob.answers_directly(page, "Too early.", expected=409)
    stage.may_send()
    page = alice.case(case)
    assert (page["lanes"]["public"]["open"], page["lanes"]["direct"]["open"]) == (True, True)

    # Alice answers everyone with what everyone may know, and Dora alone with what is hers.
    alice.answers_publicly(page, "We are sorry, Dora. We have written to you. ^AL")
    until(lambda: len(stage.ours("public")) == 1, 60, what="the public answer on the network")
    page = until(lambda: newer(alice.case(case), messages=3), 30, what="the public answer on the timeline")
    alice.answers_directly(page, "You are both on NW484 at 18:20, booking K7TQ4M. ^AL")
    until(lambda: len(stage.ours("private")) == 1, 60, what="the direct answer on the network")
    page = until(lambda: newer(alice.case(case), messages=4), 30, what="the direct answer on the timeline")

    # On the network each stands once, before the right eyes, and the public one says nothing of the booking.
    (public,), (private,) = stage.ours("public"), stage.ours("private")
    assert (public.text, public.to) == ("We are sorry, Dora. We have written to you. ^AL", "everyone")
    assert private.text == "You are both on NW484 at 18:20, booking K7TQ4M. ^AL"
    assert private.to != "everyone"
    assert len(private.to) == 2
    assert stage.network.oracle.doubles(stage.company.account_id) == []
    assert stage.network.oracle.leaks([private.text, "K7TQ4M"], stage.company.account_id) == []

    # Nothing waits any more; the network's own echo of our words made no message of its own.
    assert page["case"]["waiting_since"] is None
    assert page["case"]["messages"] == 4
    assert [row["id"] for row in alice.cases("to_answer")] == []

    # Oscar looks on. He sees what everyone sees.
    assert all("K7TQ4M" not in str(looked) for looked in everything(oscar, case))
    assert [audience for _, audience, _ in oscar.said(case)] == ["public", "public"]
    oscar.asks(f"/cases/{case}/resolve", 403)

    # Another company on the same installation sees nothing of it.
    eve = stage.somebody_else()
    assert (eve.cases(), eve.cases("resolved"), eve.sees("/channels")["channels"]) == ([], [], [])
    eve.asks(f"/cases/{case}/resolve", 404)
    assert eve.sees("/voices")["voices"] == []


def newer(page: Any, *, messages: int) -> Any:
    return page if page["case"]["messages"] >= messages else None


def everything(person: Any, case: str) -> list[Any]:
    """All a person can open of the desk."""
    views = [person.sees("/inbox", view=view) for view in ("open", "to_answer", "unassigned", "resolved")]
    return [*views, person.case(case), person.sees("/voices"), person.sees("/channels"), person.sees("/me")]


def test_bob_is_shown_the_news_before_his_answer_goes_out(stage: Town) -> None:
    stage.may_send()
    bob = stage.cast["bob"]
    stage.joins("emil")
    stage.posts("emil", "Where is my bag?")
    page = the_case_of(stage, "emil", 1)
    before = len(stage.ours("public"))

    # While Bob types, Emil finds the bag himself. Bob's answer would be beside the point: he is shown the news first.
    stage.posts("emil", "Found it. But now where do I claim the broken wheel?")
    news = the_case_of(stage, "emil", 2)
    refused = bob.answers_publicly(page, "We will look for it.", expected=409)
    assert refused["code"] == "stale"
    assert [item["text"] for item in refused["params"]["what"] if item["type"] == "message"] == [
        "@northair Found it. But now where do I claim the broken wheel?"
    ]
    assert len(stage.ours("public")) == before

    # Having read it, he answers what was asked.
    bob.answers_publicly(news, "At northair.example/claims, with a photo of the wheel. ^BO")
    until(lambda: len(stage.ours("public")) > before, 60, what="the answer on the network")
    assert [said.text for said in stage.ours("public")[before:]] == [
        "At northair.example/claims, with a photo of the wheel. ^BO"
    ]
