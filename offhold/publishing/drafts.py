"""What somebody is writing in a case, kept for them and their colleagues. Two tables: words never change audience here.

A draft is not a reply: nothing that sends can reach it. It becomes one when somebody sends it, as anything typed does,
and is gone in the same transaction. What the guard says to it is kept nowhere.
"""

from __future__ import annotations

import string
from datetime import datetime
from typing import Any, Literal

import msgspec

from offhold.connectors.contract import Audience
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.kernel.facts import Fact, Recorded
from offhold.people.actors import Actor
from offhold.publishing.replies import AskedPicture, as_json

LONGEST = 20_000
DraftLane = Literal["public", "direct", "note"]


class DraftChanged(Fact, frozen=True, tag="draft.changed"):
    """There are other words in a lane of a case, or none any more (`version` 0). Those who have it on the screen read
    them; the words themselves are in no log, because nobody has said them yet."""

    lane: DraftLane
    version: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """`version` grows with every change; `second_person`: somebody else shall agree before it goes out; `written_as`:
    the audience under which the words were first typed."""

    text: str
    in_reply_to: str | None
    second_person: bool
    by_id: str
    by: str
    at: datetime
    version: int
    written_as: Audience
    pictures: tuple[AskedPicture, ...] = ()


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a draft's author's doing. `written_as` None: for those whom the lane is for."""

    text: str
    in_reply_to: int | None = None
    second_person: bool = False
    written_as: Audience | None = None
    pictures: tuple[AskedPicture, ...] = ()


# --- what drafts of all kinds share ----------------------------------------------------------------------------

NEXT_VERSION = "greatest(%(version)s + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)"
_MEDIA = "SELECT count(*) FROM media WHERE workspace_id = %s AND token = ANY (%s)"
# Merging locks the case; storing messages does not wait for this, nor this for it.
_CASE = "SELECT id, merged_into FROM cases WHERE workspace_id = %s AND id = %s FOR KEY SHARE"


def adopting(table: str) -> str:
    """Moves the newest draft of the cases merged into one over to it, where there is none."""
    return f"""
UPDATE {table} SET case_id = %(case)s WHERE workspace_id = %(workspace)s AND case_id = (
  SELECT d.case_id FROM cases c JOIN {table} d ON d.workspace_id = c.workspace_id AND d.case_id = c.id
  WHERE c.workspace_id = %(workspace)s AND c.merged_into = %(case)s ORDER BY d.at DESC LIMIT 1)
AND NOT EXISTS (SELECT 1 FROM {table} WHERE workspace_id = %(workspace)s AND case_id = %(case)s)
"""


def tell(tx: Tx, workspace_id: int, case_id: int, lane: DraftLane, version: int) -> None:
    """Screens that have the case open learn that there is something else to read."""
    tx.record(Recorded(workspace_id, DraftChanged(lane=lane, version=version), case_id=case_id, private=True))


def check_draft(tx: Tx, actor: Actor, case_id: int) -> int:
    """The case that is written in: of a merged one, what it was merged into. Raises `Forbidden`, `NotFound`."""
    actor.check_may("answer")
    row = tx.one(_CASE, (actor.workspace_id, case_id))
    if row is None:
        raise NotFound
    return int(row[0]) if row[1] is None else check_draft(tx, actor, row[1])


def check_pictures(tx: Tx, workspace_id: int, pictures: tuple[AskedPicture, ...]) -> None:
    """Raises `Invalid` for a picture nobody of this workspace uploaded."""
    tokens = list({picture.media_id for picture in pictures})
    if tokens and tx.one(_MEDIA, (workspace_id, tokens)) != (len(tokens),):
        raise Invalid("There is no such picture.", code="no_such_picture")


# --- drafts of replies ----------------------------------------------------------------------------------------


class Drafts:
    """The drafts of one kind. `table` is theirs alone."""

    def __init__(self, table: str, lane: Literal["public", "direct"], native: Audience) -> None:
        self._lane: Literal["public", "direct"] = lane
        self._native: Audience = native
        self._find = f"""
SELECT text, in_reply_to, second_person, by_id, by_name, at, version, written_as, pictures::text FROM {table}
WHERE workspace_id = %s AND case_id = %s
"""
        # A version is never given twice in a case, however often its draft is sent and another begun.
        self._keep = f"""
INSERT INTO {table} AS d (workspace_id, case_id, version, text, in_reply_to, second_person, written_as, pictures,
  by_id, by_name, at)
VALUES (%(workspace)s, %(case)s, {NEXT_VERSION}, %(text)s, %(in_reply_to)s, %(second)s, %(written_as)s, %(pictures)s,
  %(by)s, %(name)s, %(at)s)
