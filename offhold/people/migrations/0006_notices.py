"""What one person is told: somebody needs them, until they have seen it."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

# case_id: no foreign key, for cases come after people. reference: what the case is called, which never changes.
# params: names of colleagues and codes, never a customer's words.
NOTICES = """
CREATE TABLE notices (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  membership_id bigint NOT NULL REFERENCES memberships ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('mention', 'assigned', 'handed_over', 'woke', 'sent_back', 'page')),
  case_id bigint,
  reference text,
  params jsonb NOT NULL,
  at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX notices_of_one ON notices (workspace_id, membership_id, id DESC);
CREATE INDEX notices_unread ON notices (workspace_id, membership_id) WHERE read_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_pages")]
    operations = [
        migrations.RunSQL(NOTICES, "DROP TABLE notices"),
        tenant("notices"),
    ]
