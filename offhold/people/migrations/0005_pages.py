"""What somebody who leads has to know now, until one of them takes it."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

# case_id, channel_id: what it is about, if anything; no foreign keys, for what pages comes after people.
# subject: one page for one thing, however often it is noticed, while nobody took it.
PAGES = """
CREATE TABLE pages (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN
    ('wrong_audience', 'audience_unread', 'outside_while_stopped', 'backup_asked', 'automation_loop', 'repair')),
  subject text NOT NULL,
  case_id bigint,
  channel_id bigint,
  params jsonb NOT NULL,
  at timestamptz NOT NULL,
  taken_by bigint,
  taken_name text,
  taken_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  CHECK ((taken_at IS NULL) = (taken_by IS NULL))
);
CREATE UNIQUE INDEX pages_open_once ON pages (workspace_id, kind, subject) WHERE taken_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_sessions")]
    operations = [
        migrations.RunSQL(PAGES, "DROP TABLE pages"),
        tenant("pages", rights="SELECT, INSERT, UPDATE"),
    ]
