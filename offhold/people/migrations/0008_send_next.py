"""What comes after somebody sent: the next case of their list, or the one they answered stays."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0007_at_home")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE person_settings ADD send_next boolean NOT NULL DEFAULT true",
            "ALTER TABLE person_settings DROP send_next",
        ),
    ]
