"""What was said, filed by its words; filled behind the hot path from a queue that triggers keep in the same transaction.

docs/decisions/0013-search.md has the figures behind this shape.
"""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP, PIPELINE
from offhold.kernel.db.tenancy import definer, tenant

TABLES = """
-- What is to be filed anew: messages (m), notes (n), identities (i); one row for each statement that wrote them.
CREATE TABLE search_queue (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint NOT NULL,
  kind "char" NOT NULL CHECK (kind IN ('m', 'n', 'i')),
  new boolean NOT NULL,  -- never filed before: their ids say when they came, and so how far the index is
  ids bigint[] NOT NULL
);
CREATE INDEX search_queue_of_workspace ON search_queue (workspace_id, n);
-- A company's words are filed in slices, each of some thousand things, newest last: a page is looked for in the newest
-- slice first, so that a common word never collects its millions.
CREATE SEQUENCE search_slice_numbers AS bigint MAXVALUE 8388607;
CREATE TABLE search_slices (
  workspace_id bigint NOT NULL,
  n bigint NOT NULL,
  items integer NOT NULL,
  first_at timestamptz NOT NULL,  -- when what is in it was said
  last_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, n)
);
-- keys: the slice in the high 24 bits, 40 bits of a word's hash below, so that the index has each slice in one place
CREATE TABLE search_items (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL,
  slice bigint NOT NULL,
  kind "char" NOT NULL,
  public boolean NOT NULL,
  at timestamptz NOT NULL,
  keys bigint[] NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX search_items_keys ON search_items USING gin (keys) WITH (fastupdate = off);
-- The words of people's names and handles, for what begins with a few letters.
CREATE TABLE search_names (
  workspace_id bigint NOT NULL,
  word text COLLATE "C" NOT NULL,
  identity_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, word, identity_id)
);
CREATE INDEX search_names_of_identity ON search_names (workspace_id, identity_id);
"""

TRIGGERS = f"""
CREATE FUNCTION file_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO search_queue (workspace_id, kind, new, ids)
  SELECT workspace_id, TG_ARGV[0]::"char", TG_OP = 'INSERT', array_agg(id ORDER BY id)
  FROM (SELECT workspace_id, id, row_number() OVER (ORDER BY workspace_id, id) / 500 AS part FROM changed_rows) r
  GROUP BY workspace_id, part ORDER BY min(id);
  IF FOUND THEN NOTIFY offhold_search; END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION file_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO search_queue (workspace_id, kind, new, ids)
  VALUES (NEW.workspace_id, TG_ARGV[0]::"char", false, ARRAY[NEW.id]);
  NOTIFY offhold_search;
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION file_new, file_anew TO {APP};

CREATE TRIGGER file_said AFTER INSERT ON messages REFERENCING NEW TABLE AS changed_rows
  FOR EACH STATEMENT EXECUTE FUNCTION file_new('m');
CREATE TRIGGER file_gone AFTER DELETE ON messages REFERENCING OLD TABLE AS changed_rows
  FOR EACH STATEMENT EXECUTE FUNCTION file_new('m');
CREATE TRIGGER file_edited AFTER UPDATE OF text, deleted_at ON messages FOR EACH ROW
  WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
  EXECUTE FUNCTION file_anew('m');
CREATE TRIGGER file_noted AFTER INSERT ON notes REFERENCING NEW TABLE AS changed_rows
  FOR EACH STATEMENT EXECUTE FUNCTION file_new('n');
CREATE TRIGGER file_unnoted AFTER DELETE ON notes REFERENCING OLD TABLE AS changed_rows
  FOR EACH STATEMENT EXECUTE FUNCTION file_new('n');
CREATE TRIGGER file_renoted AFTER UPDATE OF text ON notes FOR EACH ROW
  WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION file_anew('n');
CREATE TRIGGER file_known AFTER INSERT ON identities REFERENCING NEW TABLE AS changed_rows
  FOR EACH STATEMENT EXECUTE FUNCTION file_new('i');
CREATE TRIGGER file_renamed AFTER UPDATE OF handle, name ON identities FOR EACH ROW
  WHEN (OLD.handle IS DISTINCT FROM NEW.handle OR OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION file_anew('i');

-- What is stored already is filed like what comes, oldest first.
INSERT INTO search_queue (workspace_id, kind, new, ids)
SELECT workspace_id, kind, true, array_agg(id ORDER BY id) FROM (
  SELECT workspace_id, 'm'::"char" AS kind, id, row_number() OVER (PARTITION BY workspace_id ORDER BY id) / 500 AS part
  FROM messages
  UNION ALL SELECT workspace_id, 'n', id, row_number() OVER (PARTITION BY workspace_id ORDER BY id) / 500 FROM notes
  UNION ALL SELECT workspace_id, 'i', id, row_number() OVER (PARTITION BY workspace_id ORDER BY id) / 500 FROM identities
) stored GROUP BY workspace_id, kind, part ORDER BY min(id);
"""

