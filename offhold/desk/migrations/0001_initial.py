"""What the team says among itself. Nothing that sends can refer to it: no table of publishing has a key to this one."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

TABLES = """
CREATE TABLE notes (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  author_id bigint NOT NULL,
  client_key uuid NOT NULL,
  text text NOT NULL CHECK (text <> ''),
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, client_key),  -- the same note sent twice is one note
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id)
);
CREATE INDEX notes_of_case ON notes (workspace_id, case_id, at DESC);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_without_case")]
    operations = [migrations.RunSQL(TABLES, "DROP TABLE notes"), tenant("notes")]
