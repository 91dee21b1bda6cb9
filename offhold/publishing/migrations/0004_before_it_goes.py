"""Before a reply is meant to go out: somebody agrees to exactly these words, it is held, it is looked at again."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

# asks: why a second person has to agree, as codes with parameters; empty: nobody has to.
# approved_sha256: the words that were agreed to. alone: the author is the only person there is; they look twice.
# anyway: the author was shown what the customer said since, and answers all the same.
# looked: what the guard found at the moment of sending and the author let stand.
# edited_by: who agreed after changing the words; edited_from: the reply as it was before.
_ADDED = """
ALTER TABLE {table}
  ADD asks jsonb NOT NULL DEFAULT '[]',
  ADD looked jsonb NOT NULL DEFAULT '[]',
  ADD alone boolean NOT NULL DEFAULT false,
  ADD anyway boolean NOT NULL DEFAULT false,
  ADD asked_at timestamptz,
  ADD approved_by bigint,
  ADD approved_name text,
  ADD approved_at timestamptz,
  ADD approved_sha256 bytea CHECK (length(approved_sha256) = 32),
  ADD edited_by bigint,
  ADD edited_from bigint,
  ADD scheduled_for timestamptz,
  ADD time_zone text,
  ADD automatic boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT {table}_state_check,
  DROP CONSTRAINT {next_at_check},
  ADD CONSTRAINT {table}_state_check CHECK (state IN
    ('approval', 'held', 'review',
     'intent', 'sending', 'sent', 'refused', 'unknown', 'reconciling', 'needs_human', 'cancelled')),
  ADD CONSTRAINT {table}_looked_at CHECK
    ((next_at IS NOT NULL) = (state IN ('approval', 'held', 'intent', 'sending', 'unknown', 'reconciling'))),
  -- What goes out is what was agreed to, by somebody who did not write it; who is alone agrees to it later.
  ADD CONSTRAINT {table}_agreed CHECK
    (asks = '[]' OR state IN ('approval', 'cancelled') OR (approved_sha256 IS NOT NULL AND approved_sha256 = text_sha256
     AND approved_at IS NOT NULL AND (approved_by <> author_id OR alone))),
  ADD CONSTRAINT {table}_only_who_is_asked CHECK (state <> 'approval' OR asks <> '[]'),
  ADD CONSTRAINT {table}_machines_have_no_author CHECK (NOT automatic OR author_id = 0),
  ADD FOREIGN KEY (workspace_id, edited_from) REFERENCES {table} (workspace_id, id);
CREATE INDEX {table}_unsent ON {table} (workspace_id, case_id, id) WHERE state IN ('approval', 'held', 'review');
CREATE INDEX {table}_unsent_on_channel ON {table} (workspace_id, channel_id)
  WHERE state IN ('approval', 'held', 'review');
"""

_FROZEN = """
CREATE TRIGGER public_reply_asked_frozen BEFORE UPDATE OF asks, looked, alone, anyway, edited_by, edited_from,
  automatic, scheduled_for, time_zone ON public_replies FOR EACH ROW EXECUTE FUNCTION meant_never_changes();
CREATE TRIGGER direct_reply_asked_frozen BEFORE UPDATE OF asks, looked, alone, anyway, edited_by, edited_from,
  automatic, scheduled_for, time_zone ON direct_replies FOR EACH ROW EXECUTE FUNCTION meant_never_changes();
"""

# The one policy of a workspace, and every policy it ever had: the record of a reply must be able to say which held.
_POLICY = """
CREATE TABLE publishing_policies (
  workspace_id bigint PRIMARY KEY REFERENCES workspaces ON DELETE CASCADE,
  version bigint NOT NULL,
  policy jsonb NOT NULL
);
CREATE TABLE publishing_policy_versions (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  version bigint NOT NULL,
  policy jsonb NOT NULL,
  changed_by bigint NOT NULL,
  changed_name text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, version)
);
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_doubted")]
    operations = [
        migrations.RunSQL(_ADDED.format(table="public_replies", next_at_check="public_replies_check")),
        migrations.RunSQL(_ADDED.format(table="direct_replies", next_at_check="direct_replies_check1")),
        migrations.RunSQL(_FROZEN),
        migrations.RunSQL(_POLICY, "DROP TABLE publishing_policies, publishing_policy_versions"),
        tenant("publishing_policies", rights="SELECT, INSERT, UPDATE"),
        tenant("publishing_policy_versions", rights="SELECT, INSERT"),
    ]
