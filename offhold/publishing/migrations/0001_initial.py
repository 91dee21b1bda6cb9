"""What we mean to say, to everyone and to one person: two tables, and every attempt to send from each."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import definer, tenant

# Written when it becomes INTENT and frozen: what is sent is what was meant.
# key: our own id towards the network, the same through all attempts. author_id: the membership; no foreign key, for
# what was said outlives the membership of who said it. case_version: what was on the author's screen.
_MEANT = """
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  client_key text NOT NULL CHECK (length(client_key) BETWEEN 8 AND 64),
  key text NOT NULL CHECK (key ~ '^[0-9a-f]{32}$'),
  case_id bigint NOT NULL,
  case_version bigint NOT NULL,
  channel_id bigint NOT NULL,
  account_id text NOT NULL,
  text text NOT NULL,
  text_sha256 bytea NOT NULL CHECK (length(text_sha256) = 32),
  author_id bigint NOT NULL,
  duty_name text NOT NULL,
  initials text NOT NULL,
  prepared jsonb,
  created_at timestamptz NOT NULL,
"""

# How it stands (publishing/steps). next_at: when the sender looks at it; whatever still moves has one, so nothing can
# be forgotten. withdraw_at: it stands on the network for the wrong audience and is to be deleted there.
_STANDS = """
  state text NOT NULL CHECK (state IN
    ('intent', 'sending', 'sent', 'refused', 'unknown', 'reconciling', 'needs_human', 'cancelled')),
  until timestamptz NOT NULL,
  next_at timestamptz,
  tries integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  deadline timestamptz,
  unknown_at timestamptz,
  absences integer NOT NULL DEFAULT 0,
  absent_at timestamptz,
  error_code text,
  error_text text,
  network_id text,
  sent_at timestamptz,
  withdraw_at timestamptz,
  evidence jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, client_key),
  UNIQUE (workspace_id, key),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id),
  FOREIGN KEY (workspace_id, in_reply_to) REFERENCES messages (workspace_id, id),
  CHECK ((next_at IS NOT NULL) = (state IN ('intent', 'sending', 'unknown', 'reconciling'))),
  CHECK (state <> 'sent' OR sent_at IS NOT NULL),
  CHECK (state <> 'sending' OR deadline IS NOT NULL),
  CHECK (state <> 'refused' OR error_code IS NOT NULL)
"""

TABLES = f"""
-- Said to everyone. It stands in a public conversation, or nowhere.
CREATE TABLE public_replies ({_MEANT}
  audience text NOT NULL CHECK (audience = 'public'),
  conversation_id bigint NOT NULL,
  in_reply_to bigint NOT NULL,
  parent_id text NOT NULL,
  parent_native jsonb,
  root_id text NOT NULL,
  root_native jsonb,
  pictures jsonb NOT NULL,
  FOREIGN KEY (workspace_id, conversation_id, audience) REFERENCES conversations (workspace_id, id, audience),
  {_STANDS}
);
-- Said to one person: in a private conversation, or to an identity with whom we have none yet.
CREATE TABLE direct_replies ({_MEANT}
  audience text NOT NULL CHECK (audience = 'private'),
  conversation_id bigint,
  conversation text,
  in_reply_to bigint,
  identity_id bigint NOT NULL,
  recipient_id text NOT NULL,
  FOREIGN KEY (workspace_id, conversation_id, audience) REFERENCES conversations (workspace_id, id, audience),
  FOREIGN KEY (workspace_id, identity_id) REFERENCES identities (workspace_id, id),
  CHECK ((conversation IS NULL) = (conversation_id IS NULL)),
  {_STANDS}
);
"""


def _attempts(kind: str) -> str:
    """The attempts and indexes of one of the two tables."""
    return f"""
