"""Customers, messages, conversations, cases."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP
from offhold.kernel.db.tenancy import tenant

TABLES = """
-- Where cases wait.
CREATE TABLE queues (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
-- A human. merged_into: known to be the same as another; followed, never deleted, so that a merge can be undone.
CREATE TABLE customers (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  merged_into bigint,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, merged_into) REFERENCES customers (workspace_id, id),
  CHECK (merged_into <> id)
);
-- One of a customer's accounts on a network, keyed by the network's stable id; handle and name are attributes.
CREATE TABLE identities (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  network text NOT NULL,
  account text NOT NULL,
  customer_id bigint NOT NULL,
  handle text NOT NULL,
  name text NOT NULL,
  avatar_url text NOT NULL,
  followers bigint,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, network, account),
  FOREIGN KEY (workspace_id, customer_id) REFERENCES customers (workspace_id, id)
);
CREATE INDEX identities_of_customer ON identities (workspace_id, customer_id);

-- One thread on one channel: network_key is the root's id in public, the conversation's id in private.
CREATE TABLE conversations (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  channel_id bigint NOT NULL,
  audience text NOT NULL CHECK (audience IN ('public', 'private')),
  network_key text NOT NULL,
  identity_id bigint,           -- who we speak with in private
  others integer NOT NULL DEFAULT 0,  -- messages by others than us: is this a busy post
  read_at timestamptz,          -- when its thread was last read again
  last_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, channel_id, audience, network_key),
  UNIQUE (workspace_id, id, audience),  -- for the key that keeps a message's audience that of its conversation
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, identity_id) REFERENCES identities (workspace_id, id)
);

-- One customer's matter from first word to solved.
-- home: new messages of the identity join this case; at most one open home per identity. A split-off case is no home.
CREATE TABLE cases (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  reference bigint NOT NULL,
  customer_id bigint NOT NULL,
  identity_id bigint NOT NULL,
  channel_id bigint NOT NULL,
  queue_id bigint NOT NULL,
  home boolean NOT NULL DEFAULT true,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved', 'merged')),
  version bigint NOT NULL DEFAULT 1,
  assignee_id bigint,
  opened_at timestamptz NOT NULL,
  resolved_at timestamptz,
  last_at timestamptz NOT NULL,
  last_in_at timestamptz,
  last_out_at timestamptz,
  waiting_since timestamptz,    -- the oldest word of the customer that nobody has answered; null: nothing to answer
  title text NOT NULL DEFAULT '',
  title_private boolean NOT NULL DEFAULT false,
  snippet text NOT NULL DEFAULT '',
  snippet_at timestamptz,
  last_audience text NOT NULL CHECK (last_audience IN ('public', 'private')),
  holds_public boolean NOT NULL DEFAULT false,
  holds_private boolean NOT NULL DEFAULT false,
  messages integer NOT NULL DEFAULT 0,
  linked_case_id bigint,        -- the earlier case this one follows
  merged_into bigint,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, reference),
  FOREIGN KEY (workspace_id, customer_id) REFERENCES customers (workspace_id, id),
  FOREIGN KEY (workspace_id, identity_id) REFERENCES identities (workspace_id, id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id),
  FOREIGN KEY (workspace_id, queue_id) REFERENCES queues (workspace_id, id),
  FOREIGN KEY (workspace_id, merged_into) REFERENCES cases (workspace_id, id),
  CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL) OR state = 'merged')
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX cases_one_open_home ON cases (workspace_id, identity_id) WHERE state = 'open' AND home;
CREATE INDEX cases_of_identity ON cases (workspace_id, identity_id, opened_at DESC);
CREATE INDEX cases_of_customer ON cases (workspace_id, customer_id, opened_at DESC);
CREATE INDEX cases_open ON cases (workspace_id, last_at DESC, id DESC) WHERE state = 'open';
CREATE INDEX cases_open_by_queue ON cases (workspace_id, queue_id, last_at DESC, id DESC) WHERE state = 'open';
CREATE INDEX cases_waiting ON cases (workspace_id, last_at DESC, id DESC) WHERE state = 'open' AND waiting_since IS NOT NULL;
CREATE INDEX cases_waiting_longest ON cases (workspace_id, waiting_since) WHERE state = 'open' AND waiting_since IS NOT NULL;
CREATE INDEX cases_mine ON cases (workspace_id, assignee_id, last_at DESC, id DESC) WHERE state = 'open' AND assignee_id IS NOT NULL;
CREATE INDEX cases_resolved ON cases (workspace_id, last_at DESC, id DESC) WHERE state = 'resolved';

