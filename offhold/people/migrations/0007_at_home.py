"""Coming in by a link, and how each person wants their desk: language, theme, what rings, which phones."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import definer, tenant

# invitations: token_hash is SHA-256 of 256 random bits, so whoever reads the table cannot come in. membership_id: the
# link is for somebody who has a place already, and gives them a new password.
# person_settings: notices is what rings, how and when (people.settings).
# push_keys: one pair for each workspace, so that a push service cannot tell two companies of one server together.
# push_due: what is still to be sent to a phone. A row is taken before it is sent.
TABLES = """
CREATE TABLE invitations (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  token_hash text NOT NULL UNIQUE,
  membership_id bigint REFERENCES memberships ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('agent', 'lead', 'admin', 'observer')),
  email text NOT NULL,
  by_id bigint NOT NULL,
  by_name text NOT NULL,
  at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  withdrawn_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE person_settings (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  membership_id bigint NOT NULL REFERENCES memberships ON DELETE CASCADE,
  language text NOT NULL,
  theme text NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
  notices jsonb NOT NULL,
  PRIMARY KEY (workspace_id, membership_id)
);
CREATE TABLE push_keys (
  workspace_id bigint PRIMARY KEY REFERENCES workspaces ON DELETE CASCADE,
  public text NOT NULL,
  sealed text NOT NULL,
  at timestamptz NOT NULL
);
CREATE TABLE push_subscriptions (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  membership_id bigint NOT NULL REFERENCES memberships ON DELETE CASCADE,
  endpoint text NOT NULL CHECK (length(endpoint) <= 2000),
  p256dh text NOT NULL,
  auth text NOT NULL,
  device text NOT NULL,
  at timestamptz NOT NULL,
  last_at timestamptz,
  failures int NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, endpoint)
);
CREATE INDEX push_subscriptions_of_one ON push_subscriptions (workspace_id, membership_id);
CREATE TABLE push_due (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  notice_id bigint NOT NULL,
  subscription_id bigint NOT NULL,
  due_at timestamptz NOT NULL,
  tries int NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, notice_id, subscription_id),
  FOREIGN KEY (workspace_id, notice_id) REFERENCES notices ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, subscription_id) REFERENCES push_subscriptions ON DELETE CASCADE
);
CREATE INDEX push_due_soonest ON push_due (due_at);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0006_notices")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE push_due, push_subscriptions, push_keys, person_settings, invitations"),
        tenant("invitations", "person_settings", "push_keys", "push_subscriptions", "push_due"),
        definer(
            "pushes_due",
            "upto timestamptz",
            "SETOF bigint",
            "SELECT DISTINCT workspace_id FROM push_due WHERE due_at <= upto ORDER BY 1 LIMIT 1000",
        ),
        definer(
            "invited",
            "hash text, moment timestamptz",
            "TABLE (workspace_id bigint, id bigint, workspace_name text, role text, email text, by_name text,"
            " membership_id bigint, duty_name text)",
            "SELECT i.workspace_id, i.id, w.name, i.role, i.email, i.by_name, i.membership_id, m.duty_name"
            " FROM invitations i JOIN workspaces w ON w.id = i.workspace_id"
            " LEFT JOIN memberships m ON m.id = i.membership_id"
            " WHERE i.token_hash = hash AND i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > moment",
        ),
    ]
