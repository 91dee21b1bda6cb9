"""Lists without what rests, longest waits first too, and the views people keep."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

# The same indexes with what a list is now asked for; one more, of what rests, which is little.
INDEXES = """
DROP INDEX cases_open, cases_open_by_queue, cases_waiting, cases_waiting_longest, cases_mine;
CREATE INDEX cases_open ON cases (workspace_id, last_at DESC, id DESC, channel_id, assignee_id, snoozed_at)
  WHERE state = 'open';
CREATE INDEX cases_open_by_queue
  ON cases (workspace_id, queue_id, last_at DESC, id DESC, channel_id, assignee_id, waiting_since, snoozed_at)
  WHERE state = 'open';
CREATE INDEX cases_waiting ON cases (workspace_id, last_at DESC, id DESC, queue_id, channel_id, assignee_id)
  WHERE state = 'open' AND waiting_since IS NOT NULL AND snoozed_at IS NULL;
CREATE INDEX cases_waiting_longest ON cases (workspace_id, waiting_since, id, queue_id, channel_id, assignee_id)
  WHERE state = 'open' AND waiting_since IS NOT NULL AND snoozed_at IS NULL;
CREATE INDEX cases_mine ON cases (workspace_id, assignee_id, last_at DESC, id DESC, channel_id, queue_id, snoozed_at)
  WHERE state = 'open' AND assignee_id IS NOT NULL;
CREATE INDEX cases_snoozed ON cases (workspace_id, last_at DESC, id DESC, channel_id, queue_id, assignee_id)
  WHERE snoozed_at IS NOT NULL;
"""
# owner_id: it is shown to this person alone; queue_id: it is one of that queue; neither: everybody's.
TABLES = """
CREATE TABLE saved_views (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  name text NOT NULL CHECK (name <> '' AND length(name) <= 60),
  owner_id bigint,
  queue_id bigint,
  filter jsonb NOT NULL,
  sort text NOT NULL CHECK (sort IN ('newest', 'longest_wait')),
  by_id bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, queue_id) REFERENCES queues (workspace_id, id),
  CHECK (owner_id IS NULL OR queue_id IS NULL)
);
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_read_in_order"), ("cases", "0006_snooze_and_tags")]
    operations = [migrations.RunSQL(INDEXES), migrations.RunSQL(TABLES), tenant("saved_views")]
