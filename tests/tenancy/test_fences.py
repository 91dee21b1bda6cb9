"""Row-level security holds on every table that carries a workspace, and a dropped policy would be noticed."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from offhold.kernel.db.roles import APP, PIPELINE
from offhold.kernel.db.tx import transaction, transaction_over
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql

# Tables with a workspace_id column that no policy fences, each with the reason.
UNFENCED = {
    "arrival_queue": "ids only, no customer's words; the pipeline claims across workspaces, the app has no right on it",
}

LEAKY = """
SELECT c.relname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND (c.relname = 'workspaces' OR EXISTS (
    SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped))
  AND NOT (c.relrowsecurity AND EXISTS (
    SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid
      AND p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = 'offhold_app')]
      AND pg_get_expr(p.polqual, p.polrelid) LIKE '%%app.ws%%'))
ORDER BY 1
"""


def leaks(owner_sql: OwnerSql) -> set[str]:
    """Tenant tables that the app role would see whole."""
    return {name for (name,) in owner_sql(LEAKY)} - set(UNFENCED)


def test_every_table_with_a_workspace_is_fenced(owner_sql: OwnerSql) -> None:
    assert leaks(owner_sql) == set()


@pytest.mark.parametrize(
    "breach", ["DROP POLICY one_workspace ON messages", "ALTER TABLE messages DISABLE ROW LEVEL SECURITY"]
)
def test_a_dropped_fence_is_noticed(database: str, breach: str) -> None:
    with psycopg.connect(database) as conn:
        conn.execute(breach.encode())
        found = {name for (name,) in conn.execute(LEAKY.encode())}
        conn.rollback()
    assert "messages" in found


def test_tests_run_as_the_app_role(database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (APP, False, False)


def test_no_workspace_sees_no_row(workspace: Workspace) -> None:
    with transaction(None) as tx:
        assert tx.rows("SELECT id FROM workspaces") == []
        assert tx.rows("SELECT id FROM queues") == []


def test_a_workspace_sees_only_itself(workspace: Workspace, other_workspace: Workspace) -> None:
    with transaction(workspace.id) as tx:
        assert tx.rows("SELECT id FROM workspaces") == [(workspace.id,)]
        assert tx.rows("SELECT id FROM queues") == [(workspace.queue_id,)]


def test_a_row_cannot_be_written_into_another_workspace(workspace: Workspace, other_workspace: Workspace) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction(workspace.id) as tx:
        tx.run("INSERT INTO queues (workspace_id, id, name) VALUES (%s, 1, 'theirs')", (other_workspace.id,))


def test_the_app_role_cannot_work_over_several_workspaces(workspace: Workspace, other_workspace: Workspace) -> None:
    with transaction_over([workspace.id, other_workspace.id]) as tx:
        assert tx.rows("SELECT id FROM workspaces") == []


@pytest.mark.usefixtures("as_pipeline")
def test_the_pipeline_sees_the_workspaces_it_lists(workspace: Workspace, other_workspace: Workspace) -> None:
    with transaction_over([workspace.id, other_workspace.id]) as tx:
        assert tx.one("SELECT current_user") == (PIPELINE,)
        assert set(tx.rows("SELECT id FROM workspaces")) == {(workspace.id,), (other_workspace.id,)}
