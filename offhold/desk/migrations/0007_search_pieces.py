"""Slices of the search become larger, for words that are rare, and fall into pieces, for words that are common.

Everything is filed anew, oldest first. docs/decisions/0013-search.md has the figures behind this shape.
"""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP, PIPELINE

# n: the number of a piece, which is of one company, as its things are; slice: the number of the first of its pieces.
# keys: as they were, with the piece itself as one more (n << 40), so that a common word need not collect a slice.
PIECES = """
TRUNCATE search_queue, search_slices, search_items, search_names;
ALTER SEQUENCE search_slice_numbers RENAME TO search_piece_numbers;
ALTER TABLE search_slices RENAME TO search_pieces;
ALTER TABLE search_pieces ADD slice bigint NOT NULL;
ALTER INDEX search_slices_pkey RENAME TO search_pieces_pkey;
ALTER TABLE search_items RENAME slice TO piece;

INSERT INTO search_queue (workspace_id, kind, new, ids)
SELECT workspace_id, kind, true, array_agg(id ORDER BY id) FROM (
  SELECT workspace_id, 'm'::"char" AS kind, id, row_number() OVER (PARTITION BY workspace_id ORDER BY id) / 500 AS part
  FROM messages
  UNION ALL SELECT workspace_id, 'n', id, row_number() OVER (PARTITION BY workspace_id ORDER BY id) / 500 FROM notes
  UNION ALL SELECT workspace_id, 'i', id, row_number() OVER (PARTITION BY workspace_id ORDER BY id) / 500 FROM identities
) stored GROUP BY workspace_id, kind, part ORDER BY min(id);
DROP FUNCTION search_find;
"""

# + 0: the index on the workspace is never the one to use
_FITS = """f.workspace_id + 0 = ws AND (with_private OR f.public) AND f.at >= since AND f.at < until
        AND strpos(kinds, f.kind::text) > 0
        AND (f.piece < from_piece OR f.piece = from_piece AND (f.at, f.id) < (from_at, from_id))"""
_ANY = " AND f.keys && ARRAY(SELECT (p.slice << 40) | k FROM unnest(any_of) k)"
# p: a row with its slice. One statement for a piece, one for some slices; a nested loop keeps the order of its outer side.
_IN_PIECE = f"""
      RETURN QUERY SELECT f.piece, f.id, f.kind, f.at FROM search_items f
      WHERE f.keys @> (ARRAY(SELECT (p.slice << 40) | k FROM unnest(all_of) k) || (p.n << 40)){{any}}
        AND {_FITS}
      ORDER BY f.at DESC, f.id DESC LIMIT want - got;"""
_IN_SLICES = f"""
      RETURN QUERY SELECT i.piece, i.id, i.kind, i.at
      FROM unnest(slices[done + 1 : done + 8]) WITH ORDINALITY p(slice) CROSS JOIN LATERAL (
        SELECT f.piece, f.id, f.kind, f.at FROM search_items f
        WHERE f.keys @> ARRAY(SELECT (p.slice << 40) | k FROM unnest(all_of) k){{any}}
          AND f.piece < lowest AND {_FITS}
        ORDER BY f.piece DESC, f.at DESC, f.id DESC LIMIT want) i LIMIT want - got;"""


def _either(statement: str) -> str:
    """With one of `any_of`, or without: what is not asked for is not planned."""
    return (
        f"IF any_of IS NULL THEN{statement.format(any='')}\n    ELSE{statement.format(any=_ANY)}\n    END IF;\n"
        "    GET DIAGNOSTICS hits = ROW_COUNT;\n    got := got + hits;\n    IF got >= want THEN RETURN; END IF;"
    )


# Row-level security would keep PostgreSQL from using the index: @> is not leakproof. So this runs as the owner, and the
# workspace is the transaction's own, never an argument.
FIND = f"""
CREATE FUNCTION search_find(
  all_of bigint[], any_of bigint[], kinds text, with_private boolean, since timestamptz, until timestamptz,
  among bigint[], from_piece bigint, from_at timestamptz, from_id bigint, want integer, patience interval)
RETURNS TABLE (piece bigint, id bigint, kind "char", at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 60 SET search_path = pg_catalog, public
SET max_parallel_workers_per_gather = 0 SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  ws bigint := nullif(current_setting('app.ws', true), '')::bigint;
  ends timestamptz := clock_timestamp() + patience;
  p record;
  got integer := 0;
  hits integer;
  rare boolean := false;
  lowest bigint;  -- the last piece that was looked through
  slices bigint[];
  lows bigint[];
  done integer := 0;
BEGIN
  IF ws IS NULL OR want NOT BETWEEN 1 AND 1000 THEN RETURN; END IF;
  -- a few cases: what they hold is looked at, thing by thing
  IF among IS NOT NULL THEN
    RETURN QUERY SELECT f.piece, f.id, f.kind, f.at FROM (
      SELECT m.id FROM messages m WHERE m.workspace_id = ws AND m.case_id = ANY (among)
      UNION ALL SELECT n.id FROM notes n WHERE n.workspace_id = ws AND n.case_id = ANY (among)) said
    JOIN search_items f ON f.workspace_id = ws AND f.id = said.id
    JOIN search_pieces p ON p.workspace_id = ws AND p.n = f.piece
    WHERE f.keys @> ARRAY(SELECT (p.slice << 40) | k FROM unnest(all_of) k)
      AND (any_of IS NULL OR f.keys && ARRAY(SELECT (p.slice << 40) | k FROM unnest(any_of) k)) AND {_FITS}
    ORDER BY f.piece DESC, f.at DESC, f.id DESC LIMIT want;
    RETURN;
  END IF;
  -- piece by piece, until a whole one shows that the words are rare: then a slice at a time does not hold too many
  FOR p IN
    SELECT w.n, w.slice, w.items, w.first_at,
           w.n < from_piece AND w.first_at >= since AND w.last_at < until AND w.items >= 512 AS whole
    FROM search_pieces w
    WHERE w.workspace_id = ws AND w.n <= from_piece AND w.first_at < until AND w.last_at >= since
    ORDER BY w.n DESC
  LOOP
    {_either(_IN_PIECE)}
    lowest := p.n;
    rare := p.whole AND hits * 32 < p.items;
    EXIT WHEN rare;
    -- so far, in this time; never only as far as the page before
    IF p.n < from_piece AND clock_timestamp() > ends THEN
      RETURN QUERY SELECT p.n, 0::bigint, '-'::"char", p.first_at;
      RETURN;
    END IF;
  END LOOP;
  IF NOT rare THEN RETURN; END IF;
  SELECT array_agg(s.slice ORDER BY s.slice DESC), array_agg(s.low ORDER BY s.slice DESC) INTO slices, lows FROM (
    SELECT w.slice, min(w.n) AS low FROM search_pieces w
    WHERE w.workspace_id = ws AND w.n < lowest AND w.first_at < until AND w.last_at >= since GROUP BY w.slice) s;
  WHILE done < coalesce(cardinality(slices), 0) LOOP
    {_either(_IN_SLICES)}
    done := done + 8;
    IF done < cardinality(slices) AND clock_timestamp() > ends THEN
      RETURN QUERY SELECT w.n, 0::bigint, '-'::"char", w.first_at FROM search_pieces w
      WHERE w.workspace_id = ws AND w.n = lows[done];
      RETURN;
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION search_find FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_find TO {APP}, {PIPELINE};
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0006_search")]
    operations = [migrations.RunSQL(PIECES), migrations.RunSQL(FIND)]
