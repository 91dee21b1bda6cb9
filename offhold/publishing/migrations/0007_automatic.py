"""Automatic messages are counted, so that two machines never talk to each other for long."""

from __future__ import annotations

from django.db import migrations

INDEXES = """
CREATE INDEX public_replies_automatic ON public_replies (workspace_id, created_at) WHERE automatic;
CREATE INDEX direct_replies_automatic ON direct_replies (workspace_id, created_at) WHERE automatic;
CREATE INDEX public_replies_let_stand ON public_replies (workspace_id, created_at) WHERE looked <> '[]';
CREATE INDEX direct_replies_let_stand ON direct_replies (workspace_id, created_at) WHERE looked <> '[]';
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0006_repair")]
    operations = [
        migrations.RunSQL(
            INDEXES,
            "DROP INDEX public_replies_automatic, direct_replies_automatic, public_replies_let_stand,"
            " direct_replies_let_stand",
        )
    ]
