"""Where attempts were left open, and our own words by time."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import definer

# The network's copy of a reply is looked for among our own recent messages of its channel.
OWN = """
CREATE INDEX messages_own ON messages (workspace_id, channel_id, at) WHERE identity_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial"), ("cases", "0002_without_case")]
    operations = [
        migrations.RunSQL(OWN, "DROP INDEX messages_own"),
        definer(
            "channels_left_sending",
            "",
            "TABLE (workspace_id bigint, channel_id bigint)",
            "SELECT r.workspace_id, r.channel_id FROM"
            " (SELECT workspace_id, channel_id FROM public_replies WHERE next_at IS NOT NULL AND state = 'sending'"
            "  UNION SELECT workspace_id, channel_id FROM direct_replies WHERE next_at IS NOT NULL AND state = 'sending') r"
            " LEFT JOIN channel_writers w USING (workspace_id, channel_id)"
            " WHERE w.until IS NULL OR w.until <= clock_timestamp()",
        ),
    ]
