"""A queue that is not used any more stays the place its old cases waited in, and takes no new ones."""

from __future__ import annotations

from django.db import migrations

SQL = """
ALTER TABLE queues ADD removed_at timestamptz;
CREATE UNIQUE INDEX queues_by_name ON queues (workspace_id, lower(name)) WHERE removed_at IS NULL;
"""
UNDO = "DROP INDEX queues_by_name; ALTER TABLE queues DROP COLUMN removed_at;"


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_snooze_and_tags")]
    operations = [migrations.RunSQL(SQL, UNDO)]
