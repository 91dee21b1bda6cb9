"""A public reply too long for one post: the parts it goes out as, fixed when it is meant, and sent one after the other."""

from __future__ import annotations

from django.db import migrations

from offhold.kernel.db.tenancy import tenant

# public_reply_parts: what passes the gates is the whole text, as the reply of `reply_id`; these are the posts it becomes,
# each with an id and a key of its own from the beginning, so that whatever is sent twice is one post.
# public_replies.thread: the reply whose parts these are; null: it is one post. part: which of them, from 1.
# follows_sha256: the words of a part that follows, so that they can be held to the table of parts.
SQL = """
CREATE TABLE public_reply_parts (
  workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  reply_id bigint NOT NULL,
  n smallint NOT NULL CHECK (n >= 1),
  id bigint NOT NULL,
  key text NOT NULL CHECK (key ~ '^[0-9a-f]{32}$'),
  text text NOT NULL CHECK (text <> ''),
  text_sha256 bytea NOT NULL CHECK (text_sha256 = sha256(convert_to(text, 'UTF8'))),
  prepared jsonb,
  PRIMARY KEY (workspace_id, reply_id, n),
  -- No two posts go out under one key, and none is two replies.
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, key),
  UNIQUE (workspace_id, reply_id, n, id, key, text_sha256),
  FOREIGN KEY (workspace_id, reply_id) REFERENCES public_replies (workspace_id, id) ON DELETE CASCADE,
  -- The first part is the reply itself.
  CONSTRAINT public_reply_parts_first_is_the_reply CHECK ((n = 1) = (id = reply_id))
);
ALTER TABLE public_replies
  ADD thread bigint,
  ADD part smallint,
  ADD follows_sha256 bytea GENERATED ALWAYS AS (CASE WHEN part > 1 THEN text_sha256 END) STORED,
  -- A part is one of a thread, and the first of them is the one that passed the gates.
  ADD CONSTRAINT public_replies_part_of_a_thread CHECK ((thread IS NULL) = (part IS NULL)),
  ADD CONSTRAINT public_replies_first_part CHECK ((part = 1) = (thread = id)),
  -- Each part is meant once.
  ADD CONSTRAINT public_replies_each_part_once UNIQUE (workspace_id, thread, part),
  -- What follows says exactly the words, under exactly the key, that were fixed with the first.
  ADD CONSTRAINT public_replies_follow_what_was_fixed FOREIGN KEY
    (workspace_id, thread, part, id, key, follows_sha256)
    REFERENCES public_reply_parts (workspace_id, reply_id, n, id, key, text_sha256);
CREATE TRIGGER public_reply_thread_frozen BEFORE UPDATE OF thread, part ON public_replies
  FOR EACH ROW EXECUTE FUNCTION meant_never_changes();
CREATE FUNCTION parts_go_in_their_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public_replies p WHERE p.workspace_id = NEW.workspace_id AND p.thread = NEW.thread
                 AND p.part = NEW.part - 1 AND p.state = 'sent' AND p.network_id = NEW.parent_id) THEN
    RAISE EXCEPTION 'a part is meant once the one before it is out, and in answer to it';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER public_reply_in_order BEFORE INSERT ON public_replies FOR EACH ROW WHEN (NEW.part > 1)
  EXECUTE FUNCTION parts_go_in_their_order();
"""
BACK = """
DROP TRIGGER public_reply_in_order ON public_replies;
DROP TRIGGER public_reply_thread_frozen ON public_replies;
DROP FUNCTION parts_go_in_their_order();
ALTER TABLE public_replies DROP CONSTRAINT public_replies_follow_what_was_fixed, DROP follows_sha256, DROP part, DROP thread;
DROP TABLE public_reply_parts;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0009_drafts_shared")]
    operations = [
        migrations.RunSQL(SQL, BACK),
        tenant("public_reply_parts", rights="SELECT, INSERT"),
    ]
