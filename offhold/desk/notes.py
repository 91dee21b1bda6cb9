"""Notes: said to the team, never to a customer."""

from __future__ import annotations

from uuid import UUID

from offhold.cases.acts import Locked
from offhold.cases.views import Colleague
from offhold.desk.views import NoteAdded, NoteItem
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.facts import Recorded
from offhold.people.actors import Actor

_ADD = """
INSERT INTO notes (workspace_id, id, case_id, author_id, client_key, text, at) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, client_key) DO NOTHING
"""
_KEPT = "SELECT id, text, at FROM notes WHERE workspace_id = %s AND client_key = %s AND case_id = %s AND author_id = %s"


def do_add_note(tx: Tx, actor: Actor, case: Locked, client_key: UUID, text: str) -> NoteItem | None:
    """Add a note; the same key again has no effect. Returns the note, None when the key is somebody else's."""
    values = (case.workspace, ids.new(), case.id, actor.membership_id, client_key, text, tx.at)
    new = tx.run(_ADD, values)
    row = tx.one(_KEPT, (case.workspace, client_key, case.id, actor.membership_id))
    if row is None:
        return None
    author = Colleague(id=str(actor.membership_id), duty_name=actor.duty_name, initials=actor.initials)
    note = NoteItem(id=str(row[0]), text=row[1], at=row[2], author=author)
    if new:
        tx.record(Recorded(case.workspace, NoteAdded(note=note), case_id=case.id, private=True))
    return note
