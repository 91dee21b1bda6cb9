"""After it is out: read back who can read it, take back what should not be public, drafts for what to say instead."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

# verify_at: when the network is asked next who can read it. verified_at: it stated the audience that was meant.
_READ_BACK = """
ALTER TABLE {table} ADD verify_at timestamptz, ADD verified_at timestamptz, ADD verify_tries integer NOT NULL DEFAULT 0;
CREATE INDEX {table}_to_verify ON {table} (verify_at) WHERE verify_at IS NOT NULL;
"""
_DUE = """
CREATE OR REPLACE FUNCTION channels_to_send_on(due timestamptz)
RETURNS TABLE (workspace_id bigint, channel_id bigint, network text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
SELECT workspace_id, id, network FROM channels WHERE id IN (
  SELECT channel_id FROM public_replies WHERE next_at <= due UNION
  SELECT channel_id FROM direct_replies WHERE next_at <= due UNION
  SELECT channel_id FROM public_replies WHERE withdraw_at <= due UNION
  SELECT channel_id FROM direct_replies WHERE withdraw_at <= due UNION
  SELECT channel_id FROM public_replies WHERE verify_at <= due UNION
  SELECT channel_id FROM direct_replies WHERE verify_at <= due) $$;
CREATE OR REPLACE FUNCTION next_to_send_at() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
SELECT least((SELECT min(next_at) FROM public_replies WHERE next_at IS NOT NULL),
  (SELECT min(next_at) FROM direct_replies WHERE next_at IS NOT NULL),
  (SELECT min(withdraw_at) FROM public_replies WHERE withdraw_at IS NOT NULL),
  (SELECT min(withdraw_at) FROM direct_replies WHERE withdraw_at IS NOT NULL),
  (SELECT min(verify_at) FROM public_replies WHERE verify_at IS NOT NULL),
  (SELECT min(verify_at) FROM direct_replies WHERE verify_at IS NOT NULL)) $$;
"""
# One for each kind and case: what somebody is writing, kept for them and their colleagues. Never sent from here.
_DRAFTS = """
CREATE TABLE {table} (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  case_id bigint NOT NULL,
  version bigint NOT NULL,
  text text NOT NULL,
  in_reply_to bigint,
  second_person boolean NOT NULL DEFAULT false,
  by_id bigint NOT NULL,
  by_name text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, case_id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, in_reply_to) REFERENCES messages (workspace_id, id)
);
"""
# said: what stood there, where, and how far it had gone when it was taken back.
_REPAIRS = """
CREATE TABLE repairs (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  reply_id bigint NOT NULL,
  case_id bigint NOT NULL,
  reason text NOT NULL,
  said jsonb NOT NULL,
  by_id bigint NOT NULL,
  by_name text NOT NULL,
  lead_id bigint,
  at timestamptz NOT NULL,
  gone_at timestamptz,
  refused text,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, reply_id),
  FOREIGN KEY (workspace_id, reply_id) REFERENCES public_replies (workspace_id, id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id)
);
CREATE INDEX repairs_of_case ON repairs (workspace_id, case_id);
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0005_stops"), ("people", "0005_pages")]
    operations = [
        migrations.RunSQL(_READ_BACK.format(table="public_replies") + _READ_BACK.format(table="direct_replies")),
        migrations.RunSQL(_DUE, migrations.RunSQL.noop),
        migrations.RunSQL(_DRAFTS.format(table="public_drafts") + _DRAFTS.format(table="direct_drafts")),
        migrations.RunSQL(_REPAIRS, "DROP TABLE repairs"),
        tenant("public_drafts", "direct_drafts"),
        tenant("repairs", rights="SELECT, INSERT, UPDATE"),
    ]
