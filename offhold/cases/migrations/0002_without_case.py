"""Indexes to find what has no case yet, and our own key on echoes."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

SQL = """
-- the key of our own reply, if the network hands it back with the echo
ALTER TABLE messages ADD client_key text;
-- when the version we show was said, or was handed to us where the network tells no times: decides which edit is newest
ALTER TABLE messages ADD version_at timestamptz NOT NULL;
DROP INDEX messages_without_case;
-- voices of a customer, adopted when a case of theirs opens
CREATE INDEX messages_voices ON messages (workspace_id, identity_id, at) WHERE case_id IS NULL AND identity_id IS NOT NULL;
CREATE INDEX messages_voices_of_conversation ON messages (workspace_id, conversation_id, id DESC)
  WHERE case_id IS NULL AND identity_id IS NOT NULL;
-- what we said before the words it answers arrived
CREATE INDEX messages_own_without_case ON messages (workspace_id, conversation_id)
  WHERE case_id IS NULL AND identity_id IS NULL AND (parent IS NOT NULL OR audience = 'private');
-- The number of the last case (OH-4821), apart from workspace_clock so that locks are always taken in one order:
-- cases, case_references, queue_counters, workspace_clock.
CREATE TABLE case_references (
  workspace_id bigint PRIMARY KEY REFERENCES workspaces ON DELETE CASCADE,
  last bigint NOT NULL
);
ALTER TABLE workspace_clock DROP COLUMN reference;
ALTER TABLE cases ADD snippet_private boolean NOT NULL DEFAULT false;
CREATE INDEX conversations_open ON conversations (workspace_id, channel_id, last_at DESC) WHERE audience = 'public';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop), tenant("case_references")]
