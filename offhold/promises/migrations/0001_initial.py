"""What is owed to customers and by when, and which open case is looked at next."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.references import refers
from offhold.kernel.db.roles import APP, PIPELINE
from offhold.kernel.db.tenancy import tenant

TABLES = """
-- One thing owed. By rule: `subject` is what it began with (a message, the case, the event that opened it again), and
-- the same subject owes the same thing once. Given by a person: `given_by`, words in `about`, perhaps a rhythm.
-- due_at: when it has to be kept; late_at: since when it is late; told: the next word is the promise itself.
-- policy: the version of the policy it was made under, 0: what Offhold has by itself.
CREATE TABLE promises (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  made_in bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('first_reply', 'next_word', 'resolution')),
  subject bigint,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'broken', 'released')),
  starts_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  late_at timestamptz,
  ended_at timestamptz,
  how text CHECK (how IN ('answered', 'resolved', 'overtaken', 'missed', 'released')),
  audience text CHECK (audience IN ('public', 'private')),
  channel_id bigint,
  target integer,               -- seconds
  rule text,
  policy bigint,
  hours jsonb,
  pauses jsonb NOT NULL DEFAULT '[]',
  wall_s bigint,                -- how long it took by the clock on the wall, and by the hours it is counted in
  business_s bigint,
  client_key uuid,
  given_by bigint,
  given_name text,
  about text,
  told boolean NOT NULL DEFAULT false,
  rhythm jsonb,
  follows bigint,               -- the one before in a rhythm
  released_by bigint,
  released_name text,
  reason text,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id),
  FOREIGN KEY (workspace_id, follows) REFERENCES promises (workspace_id, id),
  -- What is over has an end and a way it ended; what is owed has neither.
  CHECK ((state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (how IS NULL)),
  -- Nobody is let off without a reason.
  CHECK (how IS DISTINCT FROM 'released' OR subject IS NOT NULL OR (reason <> '' AND released_by IS NOT NULL)),
  -- Owed by rule or given by somebody, never both and never neither.
  CHECK ((subject IS NULL) = (given_by IS NOT NULL)),
  CHECK (subject IS NULL OR (target IS NOT NULL AND rule IS NOT NULL AND policy IS NOT NULL AND hours IS NOT NULL)),
  CHECK (rhythm IS NULL OR given_by IS NOT NULL)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX promises_owed_once ON promises (workspace_id, kind, subject) WHERE subject IS NOT NULL;
CREATE UNIQUE INDEX promises_given_once ON promises (workspace_id, given_by, client_key) WHERE client_key IS NOT NULL;
CREATE UNIQUE INDEX promises_follow_once ON promises (workspace_id, follows) WHERE follows IS NOT NULL;
CREATE INDEX promises_of_case ON promises (workspace_id, case_id, starts_at);
CREATE INDEX promises_given ON promises (workspace_id, made_in) WHERE subject IS NULL;
CREATE INDEX promises_open ON promises (workspace_id, due_at) WHERE state = 'open';
CREATE INDEX promises_ended ON promises (workspace_id, ended_at) WHERE state <> 'open';

-- Each open case has exactly one line here: the moment at which it is looked at again, at the latest. A trigger of
-- `cases` sees to that, whoever changes them; it knows no rule, it says "look". -infinity: now.
-- due_at to `late`: what is due next, as screens show it.
CREATE TABLE case_watch (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  case_id bigint NOT NULL,
  look_at timestamptz NOT NULL DEFAULT '-infinity',
  promise_id bigint,
  kind text,
  starts_at timestamptz,
  due_at timestamptz,
  paused boolean NOT NULL DEFAULT false,
  late boolean NOT NULL DEFAULT false,
  owed integer NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, case_id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id),
  CHECK ((promise_id IS NULL) = (due_at IS NULL) AND (due_at IS NULL) = (kind IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX case_watch_next ON case_watch (look_at);
CREATE INDEX case_watch_due ON case_watch (workspace_id, due_at, case_id) WHERE due_at IS NOT NULL;

CREATE TABLE promise_policies (
  workspace_id bigint PRIMARY KEY REFERENCES workspaces ON DELETE CASCADE,
  version bigint NOT NULL,
  policy jsonb NOT NULL
);
CREATE TABLE promise_policy_versions (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  version bigint NOT NULL,
  policy jsonb NOT NULL,
  changed_by bigint NOT NULL,
  changed_name text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, version)
);
-- The watcher's own sign of life, by the machine's clock: it is missed when it stops.
CREATE TABLE promise_watcher (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  looked_at timestamptz NOT NULL,
  behind double precision NOT NULL DEFAULT 0
);
INSERT INTO promise_watcher (looked_at) VALUES ('-infinity');
"""
WATCH = f"""
CREATE FUNCTION watch_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO case_watch (workspace_id, case_id) SELECT workspace_id, id FROM new_rows ORDER BY workspace_id, id;
  ELSE
    INSERT INTO case_watch AS w (workspace_id, case_id)
    SELECT n.workspace_id, n.id FROM new_rows n JOIN old_rows o USING (workspace_id, id)
    WHERE (n.state, n.opened_at, n.waiting_since, n.last_out_at, n.vouched_at, n.snoozed_at, n.tags, n.channel_id)
      IS DISTINCT FROM (o.state, o.opened_at, o.waiting_since, o.last_out_at, o.vouched_at, o.snoozed_at, o.tags,
                        o.channel_id)
    UNION  -- what is merged or parted is a matter of the other case too
    SELECT n.workspace_id, part.into_id FROM new_rows n JOIN old_rows o USING (workspace_id, id)
    CROSS JOIN LATERAL (VALUES (n.merged_into), (o.merged_into)) AS part (into_id)
    WHERE n.merged_into IS DISTINCT FROM o.merged_into AND part.into_id IS NOT NULL
    ORDER BY 1, 2
    ON CONFLICT (workspace_id, case_id) DO UPDATE SET look_at = '-infinity';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER watch_new AFTER INSERT ON cases REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION watch_cases();
CREATE TRIGGER watch_changed AFTER UPDATE ON cases REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION watch_cases();
GRANT EXECUTE ON FUNCTION watch_cases TO {APP};
INSERT INTO case_watch (workspace_id, case_id) SELECT workspace_id, id FROM cases WHERE state = 'open';

-- The watcher looks at all workspaces at once, and is told of nothing but which cases those are.
CREATE FUNCTION cases_to_look_at(upto timestamptz, most integer) RETURNS TABLE (workspace_id bigint, case_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT w.workspace_id, w.case_id FROM public.case_watch w WHERE w.look_at <= upto ORDER BY w.look_at LIMIT most
$$;
REVOKE ALL ON FUNCTION cases_to_look_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_to_look_at TO {PIPELINE};

-- What must be 0 at every moment: open cases that nothing watches. The number, and nothing of any case.
CREATE FUNCTION unwatched_cases() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT count(*) FROM public.cases c WHERE c.state = 'open' AND NOT EXISTS (
    SELECT FROM public.case_watch w WHERE w.workspace_id = c.workspace_id AND w.case_id = c.id)
$$;
REVOKE ALL ON FUNCTION unwatched_cases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unwatched_cases TO {APP}, {PIPELINE};
GRANT SELECT, UPDATE ON promise_watcher TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_open_in_use")]
    operations = [
        migrations.RunSQL(TABLES),
        tenant("promises", "case_watch"),
        tenant("promise_policies", rights="SELECT, INSERT, UPDATE"),
        tenant("promise_policy_versions", rights="SELECT, INSERT"),
        migrations.RunSQL(WATCH),
        refers("promises", case_id="cases"),
        refers("case_watch", case_id="cases"),
    ]
