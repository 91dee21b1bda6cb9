"""A case that is opened again waits in a queue that people see: its own while that is used, else its channel's."""

from __future__ import annotations

from django.db import migrations

# A queue is removed only when no channel puts cases into it, so that of the channel is in use.
SQL = """
CREATE FUNCTION queue_in_use(ws bigint, queue bigint, channel bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT q.id FROM queues q WHERE q.workspace_id = ws AND q.id = queue AND q.removed_at IS NULL),
    (SELECT ch.queue_id FROM channels ch WHERE ch.workspace_id = ws AND ch.id = channel), queue) $$;
CREATE FUNCTION open_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.queue_id := queue_in_use(NEW.workspace_id, NEW.queue_id, NEW.channel_id);
  RETURN NEW;
END $$;
CREATE TRIGGER reopened_in_use BEFORE UPDATE OF state ON cases FOR EACH ROW
  WHEN (NEW.state = 'open' AND OLD.state <> 'open') EXECUTE FUNCTION open_in_use();
"""
UNDO = "DROP TRIGGER reopened_in_use ON cases; DROP FUNCTION open_in_use; DROP FUNCTION queue_in_use;"


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_queues_leave")]
    operations = [migrations.RunSQL(SQL, UNDO)]
