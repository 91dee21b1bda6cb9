"""Queues, and what becomes of the cases of somebody who leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from offhold.kernel.db.tx import transaction
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql
from tests.support.site import Browser, Member, signed_in
from tests.tenancy.company import Company


@pytest.fixture(scope="module")
def company(site: str, database: str) -> Iterator[Company]:
    """Two open cases of two customers, and an admin."""
    with psycopg.connect(database, autocommit=True) as conn:

        def run(query: str, params: Any = None) -> list[tuple[Any, ...]]:
            cursor = conn.execute(query.encode(), params)
            return cursor.fetchall() if cursor.description else []

        with Company.with_everything(site, run) as made:
            yield made


def names(admin: Browser) -> dict[str, tuple[str, int]]:
    return {queue["name"]: (queue["id"], queue["open"]) for queue in admin.get("/api/queues").json()["queues"]}


def test_a_queue_is_made_named_emptied_and_taken_away(company: Company, owner_sql: OwnerSql) -> None:
    admin = company.admin
    ((first, open_before),) = names(admin).values()
    assert open_before >= 2
    assert admin.delete(f"/api/queues/{first}").json()["code"] == "last_queue"
    assert admin.post("/api/queues", json={"name": " Refunds "}).status_code == 201
    assert admin.post("/api/queues", json={"name": "refunds"}).json()["code"] == "queue_exists"
    assert admin.post("/api/queues", json={"name": " "}).json()["code"] == "bad_name"
    refunds = names(admin)["Refunds"][0]
    assert admin.put(f"/api/queues/{refunds}", json={"name": "Money back"}).status_code == 200
    assert admin.delete(f"/api/queues/{first}").json()["code"] == "queue_in_use"
    moved = admin.post(f"/api/queues/{first}/move", json={"to": refunds}).json()
    assert moved == {"moved": open_before, "more": False}
    assert names(admin)["Money back"] == (refunds, open_before)
    assert owner_sql("SELECT DISTINCT queue_id FROM channels WHERE id = %s", (company.ids["channel_id"],)) == [
        (int(refunds),)
    ]
    assert admin.delete(f"/api/queues/{first}").status_code == 200
    assert list(names(admin)) == ["Money back"]
    assert [queue["name"] for queue in admin.get("/api/me").json()["queues"]] == ["Money back"]
    assert admin.put(f"/api/queues/{first}", json={"name": "Back"}).status_code == 404
    page = admin.get(f"/api/cases/{company.ids['case_id']}").json()
    assert page["case"]["queue_id"] == refunds
    told = [item["params"] for item in page["timeline"] if item.get("kind") == "case.moved"]
    assert told == [{"by": admin.get("/api/me").json()["user"]["duty_name"], "to": "Money back"}]


def test_an_agent_sets_up_no_queues(company: Company, site: str) -> None:
    agent = signed_in(site, Member(_workspace(company), "agent"))
    assert agent.post("/api/queues", json={"name": "Mine"}).status_code == 403


def test_the_cases_of_who_leaves_are_nobodys_and_listed(company: Company, site: str, owner_sql: OwnerSql) -> None:
    bob = Member(_workspace(company), "agent")
    theirs = signed_in(site, bob)
    case = company.ids["case_id"]
    assert company.admin.post(f"/api/cases/{case}/assign", json={"assignee_id": str(bob.id)}).status_code == 200
    (notice,) = theirs.get("/api/notices").json()["notices"]
    assert (notice["kind"], notice["case_id"], notice["reference"][:3]) == ("assigned", case, "OH-")
    before = company.admin.get(f"/api/team/{bob.id}/cases").json()
    assert (before["open"], [row["id"] for row in before["cases"]]) == (1, [case])
    after = company.admin.post(f"/api/team/{bob.id}/remove").json()
    assert (after["open"], after["cases"][0]["assignee"]) == (1, None)
    assert owner_sql("SELECT count(*) FROM cases WHERE assignee_id = %s", (bob.id,)) == [(0,)]
    given = company.admin.post(f"/api/cases/{case}/assign", json={"assignee_id": str(bob.id)})
    assert given.status_code == 404, "nobody gives a case to who is not here"
    with transaction(company.world.company.id) as tx:
        assert tx.rows("SELECT 1 FROM push_subscriptions WHERE membership_id = %s", (bob.id,)) == []


def _workspace(company: Company) -> Workspace:
    return Workspace(company.world.company.id, company.world.company.queue_id)
