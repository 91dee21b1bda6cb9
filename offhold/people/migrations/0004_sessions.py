"""Sign-ins, throttles, and the look-ups that come before a workspace is known."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from offhold.kernel.db.roles import APP
from offhold.kernel.db.tenancy import definer

# What `createcachetable` would make: counts of attempts, shared by every process. Losing it in a crash forgets a few
# minutes of attempts; in exchange no attempt waits for the disk.
THROTTLES = f"""
CREATE UNLOGGED TABLE throttles (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX throttles_expires ON throttles (expires);
GRANT SELECT, INSERT, UPDATE, DELETE ON throttles, sessions TO {APP};
-- By which key files this database was written; the keys themselves are never in it. The owner writes, all may compare.
CREATE TABLE key_fingerprints (
  name text PRIMARY KEY,
  fingerprint text NOT NULL
);
GRANT SELECT ON key_fingerprints TO {APP};
"""

SIGNED_IN = """
SELECT u.id, m.id, m.workspace_id, m.role, m.duty_name, m.initials, u.email, s.seen_at
FROM sessions s JOIN users u ON u.id = s.user_id JOIN memberships m ON m.user_id = u.id
WHERE s.key_hash = token_hash AND s.seen_at > idle_since AND s.began_at > begun_since AND u.is_active
ORDER BY m.id LIMIT 1
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_founding")]
    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("key_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("data", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"db_table": "sessions"},
        ),
        migrations.RunSQL(THROTTLES, "DROP TABLE throttles, key_fingerprints"),
        definer(
            "signed_in",
            "token_hash text, idle_since timestamptz, begun_since timestamptz",
            "TABLE (user_id bigint, membership_id bigint, workspace_id bigint, role text, duty_name text,"
            " initials text, email text, seen_at timestamptz)",
            SIGNED_IN,
        ),
        definer("all_workspaces", "", "TABLE (id bigint, name text)", "SELECT id, name FROM workspaces ORDER BY id"),
    ]
