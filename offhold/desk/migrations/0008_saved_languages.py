"""Saved replies in several languages: the same thing said, a version for each."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "0007_search_pieces")]
    operations = [
        # text and lang are the first version, taken where the customer's language is not among them
        migrations.RunSQL(
            "ALTER TABLE saved_replies ADD versions jsonb NOT NULL DEFAULT '[]'"
            " CHECK (jsonb_typeof(versions) = 'array')",
            "ALTER TABLE saved_replies DROP versions",
        ),
    ]
