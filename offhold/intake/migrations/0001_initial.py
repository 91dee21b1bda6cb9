"""The log of everything that arrived."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP, PIPELINE
from offhold.kernel.db.tenancy import definer, tenant

TABLES = f"""
-- One thing a network handed us, raw, exactly as it came. Daily partitions, dropped after 30 days.
CREATE TABLE arrivals (
  day date NOT NULL,
  id bigint NOT NULL,
  workspace_id bigint NOT NULL,
  channel_id bigint NOT NULL,
  source text NOT NULL CHECK (source IN ('webhook', 'poll', 'stream', 'reread', 'confirmed')),
  received_at timestamptz NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (day, id)
) PARTITION BY RANGE (day);

-- The same body of the same channel is the same arrival. Kept 35 days: X replays up to 5, Meta retries about 36 hours.
CREATE TABLE arrival_keys (
  workspace_id bigint NOT NULL,
  channel_id bigint NOT NULL,
  key bytea NOT NULL CHECK (length(key) = 32),
  day date NOT NULL,
  PRIMARY KEY (channel_id, key)
);
CREATE INDEX arrival_keys_by_day ON arrival_keys (day);

-- What still has to be worked, by lane. Holds ids only, no customer's words, so the pipeline may see all of it.
CREATE TABLE arrival_queue (
  lane smallint NOT NULL,
  arrival_id bigint NOT NULL,
  day date NOT NULL,
  workspace_id bigint NOT NULL,
  channel_id bigint NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  not_before timestamptz,
  PRIMARY KEY (lane, arrival_id)
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
GRANT SELECT, INSERT, UPDATE, DELETE ON arrival_queue TO {PIPELINE};

-- One lane has one worker: a lease with a fencing number that grows with every new holder.
CREATE TABLE lanes (
  lane smallint PRIMARY KEY,
  holder text NOT NULL DEFAULT '',
  fence bigint NOT NULL DEFAULT 0,
  until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO lanes (lane) SELECT generate_series(0, 15);
GRANT SELECT, UPDATE ON lanes TO {PIPELINE};

-- An arrival put aside alone, with its reason, where a person sees it and can run it again.
CREATE TABLE dead_letters (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  channel_id bigint NOT NULL,
  arrival_id bigint NOT NULL,
  day date NOT NULL,
  reason text NOT NULL CHECK (reason IN ('malformed', 'failed')),
  detail text NOT NULL,
  at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, arrival_id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX dead_letters_open ON dead_letters (workspace_id, id DESC) WHERE settled_at IS NULL;

-- Where a poll or a stream stands; written in the same transaction as what it brought.
CREATE TABLE cursors (
  workspace_id bigint NOT NULL,
  channel_id bigint NOT NULL,
  stream text NOT NULL CHECK (stream IN ('poll', 'stream')),
  cursor json,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, stream),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id) ON DELETE CASCADE
);
"""

# Partitions are made and dropped by the owner; the worker may only ask for it.
ROLL = f"""
CREATE FUNCTION roll_arrivals(today date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE d date; part regclass; bound text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('roll_arrivals'));
  FOR d IN SELECT today + n FROM generate_series(-1, 2) n LOOP
    CONTINUE WHEN to_regclass('public.arrivals_' || to_char(d, 'YYYYMMDD')) IS NOT NULL;  -- no lock where nothing is to do
    EXECUTE format('CREATE TABLE public.arrivals_%s PARTITION OF public.arrivals FOR VALUES FROM (%L) TO (%L)',
                   to_char(d, 'YYYYMMDD'), d, d + 1);
  END LOOP;
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'public.arrivals'::regclass LOOP
    bound := substring(part::text from '[0-9]{{8}}$');
    IF to_date(bound, 'YYYYMMDD') < today - 30 THEN EXECUTE format('DROP TABLE %s', part); END IF;
  END LOOP;
  DELETE FROM public.arrival_keys WHERE day < today - 35;
END $$;
REVOKE ALL ON FUNCTION roll_arrivals FROM PUBLIC;
GRANT EXECUTE ON FUNCTION roll_arrivals TO {APP}, {PIPELINE};
SELECT roll_arrivals(current_date);
"""

# The web may put an arrival of its own workspace back into its lane; the queue itself it cannot see.
ENQUEUE = f"""
CREATE FUNCTION enqueue_arrival(lane smallint, arrival bigint, day date, workspace bigint, channel bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF workspace::text <> coalesce(current_setting('app.ws', true), '') OR NOT EXISTS (
    SELECT 1 FROM channels c WHERE c.workspace_id = workspace AND c.id = channel) THEN
    RAISE EXCEPTION 'not an arrival of this workspace';
  END IF;
  INSERT INTO arrival_queue (lane, arrival_id, day, workspace_id, channel_id) VALUES (lane, arrival, day, workspace, channel)
  ON CONFLICT DO NOTHING;
  NOTIFY offhold_arrivals;
END $$;
REVOKE ALL ON FUNCTION enqueue_arrival FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enqueue_arrival TO {APP}, {PIPELINE};
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_credentials_health"), ("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE cursors, dead_letters, lanes, arrival_queue, arrival_keys, arrivals"),
        tenant("arrivals", "arrival_keys", rights="SELECT, INSERT"),
        tenant("dead_letters", "cursors"),
        migrations.RunSQL(ROLL, "DROP FUNCTION roll_arrivals"),
        migrations.RunSQL(ENQUEUE, "DROP FUNCTION enqueue_arrival"),
        definer(
            "channel_of_hook",
            "token text",
            "TABLE (workspace_id bigint, channel_id bigint, network text)",
            "SELECT workspace_id, id, network FROM channels WHERE hook_token = token AND NOT paused",
        ),
        definer(
            "all_channels",
            "",
            "TABLE (workspace_id bigint, channel_id bigint, network text, paused boolean)",
            "SELECT workspace_id, id, network, paused FROM channels",
        ),
    ]
