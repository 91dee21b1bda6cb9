"""Indexes in which the inbox finds a page, and voices theirs, without fetching a row that is not on it."""

from __future__ import annotations

from django.db import migrations

# What else a list is asked for stands behind what it is ordered by: passing over a row in the index costs a tenth of
# fetching it, and the rarest filter passes over most of them.
SQL = """
DROP INDEX cases_open, cases_open_by_queue, cases_waiting, cases_resolved;
CREATE INDEX cases_open ON cases (workspace_id, last_at DESC, id DESC, channel_id, assignee_id) WHERE state = 'open';
CREATE INDEX cases_open_by_queue
  ON cases (workspace_id, queue_id, last_at DESC, id DESC, channel_id, assignee_id, waiting_since) WHERE state = 'open';
CREATE INDEX cases_waiting ON cases (workspace_id, last_at DESC, id DESC, queue_id, channel_id)
  WHERE state = 'open' AND waiting_since IS NOT NULL;
CREATE INDEX cases_resolved ON cases (workspace_id, last_at DESC, id DESC, channel_id) WHERE state = 'resolved';
CREATE INDEX cases_resolved_by_queue ON cases (workspace_id, queue_id, last_at DESC, id DESC, channel_id)
  WHERE state = 'resolved';
CREATE INDEX messages_voices_newest ON messages (workspace_id, id DESC)
  WHERE case_id IS NULL AND identity_id IS NOT NULL;
"""
BACK = """
DROP INDEX messages_voices_newest;
DROP INDEX cases_open, cases_open_by_queue, cases_waiting, cases_resolved, cases_resolved_by_queue;
CREATE INDEX cases_open ON cases (workspace_id, last_at DESC, id DESC) WHERE state = 'open';
CREATE INDEX cases_open_by_queue ON cases (workspace_id, queue_id, last_at DESC, id DESC) WHERE state = 'open';
CREATE INDEX cases_waiting ON cases (workspace_id, last_at DESC, id DESC)
  WHERE state = 'open' AND waiting_since IS NOT NULL;
CREATE INDEX cases_resolved ON cases (workspace_id, last_at DESC, id DESC) WHERE state = 'resolved';
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial"), ("cases", "0003_merged_parts")]
    operations = [migrations.RunSQL(SQL, BACK)]
