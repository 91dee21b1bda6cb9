"""The clock of each workspace and the facts it numbers."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP, PIPELINE
from offhold.kernel.db.tenancy import tenant

TABLES = f"""
-- seq is the number of the last fact; its row lock, held to commit, makes the order of facts the order of commits.
-- reference is the number of the last case (OH-4821).
CREATE TABLE workspace_clock (
  workspace_id bigint PRIMARY KEY REFERENCES workspaces ON DELETE CASCADE,
  seq bigint NOT NULL DEFAULT 0,
  reference bigint NOT NULL DEFAULT 0
);
-- json, not jsonb: a payload is passed on to screens as it was written, and read by kind and case only.
-- No foreign key to workspaces: a fact gets its number from the workspace's clock, which has one, in the same statement;
-- a check for each fact again was a sixth of what storing a message cost the database.
CREATE TABLE facts (
  workspace_id bigint NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL,
  case_id bigint,
  private boolean NOT NULL,
  payload json NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX facts_of_case ON facts (workspace_id, case_id, seq) WHERE case_id IS NOT NULL;
CREATE SEQUENCE node_numbers MAXVALUE 4095 MINVALUE 0 CYCLE;
GRANT USAGE ON SEQUENCE node_numbers TO {APP}, {PIPELINE};
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE facts, workspace_clock; DROP SEQUENCE node_numbers"),
        tenant("workspace_clock", rights="SELECT, UPDATE, INSERT"),
        tenant("facts", rights="SELECT, INSERT"),
    ]
