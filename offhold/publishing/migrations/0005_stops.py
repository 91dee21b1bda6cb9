"""Stopping whatever goes out: the stops, who confirmed each, and what was on its way at that moment."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.roles import APP
from offhold.kernel.db.tenancy import definer, tenant

TABLES = """
-- number: counts per workspace in the order of commits, so that an attempt can say which stops it knew of.
-- by_id: a membership; 0 is the command line. swept_at: all that waited under it is before a person.
CREATE TABLE publishing_stops (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  scope text NOT NULL CHECK (scope IN ('workspace', 'network', 'channel')),
  network text,
  channel_id bigint,
  allow bigint[] NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  by_id bigint NOT NULL,
  by_name text NOT NULL,
  at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  lifted_at timestamptz,
  lifted_by text,
  swept_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, number),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id) ON DELETE CASCADE,
  CHECK (until > at),
  CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
  CHECK ((scope = 'network') = (network IS NOT NULL)),
  CHECK ((scope = 'channel') = (channel_id IS NOT NULL))
);
CREATE INDEX publishing_stops_open ON publishing_stops (workspace_id) WHERE lifted_at IS NULL;
CREATE INDEX publishing_stops_to_sweep ON publishing_stops (workspace_id, id) WHERE swept_at IS NULL;
-- Whoever could have had something on its way when the stop was set, and for how long at most (the database's clock).
CREATE TABLE stop_confirmations (
  workspace_id bigint NOT NULL,
  stop_id bigint NOT NULL,
  holder text NOT NULL,
  until timestamptz NOT NULL,
  confirmed_at timestamptz,
  PRIMARY KEY (workspace_id, stop_id, holder),
  FOREIGN KEY (workspace_id, stop_id) REFERENCES publishing_stops (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX stop_confirmations_owed ON stop_confirmations (holder) WHERE confirmed_at IS NULL;
-- Attempts that were open when the stop was set. holder: who has it in hand; NULL: a writer that is gone.
-- passed: a byte of it may have left; NULL: nobody has said yet.
CREATE TABLE stop_flights (
  workspace_id bigint NOT NULL,
  stop_id bigint NOT NULL,
  audience text NOT NULL CHECK (audience IN ('public', 'private')),
  reply_id bigint NOT NULL,
  n integer NOT NULL,
  holder text,
  passed boolean,
  PRIMARY KEY (workspace_id, stop_id, audience, reply_id),
  FOREIGN KEY (workspace_id, stop_id) REFERENCES publishing_stops (workspace_id, id) ON DELETE CASCADE
);
-- Words of ours that came from elsewhere while this held.
CREATE TABLE stop_outside (
  workspace_id bigint NOT NULL,
  stop_id bigint NOT NULL,
  message_id bigint NOT NULL,
  PRIMARY KEY (workspace_id, stop_id, message_id),
  FOREIGN KEY (workspace_id, stop_id) REFERENCES publishing_stops (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
"""

# No company's data: processes, of which an idle one holds no lease and yet must confirm.
SENDERS = f"""
CREATE TABLE senders (holder text PRIMARY KEY, until timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON senders TO {APP};
"""

_STOP = "s.workspace_id, s.id, s.number, s.scope, s.network, s.channel_id, s.allow"
_AS_TABLE = (
    "TABLE (workspace_id bigint, id bigint, number bigint, scope text, network text, channel_id bigint, allow bigint[])"
)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_before_it_goes")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE stop_outside, stop_flights, stop_confirmations, publishing_stops"),
        migrations.RunSQL(SENDERS, "DROP TABLE senders"),
        tenant("publishing_stops", "stop_confirmations", "stop_flights", rights="SELECT, INSERT, UPDATE"),
        tenant("stop_outside", rights="SELECT, INSERT"),
        definer(
            "stops_to_confirm",
            "who text",
            _AS_TABLE,
            f"SELECT {_STOP} FROM stop_confirmations k JOIN publishing_stops s"
            " ON s.workspace_id = k.workspace_id AND s.id = k.stop_id"
            " WHERE k.holder = who AND k.confirmed_at IS NULL ORDER BY s.id",
        ),
        definer(
            "stops_to_sweep",
            "",
            "TABLE (workspace_id bigint, id bigint)",
            "SELECT workspace_id, id FROM publishing_stops WHERE swept_at IS NULL ORDER BY id",
        ),
    ]
