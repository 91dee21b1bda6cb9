"""Founding a workspace: the one row the app role may not insert by itself."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP

# A row of `workspaces` passes the fence only when app.ws already names it, so the caller sets its new id first; clock
# and queue are then written by the app role itself, inside the fence.
FOUND = f"""
CREATE FUNCTION found_workspace(new_id bigint, new_name text, at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  INSERT INTO public.workspaces (id, name, created_at, reopen_hours, busy_post_replies)
  VALUES (new_id, new_name, at, 72, 50)
$$;
REVOKE ALL ON FUNCTION found_workspace FROM PUBLIC;
GRANT EXECUTE ON FUNCTION found_workspace TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_fences")]
    operations = [migrations.RunSQL(FOUND, "DROP FUNCTION found_workspace")]
