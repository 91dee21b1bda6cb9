"""Every door there is twice, over real HTTP: what one opens is of its audience, and the other knows nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import httpx
import pytest

from offhold.publishing.tests.office import Office
from offhold.publishing.tests.world import World
from tests.support import builders
from tests.support.site import Browser, Member, signed_in

Kind = Literal["public", "direct"]
AUDIENCES = {"public": "public", "direct": "private"}
BOTH = pytest.mark.parametrize("kind", ["public", "direct"])


@pytest.fixture
def lead(site: str, office: Office) -> Browser:
    return signed_in(site, Member(office.company, "lead"))


@pytest.fixture
def observer(site: str, office: Office) -> Browser:
    return signed_in(site, Member(office.company, "observer"))


def meant(office: Office, kind: Kind, by: str = "dora") -> tuple[int, int]:
    """Mia's reply to a customer, and its case."""
    if kind == "public":
        case = office.asked_in_public(by=by)
        return office.say(case, "On its way.", by=office.mia), case
    case = office.asked_in_private(by=by)
    return office.whisper(case, by=office.mia), case


def through(browser: Browser, kind: str, reply: int, what: str, body: dict[str, Any]) -> httpx.Response:
    return browser.post(f"/api/{kind}-replies/{reply}/{what}", json=body)


@pytest.fixture
def opens(office: Office, lead: Browser, observer: Browser) -> Callable[[Kind, int, str, dict[str, Any]], str]:
    """What a lead does at one door, nobody does who observes, and nobody at the other door. Returns the new state."""

    def act(kind: Kind, reply: int, what: str, body: dict[str, Any]) -> str:
        before = office.state(reply)
        assert through(lead, "direct" if kind == "public" else "public", reply, what, body).status_code == 404
        assert through(observer, kind, reply, what, body).status_code == 403
        assert office.state(reply) == before
        answer = through(lead, kind, reply, what, body)
        assert (answer.status_code, answer.json()["reply"]["audience"]) == (200, AUDIENCES[kind]), answer.text
        return str(answer.json()["reply"]["state"])

    return act


@BOTH
def test_what_waits_for_agreement(office: Office, opens: Any, kind: Kind) -> None:
    for what, body, state in (
        ("approve", {}, "intent"),
        ("edit", {"text": "We found it."}, "approval"),
        ("send-back", {"comment": "Not like this."}, "cancelled"),
        ("take-back", {}, "cancelled"),
    ):
        reply, case = meant(office, kind, by=what)
        seen = {"seen_version": office.version(case)} if what in ("approve", "edit") else {}
        assert (what, opens(kind, reply, what, body | seen)) == (what, state)


@BOTH
def test_what_is_held_is_let_go(office: Office, opens: Any, kind: Kind) -> None:
    builders.holds(office.company, public=20, private=5)
    reply, case = meant(office, kind)
    assert opens(kind, reply, "release", {"seen_version": office.version(case)}) == "intent"


@BOTH
def test_what_a_machine_cannot_settle_is_decided(office: Office, opens: Any, kind: Kind) -> None:
    builders.holds(office.company)
    for decision, state in (("give_up", "cancelled"), ("send_again", "intent")):
        reply, _ = meant(office, kind, by=decision)
        with office.tx() as tx:
            tx.run(f"UPDATE {kind}_replies SET state = 'needs_human', next_at = NULL WHERE id = %s", (reply,))
        assert opens(kind, reply, "decide", {"decision": decision}) == state


@BOTH
def test_nothing_is_sent_again_where_the_lane_is_closed(office: Office, lead: Browser, kind: Kind) -> None:
    builders.holds(office.company)
    reply, _ = meant(office, kind)
    with office.tx() as tx:
        tx.run(f"UPDATE {kind}_replies SET state = 'needs_human', next_at = NULL WHERE id = %s", (reply,))
        tx.run("UPDATE channels SET sending = false WHERE id = %s", (office.channel_id,))
    answer = through(lead, kind, reply, "decide", {"decision": "send_again"})
    assert (answer.status_code, office.state(reply)) == (409, "needs_human")


# --- drafts ----------------------------------------------------------------------------------------------------


def kept(browser: Browser, case: int, kind: Kind, **changes: Any) -> httpx.Response:
    of_public = {"in_reply_to": None} if kind == "public" else {}
    body = {"text": f"For the {kind} lane.", "version": 0} | of_public | changes
    return browser.put(f"/api/cases/{case}/{kind}-draft", json=body)


def test_each_lane_keeps_its_own_draft(office: Office, lead: Browser) -> None:
    case = office.asked_in_public()
    for kind in ("public", "direct"):
        draft = kept(lead, case, kind).json()["draft"]
        assert (draft["text"], draft["written_as"]) == (f"For the {kind} lane.", AUDIENCES[kind])
    left = lead.delete(f"/api/cases/{case}/public-draft").json()
    assert (left["public"], left["direct"]["text"]) == (None, "For the direct lane.")
    assert kept(lead, case, "public").status_code == 200
    left = lead.delete(f"/api/cases/{case}/direct-draft").json()
    assert (left["public"]["text"], left["direct"]) == ("For the public lane.", None)


@BOTH
def test_a_draft_remembers_under_which_audience_its_words_were_typed(office: Office, lead: Browser, kind: Kind) -> None:
    other = "private" if kind == "public" else "public"
    assert kept(lead, office.asked_in_public(), kind, written_as=other).json()["draft"]["written_as"] == other


def test_a_public_draft_answers_no_direct_message(office: Office, lead: Browser) -> None:
    case = office.asked_in_private()
    answer = kept(lead, case, "public", in_reply_to=str(office.newest(case, "private")))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_message")
    case = office.asked_in_public(by="erik")
    assert kept(lead, case, "public", in_reply_to=str(office.newest(case))).status_code == 200


def test_a_draft_holds_no_picture_that_nobody_uploaded(office: Office, lead: Browser) -> None:
    pictures = [{"media_id": "0" * 32, "alt": "A bag"}]
    answer = kept(lead, office.asked_in_public(), "public", pictures=pictures)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_picture"), answer.text


@BOTH
def test_observers_neither_write_nor_look(office: Office, observer: Browser, kind: Kind) -> None:
    case = office.asked_in_public()
    body = {"text": "It is in Lisbon.", "written_as": AUDIENCES[kind]}
    if kind == "public":
        body["in_reply_to"] = str(office.newest(case))
    assert kept(observer, case, kind).status_code == 403
    assert observer.delete(f"/api/cases/{case}/{kind}-draft").status_code == 403
    assert observer.post(f"/api/cases/{case}/{kind}-replies/look", json=body).status_code == 403


def test_what_was_taken_back_is_for_those_who_answer_and_of_this_company(
    office: Office, lead: Browser, observer: Browser
) -> None:
    case, elsewhere = office.asked_in_public(), World().asked_in_public()
    assert lead.get(f"/api/cases/{case}/repairs").json() == {"repairs": []}
    assert lead.get(f"/api/cases/{elsewhere}/repairs").status_code == 404
    assert observer.get(f"/api/cases/{case}/repairs").status_code == 403


def test_observers_neither_read_nor_change_the_policy(observer: Browser) -> None:
    assert observer.get("/api/publishing/policy").status_code == 403
    assert observer.put("/api/publishing/policy", json={"version": 0, "policy": {}}).status_code == 403
