"""Saved replies and macros over HTTP: everybody's and one's own, who may change which, and what is refused."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
import pytest

from offhold.cases.tests.stories import arrive, direct
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


# --- languages -----------------------------------------------------------------------------------------------

SPANISH = {"lang": "es", "text": "Hola, {customer.name}"}


def test_a_saved_reply_has_a_version_for_each_language(team: Team) -> None:
    made = added(team.mia, {**REPLY, "name": "Versions", "versions": [SPANISH]})
    assert (made["lang"], made["versions"]) == ("en", [SPANISH])
    (shown,) = [one for one in team.mia.get("/api/saved-replies").json()["saved_replies"] if one["id"] == made["id"]]
    assert shown["versions"] == [SPANISH]
    german = {"lang": "de", "text": "Hallo"}
    body = {**REPLY, "name": "Versions", "versions": [german], "version": made["version"]}
    changed = team.mia.put(f"/api/saved-replies/{made['id']}", json=body).json()["saved_reply"]
    assert changed["versions"] == [german]


@pytest.mark.parametrize(
    ("versions", "code"),
    [
        ([SPANISH, SPANISH], "language_twice"),
        ([{"lang": "en", "text": "Hello again"}], "language_twice"),
        ([{"lang": "es", "text": "Hola {customer.shoe}"}], "unknown_variable"),
    ],
)
def test_versions_that_cannot_be_kept(team: Team, versions: list[dict[str, str]], code: str) -> None:
    answer = team.mia.post("/api/saved-replies", json={**REPLY, "name": "Odd", "versions": versions})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ([("pt-BR", "ok")], "pt"),  # the network says so
        ([(None, "Wo ist mein Koffer? Ich habe nichts gehört und warte seit gestern auf ihn")], "de"),  # the words do
        ([("de", "wo ist er"), ("und", "???")], "de"),  # what was said last tells nothing
        ([(None, "ok")], None),
    ],
)
def test_in_which_language_a_customer_writes(team: Team, said: list[tuple[str | None, str]], lang: str | None) -> None:
    dora = uuid.uuid4().hex
    channel = builders.channel(team.workspace)
    signals = [
        msgspec.structs.replace(direct(f"{dora}{n}", dora, text, minutes=-n), lang=tag)
        for n, (tag, text) in enumerate(reversed(said))
    ]
    arrive(team.workspace, channel, signals)
    with transaction(team.workspace.id) as tx:
        row = tx.one("SELECT case_id FROM messages WHERE channel_id = %s LIMIT 1", (channel.id,))
    assert row is not None
    assert team.mia.get(f"/api/cases/{row[0]}/language").json() == {"lang": lang}
