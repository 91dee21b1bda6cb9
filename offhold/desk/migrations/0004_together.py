"""Handing a case over, naming colleagues in notes, what a case is called elsewhere, who may be the same person."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

NOTES = """
-- handover: the note tells `to_id` what they have to know; `from_id` had the case before. mentions: memberships.
ALTER TABLE notes ADD kind text NOT NULL DEFAULT 'note' CHECK (kind IN ('note', 'handover')), ADD to_id bigint,
  ADD from_id bigint, ADD mentions bigint[] NOT NULL DEFAULT '{}', ADD undone_at timestamptz,
  ADD CHECK ((kind = 'handover') = (to_id IS NOT NULL)), ADD CHECK (kind = 'handover' OR undone_at IS NULL);
"""
TABLES = """
-- How a number of another system becomes an address: `{ref}` stands for the number.
CREATE TABLE link_templates (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  name text NOT NULL CHECK (name <> '' AND length(name) <= 60),
  url text NOT NULL CHECK (url ~ '^https?://' AND length(url) <= 500),
  by_id bigint NOT NULL,
  at timestamptz NOT NULL,
  archived_at timestamptz,  -- what was noted by it stays
  PRIMARY KEY (workspace_id, id)
);
-- What a case is called elsewhere: the number of a ticket, an order, an incident; or an address.
CREATE TABLE external_references (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  template_id bigint,
  value text NOT NULL CHECK (value <> '' AND length(value) <= 500),
  by_id bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE NULLS NOT DISTINCT (workspace_id, case_id, template_id, value),  -- noted twice is noted once
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id),
  FOREIGN KEY (workspace_id, template_id) REFERENCES link_templates (workspace_id, id)
);
CREATE INDEX external_references_by_value ON external_references (workspace_id, lower(value));
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_views")]
    operations = [
        migrations.RunSQL(NOTES, migrations.RunSQL.noop),
        migrations.RunSQL(TABLES, "DROP TABLE external_references, link_templates"),
        tenant("external_references"),
        tenant("link_templates", rights="SELECT, INSERT, UPDATE"),
    ]