ON CONFLICT (workspace_id, case_id) DO UPDATE
SET version = excluded.version, text = excluded.text, in_reply_to = excluded.in_reply_to,
  second_person = excluded.second_person, written_as = excluded.written_as, pictures = excluded.pictures,
  by_id = excluded.by_id, by_name = excluded.by_name, at = excluded.at
WHERE d.version = %(version)s
"""
        self._drop = f"""
DELETE FROM {table} WHERE workspace_id = %(workspace)s AND case_id = %(case)s
  AND (%(version)s::bigint IS NULL OR version = %(version)s)
"""
        self._said = f"""
DELETE FROM {table} WHERE workspace_id = %(workspace)s AND case_id = %(case)s
  AND (version = %(version)s OR (btrim(text, %(blanks)s) = %(text)s AND pictures = %(pictures)s))
"""
        self._adopt = adopting(table)

    def find(self, tx: Tx, workspace_id: int, case_id: int) -> Draft | None:
        row = tx.one(self._find, (workspace_id, case_id))
        return None if row is None else _draft(row)

    def do_keep(self, tx: Tx, actor: Actor, case_id: int, words: Words, version: int) -> Draft:
        """Keep `words` in the place of version `version` (0: there was none). Raises `Conflict` with what is there."""
        params = {
            "workspace": actor.workspace_id, "case": case_id, "version": version, "text": words.text,
            "in_reply_to": words.in_reply_to, "second": words.second_person, "by": actor.membership_id,
            "written_as": words.written_as or self._native, "pictures": as_json(words.pictures),
            "name": actor.duty_name, "at": tx.at,
        }  # fmt: skip
        there = self.find(tx, actor.workspace_id, case_id)
        if (there is None) != (version == 0) or not tx.run(self._keep, params):
            # a colleague may have been quicker between the two
            there = self.find(tx, actor.workspace_id, case_id)
            raise Conflict("Somebody else wrote here meanwhile.", code="draft_changed", draft=there)
        kept = self.find(tx, actor.workspace_id, case_id)
        assert kept is not None  # written above
        tell(tx, actor.workspace_id, case_id, self._lane, kept.version)
        return kept

    def do_put_first(self, tx: Tx, actor: Actor, case_id: int, words: Words) -> Draft:
        """Put `words` before whatever is there: nothing that somebody wrote is lost."""
        there = self.find(tx, actor.workspace_id, case_id)
        if there is not None and there.text.strip():
            words = msgspec.structs.replace(
                words,
                text=f"{words.text}\n\n{there.text}",
                pictures=words.pictures + there.pictures,
                written_as="private" if there.written_as == "private" else words.written_as,
            )
        return self.do_keep(tx, actor, case_id, words, 0 if there is None else there.version)

    def do_drop(self, tx: Tx, workspace_id: int, case_id: int, version: int | None = None) -> None:
        """Nobody wants it. With a version only that one goes: a colleague's newer words stay."""
        if tx.run(self._drop, {"workspace": workspace_id, "case": case_id, "version": version}):
            tell(tx, workspace_id, case_id, self._lane, 0)

    def do_said(
        self,
        tx: Tx,
        workspace_id: int,
        case_id: int,
        version: int | None,
        text: str,
        pictures: tuple[AskedPicture, ...] = (),
    ) -> None:
        """It was sent, as the draft of this version. A draft of the very words that were said goes too: a page that was
        loaded again sends them before it heard how its last look left them, and nobody shall say them twice."""
        said = {"version": version, "text": text.strip(), "blanks": string.whitespace, "pictures": as_json(pictures)}
        if tx.run(self._said, {"workspace": workspace_id, "case": case_id, **said}):
            tell(tx, workspace_id, case_id, self._lane, 0)

    def do_adopt(self, tx: Tx, workspace_id: int, case_id: int) -> None:
        """Take over what was being written in a case that was merged into this one, if nobody writes here."""
        tx.run(self._adopt, {"workspace": workspace_id, "case": case_id})


def _draft(row: tuple[Any, ...]) -> Draft:
    text, in_reply_to, second_person, by_id, by, at, version, written_as, pictures = row
    return Draft(
        text=text,
        in_reply_to=None if in_reply_to is None else str(in_reply_to),
        second_person=second_person,
        by_id=str(by_id),
        by=by,
        at=at,
        version=version,
        written_as=written_as,
        pictures=msgspec.json.decode(pictures, type=tuple[AskedPicture, ...]),
    )


PUBLIC = Drafts("public_drafts", "public", "public")
DIRECT = Drafts("direct_drafts", "direct", "private")
