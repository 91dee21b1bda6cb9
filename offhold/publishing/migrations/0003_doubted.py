"""Whether an earlier attempt's outcome was never learnt: then a later no is no proof that nothing is out there."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_left_sending")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE public_replies ADD doubted boolean NOT NULL DEFAULT false;"
            " ALTER TABLE direct_replies ADD doubted boolean NOT NULL DEFAULT false;",
            "ALTER TABLE public_replies DROP doubted; ALTER TABLE direct_replies DROP doubted;",
        ),
    ]
