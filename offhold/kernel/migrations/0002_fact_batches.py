"""Facts are written as one row for a transaction and workspace, and still read one by one as `facts`."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP
from offhold.kernel.db.tenancy import tenant

SQL = """
-- What one transaction told one workspace: facts `first` to `last`, as a JSON array of objects with kind, case_id,
-- private and payload. A row and two index entries for each fact were a third of what storing a message cost the
-- database. text, not json: it is made by us, and handed on as it was written.
-- cases: those it tells of. No foreign key to workspaces: the numbers come from the workspace's clock, which has one.
CREATE TABLE fact_batches (
  workspace_id bigint NOT NULL,
  last bigint NOT NULL,
  first bigint NOT NULL,
  at timestamptz NOT NULL,
  cases bigint[] NOT NULL,
  facts text NOT NULL,
  PRIMARY KEY (workspace_id, last)
);
CREATE INDEX fact_batches_of_case ON fact_batches USING gin (cases);
-- Written and read within the second by whoever looks: compressing it cost more than all the rest of writing it.
ALTER TABLE fact_batches ALTER facts SET STORAGE EXTERNAL;
INSERT INTO fact_batches SELECT workspace_id, seq, seq, at, CASE WHEN case_id IS NULL THEN '{}' ELSE ARRAY[case_id] END,
  json_build_array(json_build_object('kind', kind, 'case_id', case_id, 'private', private, 'payload', payload))
FROM facts ORDER BY workspace_id, seq;
DROP TABLE facts;
"""
VIEW = f"""
CREATE VIEW facts WITH (security_invoker = true) AS
SELECT b.workspace_id, b.first + f.place - 1 AS seq, f.kind, f.case_id, f.private, f.payload, b.at
FROM fact_batches b CROSS JOIN LATERAL ROWS FROM (
  json_to_recordset(b.facts::json) AS (kind text, case_id bigint, private boolean, payload json)
) WITH ORDINALITY AS f (kind, case_id, private, payload, place);
GRANT SELECT ON facts TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(SQL),
        tenant("fact_batches", rights="SELECT, INSERT"),
        migrations.RunSQL(VIEW),
    ]
