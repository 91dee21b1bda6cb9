"""Whoever asks for a human reaches one: pledges, and the record of them that nobody can change afterwards."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.references import refers
from offhold.kernel.db.tenancy import tenant

TABLES = """
-- likely: it sounds like it; it binds automation, and waits for a person. asked: it binds us. It ends when a person's
-- words of substance reached the customer, when they take it back, or when a person releases us with a reason; a release
-- is looked at by a second person (looked_by).
CREATE TABLE pledges (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  id bigint NOT NULL,
  case_id bigint NOT NULL,
  made_in bigint NOT NULL,      -- the case it began in; case_id is the one that this is part of now
  customer_id bigint NOT NULL,
  message_id bigint,            -- what was heard; null: a person noted it
  audience text NOT NULL CHECK (audience IN ('public', 'private')),
  channel_id bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('likely', 'asked', 'reached', 'withdrawn', 'released', 'unlikely')),
  heard text NOT NULL,          -- the rule that heard it, or 'person'
  heard_from integer, heard_to integer,  -- where in the message
  asked_at timestamptz NOT NULL,  -- the network's time
  decided_by bigint, decided_name text,  -- who said that it is one, or is none
  reached_at timestamptz, reached_by bigint, reached_name text,
  stay text CHECK (stay IN ('stayed', 'left')),
  ended_at timestamptz,
  released_by bigint, released_name text, reason text, words text,
  looked_by bigint, looked_name text,
  code text,                    -- of its entry in the record, for the customer
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, case_id) REFERENCES cases (workspace_id, id),
  FOREIGN KEY (workspace_id, customer_id) REFERENCES customers (workspace_id, id),
  CHECK ((state = 'reached') = (reached_at IS NOT NULL)),
  CHECK ((state IN ('likely', 'asked')) = (ended_at IS NULL)),
  -- Nobody is let go without a reason, and nobody looks twice at their own.
  CHECK ((state = 'released') = (reason IS NOT NULL AND released_by IS NOT NULL)),
  CHECK (looked_by IS NULL OR looked_by <> released_by),
  CHECK (stay IS NULL OR state = 'reached')
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX pledges_one_open ON pledges (workspace_id, customer_id) WHERE state IN ('likely', 'asked');
CREATE UNIQUE INDEX pledges_heard_once ON pledges (workspace_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX pledges_made_in ON pledges (workspace_id, made_in);
CREATE INDEX pledges_of_case ON pledges (workspace_id, case_id);
CREATE INDEX pledges_waiting ON pledges (workspace_id, asked_at) WHERE state IN ('likely', 'asked');
CREATE INDEX pledges_ended ON pledges (workspace_id, ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE pledge_ledger (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  n bigint NOT NULL,
  pledge_id bigint NOT NULL,
  entry text NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (workspace_id, n)
);
CREATE INDEX pledge_ledger_of ON pledge_ledger (workspace_id, pledge_id);
-- The last number and hash. Its lock puts the entries of a workspace in order.
CREATE TABLE pledge_heads (
  workspace_id bigint PRIMARY KEY REFERENCES workspaces ON DELETE CASCADE,
  n bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32)
);
-- The head as it was at the end of each day, for whoever wants to hold us to it later.
CREATE TABLE pledge_days (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  day date NOT NULL,
  n bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (workspace_id, day)
);
"""
RULES = """
CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what is in the record stays as it is'; END $$;
CREATE TRIGGER ledger_stays BEFORE UPDATE OR DELETE ON pledge_ledger FOR EACH ROW EXECUTE FUNCTION ledger_stays();

-- The only ways a pledge goes on, whoever wants something else of it.
CREATE FUNCTION pledge_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('likely', 'asked'), ('likely', 'unlikely'), ('asked', 'reached'),
      ('asked', 'withdrawn'), ('asked', 'released'), ('released', 'asked')) THEN
    RAISE EXCEPTION 'a pledge cannot go from % to %', OLD.state, NEW.state;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pledge_goes BEFORE UPDATE OF state ON pledges FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION pledge_goes();

-- A pledge goes along when its case becomes part of another, and back when that is undone.
CREATE FUNCTION pledges_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.merged_into IS NULL THEN
    UPDATE pledges SET case_id = NEW.id WHERE workspace_id = NEW.workspace_id AND made_in = NEW.id;
  ELSE
    UPDATE pledges SET case_id = NEW.merged_into WHERE workspace_id = NEW.workspace_id AND case_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER pledges_follow AFTER UPDATE OF merged_into ON cases FOR EACH ROW
  WHEN (OLD.merged_into IS DISTINCT FROM NEW.merged_into) EXECUTE FUNCTION pledges_follow();

-- A case in which somebody waits for a human is not solved, by nobody and nothing.
CREATE FUNCTION waits_for_a_human() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pledges p WHERE p.workspace_id = NEW.workspace_id AND p.case_id = NEW.id
             AND p.state = 'asked') THEN
    RAISE EXCEPTION 'the customer of case % waits for a human', NEW.id USING ERRCODE = 'OH001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER waits_for_a_human BEFORE UPDATE OF state ON cases FOR EACH ROW
  WHEN (NEW.state = 'resolved' AND OLD.state <> 'resolved') EXECUTE FUNCTION waits_for_a_human();

-- What is owed to whoever asked has a clock like all else that is owed.
ALTER TABLE promises DROP CONSTRAINT promises_kind_check, DROP CONSTRAINT promises_how_check;
ALTER TABLE promises ADD CONSTRAINT promises_kind_check
    CHECK (kind IN ('first_reply', 'next_word', 'resolution', 'pledge')),
  ADD CONSTRAINT promises_how_check
    CHECK (how IN ('answered', 'resolved', 'overtaken', 'missed', 'released', 'withdrawn'));
"""


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_initial")]
    operations = [
        migrations.RunSQL(TABLES),
        tenant("pledges", rights="SELECT, INSERT, UPDATE"),
        tenant("pledge_ledger", rights="SELECT, INSERT"),
        tenant("pledge_heads", "pledge_days", rights="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(RULES),
        refers("pledges", case_id="cases", customer_id="customers"),
    ]
