"""The hub asks as the pipeline's role, in one transaction: no function that looks across workspaces is needed."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("live", "0001_news")]
    operations = [migrations.RunSQL("DROP FUNCTION live_news", migrations.RunSQL.noop)]
