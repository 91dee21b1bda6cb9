"""Find what was merged into a case; when the words that name it were said."""

from __future__ import annotations

from django.db import migrations

SQL = """
CREATE INDEX cases_merged ON cases (workspace_id, merged_into) WHERE merged_into IS NOT NULL;
-- when the words were said that name the case: the earliest owed ones that still stand
ALTER TABLE cases ADD title_at timestamptz;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_without_case")]
    operations = [migrations.RunSQL(SQL, "ALTER TABLE cases DROP title_at; DROP INDEX cases_merged")]
