"""What somebody is writing in a case, kept for them and their colleagues. Two tables: words never change audience here.

A draft is not a reply: nothing that sends can reach it. It becomes one when somebody sends it, as anything typed does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, NotFound
from offhold.people.actors import Actor

LONGEST = 20_000


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """`version` grows with every change; `second_person`: somebody else shall agree before it goes out."""

    text: str
    in_reply_to: str | None
    second_person: bool
    by_id: str
    by: str
    at: datetime
    version: int


class Drafts:
    """The drafts of one kind. `table` is theirs alone."""

    def __init__(self, table: str) -> None:
        self._find = f"""
SELECT text, in_reply_to, second_person, by_id, by_name, at, version FROM {table}
WHERE workspace_id = %s AND case_id = %s
"""
        self._keep = f"""
INSERT INTO {table} AS d (workspace_id, case_id, version, text, in_reply_to, second_person, by_id, by_name, at)
VALUES (%(workspace)s, %(case)s, %(version)s + 1, %(text)s, %(in_reply_to)s, %(second)s, %(by)s, %(name)s, %(at)s)
ON CONFLICT (workspace_id, case_id) DO UPDATE
SET version = excluded.version, text = excluded.text, in_reply_to = excluded.in_reply_to,
  second_person = excluded.second_person, by_id = excluded.by_id, by_name = excluded.by_name, at = excluded.at
WHERE d.version = %(version)s
"""
        self._drop = f"DELETE FROM {table} WHERE workspace_id = %s AND case_id = %s"

    def find(self, tx: Tx, workspace_id: int, case_id: int) -> Draft | None:
        row = tx.one(self._find, (workspace_id, case_id))
        return None if row is None else _draft(row)

    def do_keep(self, tx: Tx, actor: Actor, case_id: int, words: Words, version: int) -> Draft:
        """Keep `words` in the place of version `version` (0: there was none). Raises `Conflict` with what is there."""
        params = {
            "workspace": actor.workspace_id, "case": case_id, "version": version, "text": words.text,
            "in_reply_to": words.in_reply_to, "second": words.second_person, "by": actor.membership_id,
            "name": actor.duty_name, "at": tx.at,
        }  # fmt: skip
        there = self.find(tx, actor.workspace_id, case_id)
        if (there is None) != (version == 0) or not tx.run(self._keep, params):
            raise Conflict("Somebody else wrote here meanwhile.", code="draft_changed", draft=there)
        kept = self.find(tx, actor.workspace_id, case_id)
        assert kept is not None  # written above
        return kept

    def do_put_first(self, tx: Tx, actor: Actor, case_id: int, words: Words) -> Draft:
        """Put `words` before whatever is there: nothing that somebody wrote is lost."""
        there = self.find(tx, actor.workspace_id, case_id)
        if there is not None and there.text.strip():
            words = msgspec.structs.replace(words, text=f"{words.text}\n\n{there.text}")
        return self.do_keep(tx, actor, case_id, words, 0 if there is None else there.version)

    def do_drop(self, tx: Tx, workspace_id: int, case_id: int) -> None:
        tx.run(self._drop, (workspace_id, case_id))


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a draft's author's doing."""

    text: str
    in_reply_to: int | None = None
    second_person: bool = False


PUBLIC = Drafts("public_drafts")
DIRECT = Drafts("direct_drafts")


def check_draft(tx: Tx, actor: Actor, case_id: int) -> None:
    """Raises `Forbidden`, `NotFound`."""
    actor.check_may("answer")
    row = tx.one("SELECT 1 FROM cases WHERE workspace_id = %s AND id = %s FOR UPDATE", (actor.workspace_id, case_id))
    if row is None:
        raise NotFound


def _draft(row: tuple[Any, ...]) -> Draft:
    text, in_reply_to, second_person, by_id, by, at, version = row
    return Draft(
        text=text,
        in_reply_to=None if in_reply_to is None else str(in_reply_to),
        second_person=second_person,
        by_id=str(by_id),
        by=by,
        at=at,
        version=version,
    )
