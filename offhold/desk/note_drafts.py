"""What somebody is writing to the team, kept for them and their colleagues, in a table nothing that sends can reach."""

from __future__ import annotations

import string
from datetime import datetime

import msgspec

from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict
from offhold.people.actors import Actor
from offhold.publishing.drafts import NEXT_VERSION, adopting, tell

_FIND = """
SELECT text, by_id::text, by_name, at, version FROM note_drafts WHERE workspace_id = %s AND case_id = %s
"""
_KEEP = f"""
INSERT INTO note_drafts AS d (workspace_id, case_id, version, text, by_id, by_name, at)
VALUES (%(workspace)s, %(case)s, {NEXT_VERSION}, %(text)s, %(by)s, %(name)s, %(at)s)
ON CONFLICT (workspace_id, case_id) DO UPDATE
SET version = excluded.version, text = excluded.text, by_id = excluded.by_id, by_name = excluded.by_name,
  at = excluded.at
WHERE d.version = %(version)s
"""
_DROP = """
DELETE FROM note_drafts WHERE workspace_id = %(workspace)s AND case_id = %(case)s
  AND (%(version)s::bigint IS NULL OR version = %(version)s)
"""
_SAID = """
DELETE FROM note_drafts WHERE workspace_id = %(workspace)s AND case_id = %(case)s
  AND (version = %(version)s OR btrim(text, %(blanks)s) = %(text)s)
"""
_ADOPT = adopting("note_drafts")


class NoteDraft(msgspec.Struct, frozen=True):
    """`version` grows with every change."""

    text: str
    by_id: str
    by: str
    at: datetime
    version: int


def find(tx: Tx, workspace_id: int, case_id: int) -> NoteDraft | None:
    """What somebody is writing to the team in this case."""
    row = tx.one(_FIND, (workspace_id, case_id))
    return None if row is None else NoteDraft(*row)


def do_adopt(tx: Tx, workspace_id: int, case_id: int) -> None:
    """Take over what was being written in a case that was merged into this one, if nobody writes here."""
    tx.run(_ADOPT, {"workspace": workspace_id, "case": case_id})


def do_keep(tx: Tx, actor: Actor, case_id: int, text: str, version: int) -> NoteDraft:
    """Keep it in the place of version `version` (0: there was none). Raises `Conflict` with what is there."""
    params = {
        "workspace": actor.workspace_id, "case": case_id, "version": version, "text": text,
        "by": actor.membership_id, "name": actor.duty_name, "at": tx.at,
    }  # fmt: skip
    there = find(tx, actor.workspace_id, case_id)
    if (there is None) != (version == 0) or not tx.run(_KEEP, params):
        there = find(tx, actor.workspace_id, case_id)  # a colleague may have been quicker between the two
        raise Conflict("Somebody else wrote here meanwhile.", code="draft_changed", draft=there)
    kept = find(tx, actor.workspace_id, case_id)
    assert kept is not None  # written above
    tell(tx, actor.workspace_id, case_id, "note", kept.version)
    return kept


def do_drop(tx: Tx, workspace_id: int, case_id: int, version: int | None = None) -> None:
    """Nobody wants it. With a version only that one goes."""
    if tx.run(_DROP, {"workspace": workspace_id, "case": case_id, "version": version}):
        tell(tx, workspace_id, case_id, "note", 0)


def do_said(tx: Tx, workspace_id: int, case_id: int, version: int | None, text: str) -> None:
    """It was added, as the draft of this version. A draft of the very words goes too, as with replies."""
    said = {"version": version, "text": text.strip(), "blanks": string.whitespace}
    if tx.run(_SAID, {"workspace": workspace_id, "case": case_id, **said}):
        tell(tx, workspace_id, case_id, "note", 0)
