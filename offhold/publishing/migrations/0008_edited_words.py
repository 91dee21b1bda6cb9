"""Words that somebody changed are agreed to by somebody else than who changed them."""

from __future__ import annotations

from django.db import migrations

# What was changed before this was agreed to by whoever changed it; it bears no such reason and stays as it was.
_AGREED = """
ALTER TABLE {table}
  DROP CONSTRAINT {table}_agreed,
  ADD CONSTRAINT {table}_agreed CHECK
    (asks = '[]' OR state IN ('approval', 'cancelled') OR (approved_sha256 IS NOT NULL AND approved_sha256 = text_sha256
     AND approved_at IS NOT NULL AND approved_by IS NOT NULL
     AND CASE WHEN asks @> '[{{"code": "edited"}}]' THEN approved_by IS DISTINCT FROM edited_by
              ELSE approved_by <> author_id OR alone END));
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_automatic")]
    operations = [
        migrations.RunSQL(_AGREED.format(table="public_replies")),
        migrations.RunSQL(_AGREED.format(table="direct_replies")),
    ]
