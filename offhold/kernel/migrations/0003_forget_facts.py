"""Facts end: screens resume from the last few thousand, and nothing else reads them by number."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import PIPELINE

# Numbers grow with time, so the oldest of each workspace are found by the primary key; at most `most` rows of each at a
# time, each of them what one transaction told.
FORGET = f"""
CREATE FUNCTION forget_facts(before timestamptz, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE w bigint; gone bigint; total bigint := 0;
BEGIN
  FOR w IN SELECT workspace_id FROM public.workspace_clock LOOP
    WITH ended AS (
      DELETE FROM public.fact_batches f
      USING (SELECT last FROM public.fact_batches WHERE workspace_id = w ORDER BY last LIMIT most) oldest
      WHERE f.workspace_id = w AND f.last = oldest.last AND f.at < before RETURNING f.first, f.last)
    SELECT coalesce(sum(last - first + 1), 0) INTO gone FROM ended;
    total := total + gone;
  END LOOP;
  RETURN total;
END $$;
REVOKE ALL ON FUNCTION forget_facts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_facts TO {PIPELINE};
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_fact_batches")]
    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION forget_facts")]
