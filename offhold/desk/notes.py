"""Notes: said to the team, never to a customer. They can name colleagues, and hand a case over to one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec

from offhold.cases import acts
from offhold.cases.acts import Locked
from offhold.cases.views import Colleague
from offhold.desk.views import NoteAdded, NoteChanged, NoteItem
from offhold.kernel import ids
from offhold.kernel.arrays import array
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.kernel.facts import Recorded
from offhold.people import notices, rights
from offhold.people.actors import Actor

MOST_MENTIONS = 20
# Undoing is offered for ten seconds; the rest is for the way there.
UNDONE_WITHIN = timedelta(seconds=60)

COLUMNS = """
n.id, n.text, n.at, n.kind, n.mentions, n.undone_at, a.id, a.duty_name, a.initials, t.id, t.duty_name, t.initials
"""
JOINS = """
JOIN memberships a ON a.workspace_id = n.workspace_id AND a.id = n.author_id
LEFT JOIN memberships t ON t.workspace_id = n.workspace_id AND t.id = n.to_id
"""
_OF_CASE = f"""
SELECT {COLUMNS} FROM (
  SELECT * FROM notes WHERE workspace_id = %s AND case_id = %s AND (at, id) < (%s, %s) ORDER BY at DESC, id DESC
  LIMIT %s) n {JOINS} ORDER BY n.at DESC, n.id DESC
"""
_ADD = """
INSERT INTO notes (workspace_id, id, case_id, author_id, client_key, text, at, kind, to_id, from_id, mentions)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (workspace_id, client_key) DO NOTHING
"""
_KEPT = f"""
SELECT {COLUMNS} FROM notes n {JOINS}
WHERE n.workspace_id = %s AND n.client_key = %s AND n.case_id = %s AND n.author_id = %s AND n.kind = %s
"""
_COLLEAGUES = """
SELECT m.id, m.role FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.workspace_id = %s AND m.id = ANY(%s) AND u.is_active
"""
_UNDO = f"""
WITH undone AS (
  UPDATE notes SET undone_at = %s WHERE workspace_id = %s AND id = %s AND undone_at IS NULL RETURNING *
) SELECT {COLUMNS} FROM undone n {JOINS}
"""


class Handover(msgspec.Struct, frozen=True):
    """To whom a case was handed over, and who had it before."""

    note: int
    to: int
    before: int | None


def of_case(workspace: int, case_id: int, until: tuple[object, int], limit: int) -> Question:
    """The newest notes of a case before a time and id, newest first; `from_row` reads them."""
    return Question(_OF_CASE, (workspace, case_id, *until, limit))


def from_row(row: Row) -> NoteItem:
    """One row of `COLUMNS`."""
    note, text, at, kind, mentions, undone_at, author, name, initials, to, to_name, to_initials = row
    return NoteItem(
        id=str(note), text=text, at=at, kind=kind, mentions=[str(member) for member in mentions], undone_at=undone_at,
        author=Colleague(id=str(author), duty_name=name, initials=initials),
        to=None if to is None else Colleague(id=str(to), duty_name=to_name, initials=to_initials),
    )  # fmt: skip


def check_mentions(tx: Tx, workspace: int, members: list[int]) -> None:
    """Colleagues who are here and may read notes. Raises `NotFound` for strangers, `Invalid` for observers."""
    asked = set(members)
    found: dict[int, str] = dict(tx.rows(_COLLEAGUES, (workspace, list(asked)))) if asked else {}
    if asked - found.keys():
        raise NotFound
    if not all(rights.of(role).see_private for role in found.values()):
        raise Invalid("An observer cannot read notes.", code="mention_observer")


def do_add_note(
    tx: Tx, actor: Actor, case: Locked, client_key: UUID, text: str, mentions: list[int] | None = None
) -> NoteItem | None:
    """Add a note, and tell whom it names; the same key again has no effect. Returns the note, None when the key is
    somebody else's."""
    named = sorted(set(mentions or ()))
    new = tx.run(_ADD, (*_head(tx, actor, case, client_key, text), "note", None, None, array(named)))
    note = _kept(tx, actor, case, client_key, "note")
    if new and note is not None:
        _tell(tx, case, note)
        others = [member for member in named if member != actor.membership_id]
        notices.do_notices(tx, case.workspace, others, "mention", case.id, by=actor.duty_name)
    return note


def do_hand_over(tx: Tx, actor: Actor, case: Locked, client_key: UUID, to: int, brief: str) -> NoteItem | None:
    """Give the case to a colleague with what they have to know, and tell them; the same key again has no effect.
    Returns the note, None when the key is somebody else's."""
    new = tx.run(_ADD, (*_head(tx, actor, case, client_key, brief), "handover", to, case.assignee, array([])))
    note = _kept(tx, actor, case, client_key, "handover")
    if new and note is not None:
        _tell(tx, case, note)
        acts.do_assign(tx, case, to, actor.duty_name, by_id=actor.membership_id, notice=False)
        if to != actor.membership_id:
            notices.do_notice(tx, case.workspace, to, "handed_over", case.id, by=actor.duty_name)
    return note


def check_undo_handover(tx: Tx, actor: Actor, case: Locked, note: int) -> Handover:
    """Who handed it over can take it back, right after, while the other still has it. Raises `NotFound`, `Conflict`."""
    row = tx.one(
        "SELECT to_id, from_id, at, undone_at FROM notes WHERE workspace_id = %s AND id = %s AND case_id = %s"
        " AND author_id = %s AND kind = 'handover' FOR UPDATE",
        (case.workspace, note, case.id, actor.membership_id),
    )
    if row is None:
        raise NotFound
    to, before, at, undone_at = row
    if undone_at is not None:
        raise Conflict("This was undone already.", code="already_undone")
    if case.assignee != to or tx.at - at > UNDONE_WITHIN:
        raise Conflict("Something happened since; it cannot be undone any more.", code="undo_too_late")
    return Handover(note, to, before)


def do_undo_handover(tx: Tx, actor: Actor, case: Locked, handover: Handover) -> None:
    """The case is whose it was, and the brief says that it was taken back."""
    rows = tx.rows(_UNDO, (tx.at, case.workspace, handover.note))
    for row in rows:
        fact = NoteChanged(note=from_row(row))
        tx.record(Recorded(case.workspace, fact, case_id=case.id, private=True))
    acts.do_assign(tx, case, handover.before, actor.duty_name, by_id=actor.membership_id, notice=False)


def _head(tx: Tx, actor: Actor, case: Locked, client_key: UUID, text: str) -> tuple[object, ...]:
    return (case.workspace, ids.new(), case.id, actor.membership_id, client_key, text, tx.at)


def _kept(tx: Tx, actor: Actor, case: Locked, client_key: UUID, kind: str) -> NoteItem | None:
    row = tx.one(_KEPT, (case.workspace, client_key, case.id, actor.membership_id, kind))
    return None if row is None else from_row(row)


def _tell(tx: Tx, case: Locked, note: NoteItem) -> None:
    tx.record(Recorded(case.workspace, NoteAdded(note=note), case_id=case.id, private=True))
