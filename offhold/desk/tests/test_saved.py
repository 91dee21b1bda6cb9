"""Saved replies and macros over HTTP: everybody's and one's own, who may change which, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from offhold.desk import shelf
from offhold.kernel.db.tx import transaction
from tests.support import builders
from tests.support.site import Browser, Member, signed_in

MACRO: dict[str, Any] = {
    "name": "Solved", "lane": "direct", "text": "All well again?", "tags": [], "assign_to": None, "to_me": True,
    "once_sent": "snooze", "snooze_hours": 24, "shared": False,
}  # fmt: skip
REPLY: dict[str, Any] = {
    "name": "Delay",
    "text": "Hello {customer.name}",
    "audience": "both",
    "lang": "en",
    "shared": False,
}


class Team:
    """A lead and two agents of one company, signed in."""

    def __init__(self, site: str) -> None:
        self.workspace = builders.workspace()
        self.lead, self.mia, self.ben = (
            signed_in(site, Member(self.workspace, role)) for role in ("lead", "agent", "agent")
        )

    def told(self) -> list[str]:
        """What screens were told to read again."""
        with transaction(self.workspace.id) as tx:
            rows = tx.rows("SELECT payload ->> 'what' FROM facts WHERE kind = 'desk.changed' ORDER BY seq")
        return [row[0] for row in rows]


@pytest.fixture(scope="module")
def team(site: str) -> Team:
    return Team(site)


def names(who: Browser, path: str = "/api/saved-replies") -> list[str]:
    (found,) = who.get(path).json().values()
    return [one["name"] for one in found]


def added(who: Browser, body: dict[str, Any], path: str = "/api/saved-replies") -> dict[str, Any]:
    answer = who.post(path, json=body)
    assert answer.status_code == 200, answer.text
    (made,) = answer.json().values()
    return dict(made)


@pytest.mark.parametrize(("path", "body"), [("/api/saved-replies", REPLY), ("/api/macros", MACRO)])
def test_ones_own_is_ones_own_and_everybodys_is_the_leads(team: Team, path: str, body: dict[str, Any]) -> None:
    told = len(team.told())
    own = added(team.mia, {**body, "name": "Mia's"}, path)
    shared = added(team.lead, {**body, "name": "All", "shared": True}, path)
    assert names(team.mia, path) == ["All", "Mia's"]
    assert names(team.ben, path) == ["All"]
    assert (own["may_edit"], shared["shared"]) == (True, True)
    assert team.mia.post(path, json={**body, "shared": True}).json()["code"] == "leads_only"
    change = {**body, "version": 1}
    assert team.mia.request("PUT", f"{path}/{shared['id']}", json={**change, "shared": True}).status_code == 403
    assert team.mia.request("PUT", f"{path}/{own['id']}", json={**change, "shared": True}).status_code == 403
    for who in (team.ben, team.lead):
        assert who.request("PUT", f"{path}/{own['id']}", json=change).status_code == 404
        assert who.request("DELETE", f"{path}/{own['id']}").status_code == 404
    assert team.mia.request("DELETE", f"{path}/{shared['id']}").status_code == 403
    changed = team.mia.request("PUT", f"{path}/{own['id']}", json={**change, "name": "Mine"})
    assert changed.status_code == 200, changed.text
    late = team.mia.request("PUT", f"{path}/{own['id']}", json=change)
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert late.json()["params"]["there"]["name"] == "Mine"
    assert team.mia.request("DELETE", f"{path}/{own['id']}").json() == {"removed": True}
    assert names(team.mia, path) == ["All"]
    assert len(team.told()) == told + 4
    assert team.lead.request("DELETE", f"{path}/{shared['id']}").status_code == 200


def test_a_variable_there_is_none_of_is_refused(team: Team) -> None:
    answer = team.mia.post("/api/saved-replies", json={**REPLY, "text": "Hello {customer.email}"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_variable")
    added(team.mia, {**REPLY, "text": "Tariff {A}: {case.reference} for {channel.handle}"})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lane": None}, "macro_words"),
        ({"text": " "}, "macro_words"),
        ({"lane": None, "text": "", "to_me": False, "once_sent": None, "snooze_hours": None}, "macro_empty"),
        ({"once_sent": "resolve"}, "macro_words"),
        ({"tags": ["1"]}, "no_such_tag"),
        ({"to_me": False, "assign_to": "1"}, "no_such_colleague"),
    ],
)
def test_a_macro_that_cannot_be_meant_is_refused(team: Team, change: dict[str, Any], code: str) -> None:
    answer = team.mia.post("/api/macros", json={**MACRO, **change})
    assert answer.json()["code"] == code, answer.text


def test_a_macro_says_what_it_does(team: Team) -> None:
    made = added(team.mia, MACRO, "/api/macros")
    assert (made["lane"], made["assign_to"], made["once_sent"], made["snooze_hours"]) == ("direct", "me", "snooze", 24)


@pytest.mark.parametrize(("path", "body"), [("/api/saved-replies", REPLY), ("/api/macros", MACRO)])
def test_where_there_are_as_many_as_may_be_each_can_still_be_changed(
    site: str, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, Any]
) -> None:
    team = Team(site)
    one = added(team.mia, body, path)
    monkeypatch.setattr(shelf, "MOST", 1)
    more = team.ben.post(path, json=body)
    assert (more.status_code, more.json()["code"], more.json()["params"]) == (422, "too_many", {"most": 1})
    changed = team.mia.request("PUT", f"{path}/{one['id']}", json={**body, "name": "Other", "version": 1})
    assert changed.status_code == 200, changed.text
    assert names(team.mia, path) == ["Other"]
