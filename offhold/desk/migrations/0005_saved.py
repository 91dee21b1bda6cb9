"""What people of the desk write before they say it: drafts of notes, saved replies, macros."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

TABLES = """
-- What somebody is writing to the team. No table of publishing has a key to this one, nor this one to any of theirs.
CREATE TABLE note_drafts (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  case_id bigint NOT NULL,
  version bigint NOT NULL,
  text text NOT NULL,
  by_id bigint NOT NULL,
  by_name text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, case_id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id) ON DELETE CASCADE
);
-- owner_id: a membership whose own it is; NULL: everybody's. lang: ISO 639-1, NULL: of any language.
CREATE TABLE saved_replies (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  version bigint NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  text text NOT NULL CHECK (text <> ''),
  audience text NOT NULL CHECK (audience IN ('public', 'direct', 'both')),
  lang text CHECK (lang ~ '^[a-z]{2}$'),
  owner_id bigint,
  changed_name text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
-- lane: where the words go; NULL: there are none. assign_to: a membership, 0: whoever uses it. then: after sending.
CREATE TABLE macros (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  version bigint NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  lane text CHECK (lane IN ('public', 'direct', 'note')),
  text text NOT NULL,
  tags bigint[] NOT NULL,
  assign_to bigint,
  then_do text CHECK (then_do IN ('resolve', 'snooze')),
  snooze_hours integer CHECK (snooze_hours BETWEEN 1 AND 8760),
  owner_id bigint,
  changed_name text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  CHECK ((lane IS NULL) = (text = '')),
  CHECK (snooze_hours IS NULL OR then_do = 'snooze')
);
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_together")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE macros, saved_replies, note_drafts"),
        tenant("note_drafts", "saved_replies", "macros"),
    ]
