"""What the guard is told around a reply, and that the words it looks at are kept nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from offhold.publishing.guarding import full_name
from offhold.publishing.tests.world import World
from tests.support.fixtures import OwnerSql
from tests.support.site import Browser, Member, signed_in


@pytest.fixture
def bob(world: World, site: str) -> Iterator[Browser]:
    browser = signed_in(site, Member(world.company, "agent"))
    yield browser
    browser.close()


def in_public(world: World, browser: Browser, case: int, text: str, written_as: str = "public") -> dict[str, str]:
    """Rules and how heavily they weigh."""
    body = {"text": text, "in_reply_to": str(world.newest(case)), "written_as": written_as, "pictures": []}
    answer = browser.post(f"/api/cases/{case}/public-replies/look", json=body)
    assert answer.status_code == 200, answer.text
    return {finding["rule"]: finding["level"] for finding in answer.json()["findings"]}


def in_private(browser: Browser, case: int, text: str) -> dict[str, str]:
    answer = browser.post(f"/api/cases/{case}/direct-replies/look", json={"text": text, "written_as": "private"})
    assert answer.status_code == 200, answer.text
    return {finding["rule"]: finding["level"] for finding in answer.json()["findings"]}


def both(world: World) -> int:
    """A customer who asked in public and told us more in private: one case."""
    case = world.asked_in_public()
    private = world.asked_in_private("My booking is XK7QP2 and my neighbour Rosalinde took the wrong suitcase.")
    assert private == case
    return case


def test_a_code_of_this_case_is_refused_in_public_and_not_in_private(world: World, bob: Browser) -> None:
    case = both(world)
    assert in_public(world, bob, case, "Your bag XK7QP2 is in Lisbon.")["case_code"] == "refuse"
    assert "case_code" not in in_private(bob, case, "Your bag XK7QP2 is in Lisbon.")


def test_a_code_of_another_case_is_not_known_here(world: World, bob: Browser) -> None:
    both(world)
    other = world.asked_in_public("Is the lounge open?", by="emil")
    assert "case_code" not in in_public(world, bob, other, "Flight XK7QP2 is in Lisbon.")


def test_what_the_customer_said_in_private_is_not_quoted_back(world: World, bob: Browser) -> None:
    words = "So your neighbour Rosalinde took the wrong suitcase?"
    assert in_public(world, bob, both(world), words)["private_words"] == "refuse"


@pytest.mark.parametrize("kind", ["public", "direct"])
def test_what_another_was_told_is_known_of_what_everyone_could_read(world: World, bob: Browser, kind: str) -> None:
    words = "We found it in Lisbon on 14 November and it comes to you with flight NA 4711 tomorrow evening at eight."
    if kind == "public":
        said = world.say(world.asked_in_public(by="emil"), words)
    else:
        said = world.whisper(world.asked_in_private(by="emil"), words)
    with world.sending():
        assert world.until(said, "sent")
    assert ("identical" in in_public(world, bob, world.asked_in_public(), words)) == (kind == "public")


def test_words_moved_from_private_to_public_get_a_second_look(world: World, bob: Browser) -> None:
    case = world.asked_in_public()
    assert in_public(world, bob, case, "It is in Lisbon.", "private") == {"moved_to_public": "second_look"}
    assert in_public(world, bob, case, "It is in Lisbon.") == {}


def test_a_colleagues_full_name_stays_inside(world: World, bob: Browser, owner_sql: OwnerSql) -> None:
    member = Member(world.company, "lead")
    owner_sql("UPDATE users SET email = %s WHERE email = %s", (f"maria.keller@{uuid.uuid4()}.example", member.email))
    case = world.asked_in_public()
    assert in_public(world, bob, case, "Maria Keller will call you.") == {"colleague_name": "second_look"}


@pytest.mark.parametrize(
    ("address", "name"),
    [("maria.keller", "Maria Keller"), ("jean-luc.picard", "Jean-Luc Picard"), ("maria_keller", "Maria Keller"),
     ("info", None), ("team.42", None), ("m.keller", None), ("", None), (".", None)],
)  # fmt: skip
def test_what_name_an_address_tells(address: str, name: str | None) -> None:
    assert full_name(address) == name


def test_neither_the_words_nor_who_typed_them_are_kept(
    world: World, bob: Browser, owner_sql: OwnerSql, caplog: pytest.LogCaptureFixture
) -> None:
    case, canary = both(world), f"canary{uuid.uuid4().hex}"
    in_public(world, bob, case, f"Calm down, {canary}, your card is 4111 1111 1111 1111.")
    tables = [row[0] for row in owner_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    kept = [t for t in tables if owner_sql(f"SELECT 1 FROM {t} x WHERE x::text LIKE %s LIMIT 1", (f"%{canary}%",))]
    assert kept == []
    assert canary not in caplog.text


def test_a_case_of_somebody_else_and_an_observer_get_nothing(world: World, site: str) -> None:
    case = world.asked_in_public()
    body = {"text": "Hello", "in_reply_to": str(world.newest(case)), "written_as": "public", "pictures": []}
    for company, role, status in ((World().company, "lead", 404), (world.company, "observer", 403)):
        browser = signed_in(site, Member(company, role))
        assert browser.post(f"/api/cases/{case}/public-replies/look", json=body).status_code == status
        browser.close()
