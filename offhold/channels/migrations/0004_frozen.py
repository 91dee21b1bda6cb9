"""Why a machine turned a channel's sending off."""

from __future__ import annotations

from django.db import migrations

FROZEN = """
-- Stays, whatever the channel's health becomes, until somebody turns sending on again.
ALTER TABLE channel_health ADD frozen text CHECK (frozen <> '');
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_media")]
    operations = [migrations.RunSQL(FROZEN, "ALTER TABLE channel_health DROP COLUMN frozen")]
