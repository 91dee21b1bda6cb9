"""Drafts everybody shares: for whom the words were first typed goes with them, and so do their pictures."""

from __future__ import annotations

from django.db import migrations

# written_as: whoever sends what a colleague began must be weighed as its author would be. direct_drafts.pictures: no
# network takes pictures in a direct message from us.
SQL = """
ALTER TABLE public_drafts
  ADD written_as text NOT NULL DEFAULT 'public' CHECK (written_as IN ('public', 'private')),
  ADD pictures jsonb NOT NULL DEFAULT '[]';
ALTER TABLE direct_drafts
  ADD written_as text NOT NULL DEFAULT 'private' CHECK (written_as IN ('public', 'private')),
  ADD pictures jsonb NOT NULL DEFAULT '[]' CHECK (pictures = '[]');
"""
BACK = """
ALTER TABLE public_drafts DROP written_as, DROP pictures;
ALTER TABLE direct_drafts DROP written_as, DROP pictures;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0008_edited_words")]
    operations = [migrations.RunSQL(SQL, BACK)]
