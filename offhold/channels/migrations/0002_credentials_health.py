"""Sealed credentials and the health of channels."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

TABLES = """
-- Sealed with AES-256-GCM; the associated data is workspace, table, channel and name.
CREATE TABLE channel_secrets (
  workspace_id bigint NOT NULL,
  channel_id bigint NOT NULL,
  name text NOT NULL,
  sealed text NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, name),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id) ON DELETE CASCADE
);
-- last_event_at: when the network last handed us something. usual_gap: seconds between events, its own rhythm (a slow
-- moving mean), so that silence is judged against the channel itself. complete_until: all said before it has been read.
CREATE TABLE channel_health (
  workspace_id bigint NOT NULL,
  channel_id bigint NOT NULL,
  state text NOT NULL DEFAULT 'starting'
    CHECK (state IN ('starting', 'ok', 'behind', 'silent', 'login_expired', 'unreachable')),
  message text NOT NULL DEFAULT '',
  last_event_at timestamptz,
  last_look_at timestamptz,
  lag_seconds double precision,
  usual_gap double precision,
  complete_until timestamptz,
  inbound_missing integer,
  missing_checked_at timestamptz,
  unsupported bigint NOT NULL DEFAULT 0,
  forged bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, channel_id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id) ON DELETE CASCADE
);
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial"), ("people", "0002_fences")]
    operations = [
        tenant("channels"),
        migrations.RunSQL(TABLES, "DROP TABLE channel_health, channel_secrets"),
        tenant("channel_secrets", "channel_health"),
    ]
