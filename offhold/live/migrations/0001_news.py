"""Which of the workspaces with an open screen have new facts: one question, however many there are.

The web acts for one workspace per transaction, so without this it would open a transaction for each of them at every
announcement. Only the number of the last fact leaves, never a fact.
"""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import definer


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        definer(
            "live_news",
            "workspaces bigint[], seqs bigint[]",
            "TABLE (workspace_id bigint, seq bigint)",
            "SELECT c.workspace_id, c.seq FROM unnest(workspaces, seqs) AS known(workspace_id, seq)"
            " JOIN workspace_clock c USING (workspace_id) WHERE c.seq > known.seq",
        ),
    ]
