"""Find what was merged into a case."""

from __future__ import annotations

from django.db import migrations

SQL = "CREATE INDEX cases_merged ON cases (workspace_id, merged_into) WHERE merged_into IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_without_case")]
    operations = [migrations.RunSQL(SQL, "DROP INDEX cases_merged")]
