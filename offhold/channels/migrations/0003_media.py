"""Pictures people upload to send with a public reply."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

TABLES = """
-- The bytes are a file named by the token, re-encoded by us; the token is random and the only name a picture has.
CREATE TABLE media (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  token text NOT NULL CHECK (token ~ '^[A-Za-z0-9_-]{32}$'),
  content_type text NOT NULL CHECK (content_type IN ('image/png', 'image/jpeg')),
  width integer NOT NULL,
  height integer NOT NULL,
  bytes integer NOT NULL,
  by_id bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, token)
);
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_credentials_health")]
    operations = [migrations.RunSQL(TABLES, "DROP TABLE media"), tenant("media", rights="SELECT, INSERT, DELETE")]
