"""Raw arrivals and their keys go by a sweep, a part at a time: the first acknowledgement of a day only makes room."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import PIPELINE

ROLL = """
CREATE OR REPLACE FUNCTION roll_arrivals(today date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE d date;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('roll_arrivals'));
  FOR d IN SELECT today + n FROM generate_series(-1, 2) n LOOP
    CONTINUE WHEN to_regclass('public.arrivals_' || to_char(d, 'YYYYMMDD')) IS NOT NULL;  -- no lock where nothing is to do
    EXECUTE format('CREATE TABLE public.arrivals_%s PARTITION OF public.arrivals FOR VALUES FROM (%L) TO (%L)',
                   to_char(d, 'YYYYMMDD'), d, d + 1);
  END LOOP;
END $$;
"""
# To drop a partition the whole table is locked. Whoever reads for long, such as a backup, would have that wait, and all
# that arrives wait behind it; so it gives up soon, and the next sweep tries again.
FORGET = f"""
CREATE FUNCTION forget_arrival_days(today date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET lock_timeout = '500ms' AS $$
DECLARE part regclass; dropped integer := 0;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'public.arrivals'::regclass LOOP
    IF to_date(substring(part::text from '[0-9]{{8}}$'), 'YYYYMMDD') < today - 30 THEN
      EXECUTE format('DROP TABLE %s', part);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  RETURN dropped;
END $$;
CREATE FUNCTION forget_arrival_keys(today date, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE gone bigint;
BEGIN
  DELETE FROM public.arrival_keys k USING (
    SELECT channel_id, key FROM public.arrival_keys WHERE day < today - 35 ORDER BY day LIMIT most FOR UPDATE SKIP LOCKED
  ) old WHERE k.channel_id = old.channel_id AND k.key = old.key;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION forget_arrival_days, forget_arrival_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_arrival_days, forget_arrival_keys TO {PIPELINE};
"""
# What `roll_arrivals` does no more is undone by nothing: an older version does it with its next day.
BACK = "DROP FUNCTION forget_arrival_days, forget_arrival_keys"


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunSQL(ROLL, migrations.RunSQL.noop), migrations.RunSQL(FORGET, BACK)]
