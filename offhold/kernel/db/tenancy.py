"""Row-level security for tables that carry a workspace: one migration operation, so that no table invents its own."""

from __future__ import annotations

from django.db.migrations import RunSQL

from offhold.kernel.db.roles import APP, PIPELINE

_POLICIES = f"""
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_workspace ON {{table}} TO {APP}
  USING ({{column}} = (SELECT nullif(current_setting('app.ws', true), '')::bigint));
CREATE POLICY listed_workspaces ON {{table}} TO {PIPELINE}
  USING ({{column}} = ANY ((SELECT nullif(current_setting('app.wss', true), '')::bigint[])::bigint[]));
GRANT {{rights}} ON {{table}} TO {APP};
"""


def tenant(*tables: str, column: str = "workspace_id", rights: str = "SELECT, INSERT, UPDATE, DELETE") -> RunSQL:
    """Fence tables by workspace and grant them to the app role.

    ENABLE, not FORCE: under FORCE an owner's data migration sees 0 rows and silently does nothing. An unset workspace
    is NULL, which equals nothing: 0 rows. The sub-select makes the setting a parameter that is read once per statement.
    """
    return RunSQL(
        "".join(_POLICIES.format(table=t, column=column, rights=rights) for t in tables),
        "".join(
            f"DROP POLICY one_workspace ON {t}; DROP POLICY listed_workspaces ON {t};"
            f" ALTER TABLE {t} DISABLE ROW LEVEL SECURITY;"
            for t in tables
        ),
    )


def definer(name: str, arguments: str, returns: str, body: str) -> RunSQL:
    """A narrow look-up that runs as the owner, for the moment before a workspace is known. Fixed search_path."""
    return RunSQL(
        f"CREATE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER"
        f" SET search_path = pg_catalog, public AS $$ {body} $$;"
        f" REVOKE ALL ON FUNCTION {name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {name} TO {APP}, {PIPELINE};",
        f"DROP FUNCTION {name};",
    )
