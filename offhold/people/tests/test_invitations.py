"""Invitations, told to whoever has the desk open: how far a new desk is set up says so at once."""

from __future__ import annotations

from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql
from tests.support.site import Member, signed_in


def test_screens_are_told_of_an_invitation_and_of_its_end(site: str, workspace: Workspace, owner_sql: OwnerSql) -> None:
    colleague, admin = Member(workspace, "agent"), signed_in(site, Member(workspace, "admin"))
    told = "SELECT payload ->> 'what' FROM facts WHERE workspace_id = %s AND kind = 'desk.changed' ORDER BY seq"
    made = admin.post("/api/team/invitations", json={"email": "nora@example.com", "role": "agent"})
    assert made.status_code == 201
    assert owner_sql(told, (workspace.id,)) == [("invitations",)]
    assert admin.post(f"/api/team/{colleague.id}/link", json={}).status_code == 201
    (there, _) = admin.get("/api/team").json()["invitations"]
    assert admin.delete(f"/api/team/invitations/{there['id']}").status_code == 200
    assert owner_sql(told, (workspace.id,)) == [("invitations",)] * 3
