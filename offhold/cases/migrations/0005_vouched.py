"""An answer that a person saw on the network and the desk never did: no message stands for it, and it counts."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_references")]
    operations = [
        migrations.RunSQL("ALTER TABLE cases ADD vouched_at timestamptz", "ALTER TABLE cases DROP vouched_at"),
    ]