# Row-level security would keep PostgreSQL from using the index: @> is not leakproof. So this runs as the owner, and the
# workspace is the transaction's own, never an argument.
_SLICES = """(
      SELECT w.n FROM search_slices w
      WHERE w.workspace_id = ws AND w.n <= from_slice AND w.first_at < until AND w.last_at >= since
      ORDER BY w.n DESC) s"""
# + 0: the index on the workspace is never the one to use
_FILED = """
      SELECT f.id, f.kind, f.at FROM search_items f
      WHERE f.keys @> ARRAY(SELECT (s.n << 40) | k FROM unnest(all_of) k) {more}
        AND f.workspace_id + 0 = ws AND (with_private OR f.public) AND f.at >= since AND f.at < until
        AND strpos(kinds, f.kind::text) > 0
        AND (s.n < from_slice OR (f.at, f.id) < (from_at, from_id))
      ORDER BY f.at DESC, f.id DESC LIMIT want"""
_ANY = "AND f.keys && ARRAY(SELECT (s.n << 40) | k FROM unnest(any_of) k)"
FIND = f"""
CREATE FUNCTION search_find(
  all_of bigint[], any_of bigint[], kinds text, with_private boolean, since timestamptz, until timestamptz,
  from_slice bigint, from_at timestamptz, from_id bigint, want integer)
RETURNS TABLE (slice bigint, id bigint, kind "char", at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET max_parallel_workers_per_gather = 0 SET enable_seqscan = off AS $$
DECLARE ws bigint := nullif(current_setting('app.ws', true), '')::bigint;
BEGIN
  IF ws IS NULL OR want NOT BETWEEN 1 AND 1000 THEN RETURN; END IF;
  -- slices are walked newest first and only as far as the page needs: a nested loop keeps its outer side's order
  IF any_of IS NULL THEN
    RETURN QUERY SELECT s.n, i.id, i.kind, i.at FROM {_SLICES}
    CROSS JOIN LATERAL ({_FILED.format(more="")}) i LIMIT want;
  ELSE
    RETURN QUERY SELECT s.n, i.id, i.kind, i.at FROM {_SLICES}
    CROSS JOIN LATERAL ({_FILED.format(more=_ANY)}) i LIMIT want;
  END IF;
END $$;
REVOKE ALL ON FUNCTION search_find FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_find TO {APP}, {PIPELINE};
"""
BACK = """
DROP FUNCTION search_find;
DROP TRIGGER file_said ON messages; DROP TRIGGER file_gone ON messages; DROP TRIGGER file_edited ON messages;
DROP TRIGGER file_noted ON notes; DROP TRIGGER file_unnoted ON notes; DROP TRIGGER file_renoted ON notes;
DROP TRIGGER file_known ON identities; DROP TRIGGER file_renamed ON identities;
DROP FUNCTION file_new, file_anew;
DROP TABLE search_names, search_items, search_slices, search_queue;
DROP SEQUENCE search_slice_numbers;
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_together"), ("desk", "0005_saved"), ("cases", "0006_snooze_and_tags")]
    operations = [
        migrations.RunSQL(TABLES + TRIGGERS + FIND, BACK),
        migrations.RunSQL(f"GRANT USAGE ON SEQUENCE search_slice_numbers TO {APP}", migrations.RunSQL.noop),
        tenant("search_queue", "search_slices", "search_items", "search_names"),
        definer(
            "search_waiting",
            "most integer",
            'TABLE (n bigint, workspace_id bigint, kind "char", ids bigint[])',
            "SELECT n, workspace_id, kind, ids FROM search_queue ORDER BY n LIMIT least(most, 1000)",
        ),
    ]