-- One row for each time a socket was opened for it; written before it opened.
CREATE TABLE {kind}_attempts (
  workspace_id bigint NOT NULL,
  reply_id bigint NOT NULL,
  n integer NOT NULL,
  fence bigint NOT NULL,
  started_at timestamptz NOT NULL,
  deadline timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text,
  detail text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, reply_id, n),
  FOREIGN KEY (workspace_id, reply_id) REFERENCES {kind}_replies (workspace_id, id) ON DELETE CASCADE,
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX {kind}_replies_due ON {kind}_replies (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX {kind}_replies_moving ON {kind}_replies (workspace_id, channel_id, id) WHERE next_at IS NOT NULL;
CREATE INDEX {kind}_replies_to_withdraw ON {kind}_replies (withdraw_at) WHERE withdraw_at IS NOT NULL;
CREATE INDEX {kind}_replies_before_a_human ON {kind}_replies (workspace_id, channel_id, id) WHERE state = 'needs_human';
CREATE INDEX {kind}_replies_of_case ON {kind}_replies (workspace_id, case_id, id);
CREATE INDEX {kind}_replies_on_network ON {kind}_replies (workspace_id, channel_id, network_id)
  WHERE network_id IS NOT NULL;
"""


WRITERS = """
-- One writer per channel: a lease with a fencing number that grows with every new holder. Lease time is the database's.
CREATE TABLE channel_writers (
  workspace_id bigint NOT NULL,
  channel_id bigint NOT NULL,
  holder text NOT NULL,
  fence bigint NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, channel_id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id) ON DELETE CASCADE
);
"""

# What is sent is what was meant: after INTENT nobody changes the words, the target, or the key.
FROZEN = """
CREATE FUNCTION meant_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what a reply says, to whom, from where and under which key never changes'; END $$;
CREATE TRIGGER public_reply_frozen BEFORE UPDATE OF workspace_id, id, client_key, key, channel_id, account_id, text,
  text_sha256, author_id, prepared, audience, conversation_id, in_reply_to, parent_id, parent_native, root_id,
  root_native, pictures ON public_replies FOR EACH ROW EXECUTE FUNCTION meant_never_changes();
CREATE TRIGGER direct_reply_frozen BEFORE UPDATE OF workspace_id, id, client_key, key, channel_id, account_id, text,
  text_sha256, author_id, prepared, audience, conversation_id, conversation, in_reply_to, identity_id, recipient_id
  ON direct_replies FOR EACH ROW EXECUTE FUNCTION meant_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE direct_replies, public_replies"),
        migrations.RunSQL(_attempts("public") + _attempts("direct"), "DROP TABLE direct_attempts, public_attempts"),
        migrations.RunSQL(FROZEN, "DROP FUNCTION meant_never_changes CASCADE"),
        migrations.RunSQL(WRITERS, "DROP TABLE channel_writers"),
        tenant("public_replies", "direct_replies", rights="SELECT, INSERT, UPDATE"),
        tenant("public_attempts", "direct_attempts", "channel_writers", rights="SELECT, INSERT, UPDATE"),
        definer(
            "channels_to_send_on",
            "due timestamptz",
            "TABLE (workspace_id bigint, channel_id bigint, network text)",
            "SELECT workspace_id, id, network FROM channels WHERE id IN ("
            "SELECT channel_id FROM public_replies WHERE next_at <= due"
            " UNION SELECT channel_id FROM direct_replies WHERE next_at <= due"
            " UNION SELECT channel_id FROM public_replies WHERE withdraw_at <= due"
            " UNION SELECT channel_id FROM direct_replies WHERE withdraw_at <= due)",
        ),
        definer(
            "next_to_send_at",
            "",
            "timestamptz",
            "SELECT least((SELECT min(next_at) FROM public_replies WHERE next_at IS NOT NULL),"
            " (SELECT min(next_at) FROM direct_replies WHERE next_at IS NOT NULL),"
            " (SELECT min(withdraw_at) FROM public_replies WHERE withdraw_at IS NOT NULL),"
            " (SELECT min(withdraw_at) FROM direct_replies WHERE withdraw_at IS NOT NULL))",
        ),
    ]
