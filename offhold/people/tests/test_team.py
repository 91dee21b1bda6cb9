"""Coming in by a link, managing the team, leaving: who may, what is refused, what ends at once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import Conflict
from offhold.people import team
from offhold.people.quiet import Quiet, is_quiet
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql
from tests.support.parallel import at_once
from tests.support.site import PASSWORD, Browser, Member, signed_in

NEW = "a phrase nobody else has"


def link_for(admin: Browser, role: str = "agent", email: str = "") -> tuple[str, str]:
    """An invitation's address and its token."""
    email = email or f"new-{uuid4().hex}@example.com"
    answer = admin.post("/api/team/invitations", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    return email, answer.json()["link"].partition("#")[2]


def stranger(site: str) -> Browser:
    """Somebody who is not signed in, with the page's cookie."""
    browser = Browser(site)
    browser.get("/_allauth/browser/v1/auth/session")
    return browser


def joining(site: str, token: str, **more: str) -> Any:
    return stranger(site).post(
        "/api/join", json={"token": token, "password": NEW, "duty_name": "Nora", "initials": "", **more}
    )


def test_a_link_lets_one_person_in_once(site: str, workspace: Workspace, owner_sql: OwnerSql) -> None:
    admin = signed_in(site, Member(workspace, "admin"))
    email, token = link_for(admin)
    seen = stranger(site).post("/api/join/look", json={"token": token})
    assert (seen.json()["workspace"], seen.json()["email"], seen.json()["role"]) == ("Northwind Air", email, "agent")
    assert joining(site, token, password="short").json()["code"] == "bad_password", "a mistake does not use it up"
    assert joining(site, token).status_code == 200
    assert joining(site, token).json()["code"] == "invitation_over"
    assert stranger(site).post("/api/join/look", json={"token": token}).status_code == 404
    nora = Browser(site)
    assert nora.sign_in(email, NEW).status_code == 200
    assert nora.get("/api/me").json()["user"]["duty_name"] == "Nora"
    assert token not in str(owner_sql("SELECT * FROM invitations WHERE workspace_id = %s", (workspace.id,)))


def test_two_at_once_are_one(site: str, workspace: Workspace) -> None:
    _, token = link_for(signed_in(site, Member(workspace, "admin")))
    answers = at_once(*[lambda: joining(site, token).status_code] * 4)
    assert min(answers) == 200
    assert answers.count(200) == 1


def test_a_link_that_is_withdrawn_or_old_lets_nobody_in(site: str, workspace: Workspace, clock_offset: Any) -> None:
    admin = signed_in(site, Member(workspace, "admin"))
    _, token = link_for(admin)
    (made,) = admin.get("/api/team").json()["invitations"]
    assert admin.delete(f"/api/team/invitations/{made['id']}").status_code == 200
    assert joining(site, token).status_code == 404
    _, old = link_for(admin)
    clock_offset(8 * 86400)
    assert joining(site, old).status_code == 404


def test_without_our_own_page_nobody_comes_in(site: str, workspace: Workspace) -> None:
    _, token = link_for(signed_in(site, Member(workspace, "admin")))
    bare = stranger(site)
    asked = {"token": token, "password": NEW, "duty_name": "Nora", "initials": ""}
    answer = bare.post("/api/join", json=asked, headers={"X-CSRFToken": ""})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


@pytest.mark.parametrize(
    ("role", "invites", "status"),
    [
        ("agent", "agent", 403), ("observer", "agent", 403), ("lead", "agent", 201), ("lead", "observer", 201),
        ("lead", "lead", 403), ("lead", "admin", 403), ("admin", "admin", 201),
    ],
)  # fmt: skip
def test_who_may_invite_whom(site: str, workspace: Workspace, role: str, invites: str, status: int) -> None:
    browser = signed_in(site, Member(workspace, role))
    asked = {"email": f"new-{uuid4().hex}@example.com", "role": invites}
    assert browser.post("/api/team/invitations", json=asked).status_code == status


def test_a_lead_makes_no_admins_and_touches_none(site: str, workspace: Workspace) -> None:
    lead, agent, admin = (Member(workspace, role) for role in ("lead", "agent", "admin"))
    browser = signed_in(site, lead)
    asked = {"role": "admin", "duty_name": "Mia", "initials": "MI"}
    assert browser.put(f"/api/team/{agent.id}", json=asked).status_code == 403
    assert browser.put(f"/api/team/{lead.id}", json=asked).status_code == 403
    assert browser.put(f"/api/team/{admin.id}", json={**asked, "role": "agent"}).status_code == 403
    assert browser.post(f"/api/team/{admin.id}/remove").status_code == 403
    assert browser.post(f"/api/team/{admin.id}/link").status_code == 403
    assert browser.put(f"/api/team/{agent.id}", json={**asked, "role": "observer"}).status_code == 200


def test_an_agent_manages_nobody_and_sees_no_addresses(site: str, workspace: Workspace) -> None:
    agent, other = Member(workspace, "agent"), Member(workspace, "agent")
    browser = signed_in(site, agent)
    for path in (f"/api/team/{other.id}/remove", f"/api/team/{other.id}/link"):
        assert browser.post(path).status_code == 403
    told = browser.get("/api/team").json()
    assert {one["email"] for one in told["members"]} == {None}
    assert told["invitations"] == []


def test_the_last_admin_stays(site: str, workspace: Workspace) -> None:
    admin = Member(workspace, "admin")
    browser = signed_in(site, admin)
    asked = {"role": "agent", "duty_name": "Mia", "initials": "MI"}
    assert browser.put(f"/api/team/{admin.id}", json=asked).json()["code"] == "last_admin"
    assert browser.post(f"/api/team/{admin.id}/remove").json()["code"] == "not_oneself"
    Member(workspace, "admin")
    assert browser.put(f"/api/team/{admin.id}", json=asked).status_code == 200
    assert browser.get("/api/me").json()["can"]["admin"] is False, "from the next request on"


def test_two_admins_cannot_both_step_down_at_once(workspace: Workspace) -> None:
    from offhold.people.actors import Actor

    members = [Member(workspace, "admin"), Member(workspace, "admin")]

    def step_down(member: Member) -> str:
        actor = Actor(1, member.id, workspace.id, "admin", "A", "A", "")
        try:
            with transaction(workspace.id) as tx:
                team.do_change(tx, actor, member.id, role="agent", duty_name="A", initials=f"Z{members.index(member)}")
        except Conflict as error:
            return error.code
        return "done"

    assert sorted(at_once(*[partial(step_down, member) for member in members])) == ["done", "last_admin"]


def test_who_is_removed_is_out_at_once_and_comes_back_only_by_a_link(site: str, workspace: Workspace) -> None:
    bob = Member(workspace, "agent")
    admin, theirs = signed_in(site, Member(workspace, "admin")), signed_in(site, bob)
    assert admin.post(f"/api/team/{bob.id}/remove").json() == {"open": 0, "cases": []}
    assert theirs.get("/api/me").status_code == 401
    assert Browser(site).sign_in(bob.email, PASSWORD).status_code in (400, 401)
    former = next(one for one in admin.get("/api/team").json()["members"] if one["id"] == str(bob.id))
    assert former["active"] is False
    token = admin.post(f"/api/team/{bob.id}/link").json()["link"].partition("#")[2]
    assert joining(site, token).status_code == 200
    back = Browser(site)
    assert back.sign_in(bob.email, NEW).status_code == 200
    assert back.get("/api/me").json()["user"]["id"] == str(bob.id)


def test_a_new_password_link_ends_what_is_open_and_works_once(site: str, workspace: Workspace) -> None:
    bob = Member(workspace, "agent")
    admin, theirs = signed_in(site, Member(workspace, "admin")), signed_in(site, bob)
    first = admin.post(f"/api/team/{bob.id}/link").json()["link"].partition("#")[2]
    second = admin.post(f"/api/team/{bob.id}/link").json()["link"].partition("#")[2]
    assert joining(site, first).status_code == 404, "a newer link takes the place of the older"
    assert theirs.get("/api/me").status_code == 200, "a link that nobody used changes nothing"
    assert joining(site, second).status_code == 200
    assert theirs.get("/api/me").status_code == 401


def test_changing_ones_password_ends_ones_other_sign_ins(site: str, workspace: Workspace) -> None:
    bob = Member(workspace, "agent")
    here, elsewhere = signed_in(site, bob), signed_in(site, bob)
    path = "/_allauth/browser/v1/account/password/change"
    assert here.post(path, json={"current_password": "not it", "new_password": NEW}).status_code == 400
    assert here.post(path, json={"current_password": PASSWORD, "new_password": NEW}).status_code == 200
    assert here.get("/api/me").status_code == 200
    assert elsewhere.get("/api/me").status_code == 401


def test_one_keeps_ones_own_name_and_wishes(site: str, workspace: Workspace) -> None:
    bob, other = signed_in(site, Member(workspace, "agent")), signed_in(site, Member(workspace, "observer"))
    assert bob.put("/api/me/name", json={"duty_name": "Mia King", "initials": "mk"}).json()["initials"] == "MK"
    taken = other.put("/api/me/name", json={"duty_name": "Max", "initials": "MK"})
    assert (taken.status_code, taken.json()["code"]) == (409, "initials_taken")
    told = bob.get("/api/me/preferences").json()["preferences"]
    assert told["send_next"] is True  # by itself the next case comes
    told |= {"theme": "dark", "send_next": False}
    told["notices"]["quiet"] |= {"on": True, "zone": "Europe/Madrid"}
    assert bob.put("/api/me/preferences", json=told).status_code == 200
    assert bob.get("/api/me/preferences").json()["preferences"] == told
    assert other.get("/api/me/preferences").json()["preferences"]["theme"] == "system"
    for wrong in ({"zone": "Mars/Olympus"}, {"begin": "25:00"}, {"end": "8"}):
        quiet = {**told["notices"]["quiet"], **wrong}
        answer = bob.put("/api/me/preferences", json={**told, "notices": {**told["notices"], "quiet": quiet}})
        assert answer.status_code == 422, wrong


NIGHT = Quiet(on=True, begin="20:00", end="08:00", zone="Europe/Madrid")


@pytest.mark.parametrize(
    ("at", "rings"),
    [
        (datetime(2026, 7, 1, 18, 30, tzinfo=UTC), False),  # 20:30 there, in summer
        (datetime(2026, 1, 1, 18, 30, tzinfo=UTC), True),  # 19:30 there, in winter
        (datetime(2026, 1, 1, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 1, 7, 0, tzinfo=UTC), True),
    ],
)
def test_quiet_hours_keep_to_the_wall_clock(at: datetime, rings: bool) -> None:
    assert is_quiet(NIGHT, at, "mention") is not rings
    assert not is_quiet(NIGHT, at, "page"), "what a lead has to know now"
    assert not is_quiet(Quiet(), at, "mention")
