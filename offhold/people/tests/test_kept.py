"""Everything kept about a person is shown to them: a column that names people and is not in the list is found here."""

from __future__ import annotations

from typing import Any

from offhold.app.kept import KEPT, SHOWN_WHOLE
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql
from tests.support.site import Member, signed_in

NAMES_PEOPLE = """
SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN pg_class k
  ON k.relname = c.table_name AND k.relnamespace = 'public'::regnamespace AND k.relkind IN ('r', 'p')
WHERE c.table_schema = 'public' AND c.data_type = 'bigint'
  AND c.column_name ~ '(membership|assignee|author|owner|user|member)(_id)?$|_by$|^by(_id)?$|_by_id$'
"""


def test_every_column_that_names_people_is_shown_to_them(owner_sql: OwnerSql) -> None:
    known = {(place.table, place.column) for places in KEPT.values() for place in places} | SHOWN_WHOLE
    assert set(owner_sql(NAMES_PEOPLE)) - known == set()


def test_each_sees_their_own(site: str, workspace: Workspace) -> None:
    mia, bob = signed_in(site, Member(workspace, "lead")), signed_in(site, Member(workspace, "agent"))
    mia.post("/api/team/invitations", json={"email": f"x{workspace.id}@example.com", "role": "agent"})

    def count(told: dict[str, Any], what: str) -> int:
        return next(int(each["count"]) for each in told["kept"] if each["what"] == what)

    hers, his = mia.get("/api/me/kept").json(), bob.get("/api/me/kept").json()
    assert (count(hers, "invitations"), count(his, "invitations")) == (1, 0)
    assert hers["about"]["role"] == "lead"
    assert len(hers["details"]["sign_ins"]) == 1
    assert "password" not in str(hers)