-- One thing said on a network. Its audience never changes (a trigger says so) and is its conversation's.
CREATE TABLE messages (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  channel_id bigint NOT NULL,
  network_id text NOT NULL,
  audience text NOT NULL,
  conversation_id bigint NOT NULL,
  case_id bigint,
  identity_id bigint,           -- null: said by us
  text text NOT NULL,
  at timestamptz NOT NULL,
  parent text,
  quotes text,
  lang text,
  url text,
  media jsonb,
  native jsonb,
  version text NOT NULL DEFAULT '',
  edited_at timestamptz,
  deleted_at timestamptz,
  hidden boolean NOT NULL DEFAULT false,
  owed boolean NOT NULL,
  reason text NOT NULL,         -- why owed, or why it is a voice
  likes integer, reposts integer, replies integer,
  reply_id bigint,              -- which of our replies this is the network's copy of; null and ours: said outside the desk
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, channel_id, network_id),
  FOREIGN KEY (workspace_id, conversation_id, audience) REFERENCES conversations (workspace_id, id, audience),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id),
  FOREIGN KEY (workspace_id, identity_id) REFERENCES identities (workspace_id, id)
);
CREATE INDEX messages_of_case ON messages (workspace_id, case_id, at DESC, id DESC) WHERE case_id IS NOT NULL;
CREATE INDEX messages_without_case ON messages (workspace_id, conversation_id, identity_id, at DESC) WHERE case_id IS NULL;

-- What a message said before it was edited.
CREATE TABLE message_versions (
  workspace_id bigint NOT NULL,
  message_id bigint NOT NULL,
  version text NOT NULL,
  text text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, message_id, version),
  FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
-- Edits, deletions and hidings of messages we have not got yet: order is never assumed.
CREATE TABLE early_signals (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  channel_id bigint NOT NULL,
  network_id text NOT NULL,
  signal jsonb NOT NULL,
  at timestamptz NOT NULL,
  key text NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, network_id, key)
);
-- A conversation whose messages of one customer belong to a case that is not the customer's home: made by split.
CREATE TABLE case_pins (
  workspace_id bigint NOT NULL,
  identity_id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  case_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, identity_id, conversation_id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id)
);
-- What happened to a case, for its timeline.
CREATE TABLE case_events (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  params jsonb NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id)
);
CREATE INDEX case_events_of_case ON case_events (workspace_id, case_id, at);
-- Merges and splits as they were done, with what is needed to undo them.
CREATE TABLE merges (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('case', 'customer', 'split')),
  from_id bigint NOT NULL,
  into_id bigint NOT NULL,
  moved jsonb NOT NULL,
  by_id bigint,
  at timestamptz NOT NULL,
  undone_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
-- Counters of the inbox, kept by a trigger in the transaction that changes a case: exact, never counted live.
CREATE TABLE queue_counters (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  queue_id bigint NOT NULL,
  open bigint NOT NULL DEFAULT 0,
  to_answer bigint NOT NULL DEFAULT 0,
  unassigned bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, queue_id)
) WITH (fillfactor = 50);
"""

TRIGGERS = f"""
CREATE FUNCTION count_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO queue_counters AS q (workspace_id, queue_id, open, to_answer, unassigned)
    SELECT workspace_id, queue_id, count(*) FILTER (WHERE state = 'open'),
           count(*) FILTER (WHERE state = 'open' AND waiting_since IS NOT NULL),
           count(*) FILTER (WHERE state = 'open' AND assignee_id IS NULL)
    FROM new_rows GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (workspace_id, queue_id) DO UPDATE SET open = q.open + excluded.open,
      to_answer = q.to_answer + excluded.to_answer, unassigned = q.unassigned + excluded.unassigned;
  ELSE
    INSERT INTO queue_counters AS q (workspace_id, queue_id, open, to_answer, unassigned)
    SELECT workspace_id, queue_id, sum(o), sum(t), sum(u) FROM (
      SELECT workspace_id, queue_id, (state = 'open')::int AS o, (state = 'open' AND waiting_since IS NOT NULL)::int AS t,
             (state = 'open' AND assignee_id IS NULL)::int AS u FROM new_rows
      UNION ALL
      SELECT workspace_id, queue_id, -(state = 'open')::int, -(state = 'open' AND waiting_since IS NOT NULL)::int,
             -(state = 'open' AND assignee_id IS NULL)::int FROM old_rows) d
    GROUP BY 1, 2 HAVING sum(o) <> 0 OR sum(t) <> 0 OR sum(u) <> 0 ORDER BY 1, 2
    ON CONFLICT (workspace_id, queue_id) DO UPDATE SET open = q.open + excluded.open,
      to_answer = q.to_answer + excluded.to_answer, unassigned = q.unassigned + excluded.unassigned;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER count_new AFTER INSERT ON cases REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_cases();
CREATE TRIGGER count_changed AFTER UPDATE ON cases REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_cases();
GRANT EXECUTE ON FUNCTION count_cases TO {APP};

CREATE FUNCTION audience_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audience of a message never changes'; END $$;
CREATE TRIGGER message_audience BEFORE UPDATE OF audience ON messages FOR EACH ROW
  WHEN (OLD.audience IS DISTINCT FROM NEW.audience) EXECUTE FUNCTION audience_never_changes();
CREATE TRIGGER conversation_audience BEFORE UPDATE OF audience ON conversations FOR EACH ROW
  WHEN (OLD.audience IS DISTINCT FROM NEW.audience) EXECUTE FUNCTION audience_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_credentials_health"), ("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        tenant("queues", "customers", "identities", "conversations", "cases", "messages", "message_versions"),
        tenant("early_signals", "case_pins", "case_events", "merges", "queue_counters"),
    ]
