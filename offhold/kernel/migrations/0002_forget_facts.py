"""Facts end: screens resume from the last few thousand, and nothing else reads them by number."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import PIPELINE

# Numbers grow with time, so the oldest of each workspace are found by the primary key; `most` of each at a time.
FORGET = f"""
CREATE FUNCTION forget_facts(before timestamptz, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE w bigint; gone bigint; total bigint := 0;
BEGIN
  FOR w IN SELECT workspace_id FROM public.workspace_clock LOOP
    DELETE FROM public.facts f
    USING (SELECT seq FROM public.facts WHERE workspace_id = w ORDER BY seq LIMIT most) oldest
    WHERE f.workspace_id = w AND f.seq = oldest.seq AND f.at < before;
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
  END LOOP;
  RETURN total;
END $$;
REVOKE ALL ON FUNCTION forget_facts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_facts TO {PIPELINE};
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION forget_facts")]
