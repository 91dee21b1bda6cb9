"""Cases that rest until a time or until their customer writes, and tags on cases."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import PIPELINE
from offhold.kernel.db.tenancy import tenant

# Both new columns of cases are NULL for nearly all of them and take no room there. `tags` says again what `case_tags`
# says, so that a line of the inbox needs no further look-up; only `cases.tagging` writes either, both at once.
TABLES = """
ALTER TABLE cases ADD snoozed_at timestamptz;
-- null: until the customer writes
ALTER TABLE cases ADD snoozed_until timestamptz;
ALTER TABLE cases ADD tags bigint[];
ALTER TABLE cases ADD CONSTRAINT cases_rest_while_open CHECK (snoozed_at IS NULL OR state = 'open');
ALTER TABLE cases ADD CONSTRAINT cases_rest_since CHECK (snoozed_until IS NULL OR snoozed_at IS NOT NULL);
CREATE INDEX cases_waking ON cases (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- A tag is drawn as a shape in ink: the three hues of the desk say who reads. One that is archived stays on its cases,
-- and nobody can put it on another.
CREATE TABLE tags (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  name text NOT NULL CHECK (name <> '' AND length(name) <= 40),
  shape text NOT NULL CHECK (shape IN ('dot', 'ring', 'square', 'diamond', 'triangle', 'bar')),
  ink text NOT NULL CHECK (ink IN ('soft', 'full')),
  archived_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX tags_by_name ON tags (workspace_id, lower(name)) WHERE archived_at IS NULL;
CREATE TABLE case_tags (
  workspace_id bigint NOT NULL,
  tag_id bigint NOT NULL,
  case_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, tag_id, case_id),
  FOREIGN KEY (workspace_id, tag_id) REFERENCES tags (workspace_id, id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id)
);
CREATE INDEX case_tags_of_case ON case_tags (workspace_id, case_id);
"""
# What rests is in nobody's way: neither to answer, nor waiting for somebody to take it.
COUNTING = """
ALTER TABLE queue_counters ADD snoozed bigint NOT NULL DEFAULT 0;
CREATE OR REPLACE FUNCTION count_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO queue_counters AS q (workspace_id, queue_id, open, to_answer, unassigned, snoozed)
    SELECT workspace_id, queue_id, count(*) FILTER (WHERE state = 'open'),
           count(*) FILTER (WHERE state = 'open' AND waiting_since IS NOT NULL AND snoozed_at IS NULL),
           count(*) FILTER (WHERE state = 'open' AND assignee_id IS NULL AND snoozed_at IS NULL),
           count(*) FILTER (WHERE snoozed_at IS NOT NULL)
    FROM new_rows GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (workspace_id, queue_id) DO UPDATE SET open = q.open + excluded.open,
      to_answer = q.to_answer + excluded.to_answer, unassigned = q.unassigned + excluded.unassigned,
      snoozed = q.snoozed + excluded.snoozed;
  ELSE
    INSERT INTO queue_counters AS q (workspace_id, queue_id, open, to_answer, unassigned, snoozed)
    SELECT workspace_id, queue_id, sum(o), sum(t), sum(u), sum(s) FROM (
      SELECT workspace_id, queue_id, (state = 'open')::int AS o,
             (state = 'open' AND waiting_since IS NOT NULL AND snoozed_at IS NULL)::int AS t,
             (state = 'open' AND assignee_id IS NULL AND snoozed_at IS NULL)::int AS u, (snoozed_at IS NOT NULL)::int AS s
      FROM new_rows
      UNION ALL
      SELECT workspace_id, queue_id, -(state = 'open')::int,
             -(state = 'open' AND waiting_since IS NOT NULL AND snoozed_at IS NULL)::int,
             -(state = 'open' AND assignee_id IS NULL AND snoozed_at IS NULL)::int, -(snoozed_at IS NOT NULL)::int
      FROM old_rows) d
    GROUP BY 1, 2 HAVING sum(o) <> 0 OR sum(t) <> 0 OR sum(u) <> 0 OR sum(s) <> 0 ORDER BY 1, 2
    ON CONFLICT (workspace_id, queue_id) DO UPDATE SET open = q.open + excluded.open,
      to_answer = q.to_answer + excluded.to_answer, unassigned = q.unassigned + excluded.unassigned,
      snoozed = q.snoozed + excluded.snoozed;
  END IF;
  RETURN NULL;
END $$;
"""
# The worker looks for what is due in all workspaces at once, and is told of nothing but which cases those are.
DUE = f"""
CREATE FUNCTION cases_to_wake(upto timestamptz, most integer) RETURNS TABLE (workspace_id bigint, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.workspace_id, c.id FROM public.cases c WHERE c.snoozed_until IS NOT NULL AND c.snoozed_until <= upto
  ORDER BY c.snoozed_until LIMIT most
$$;
REVOKE ALL ON FUNCTION cases_to_wake FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_to_wake TO {PIPELINE};
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_vouched")]
    operations = [
        migrations.RunSQL(TABLES),
        tenant("tags", rights="SELECT, INSERT, UPDATE"),
        tenant("case_tags"),
        migrations.RunSQL(COUNTING),
        migrations.RunSQL(DUE),
    ]
