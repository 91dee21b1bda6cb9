"""What many rows refer to is checked for a statement at once; nobody deletes customers, identities, cases or queues."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.references import refers

# A conversation is changed by each of its messages: in place, where there is room on the page and no index entry has to
# follow. A BRIN index needs none for each row, and together with the unique key finds those spoken in lately.
ROOM = """
DROP INDEX conversations_open;
CREATE INDEX conversations_lately ON conversations USING brin (last_at) WITH (autosummarize = on);
ALTER TABLE conversations SET (fillfactor = 80);
"""
BACK = """
DROP INDEX conversations_lately;
CREATE INDEX conversations_open ON conversations (workspace_id, channel_id, last_at DESC) WHERE audience = 'public';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_merged_parts")]
    operations = [
        refers("identities", customer_id="customers"),
        refers("cases", customer_id="customers", identity_id="identities", queue_id="queues", merged_into="cases"),
        refers("messages", case_id="cases", identity_id="identities"),
        refers("case_events", case_id="cases"),
        migrations.RunSQL(ROOM, BACK),
    ]
