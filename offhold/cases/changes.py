"""What changes about messages that are there: edits, deletions, hidings, counts. Rare beside new ones,
so one by one."""

from __future__ import annotations

from offhold.cases.threading import Changed
from offhold.cases.write import as_json
from offhold.connectors.contract import Deleted, Edited, Hidden, Reacted
from offhold.kernel.db.tx import Tx


def apply(tx: Tx, changes: list[Changed]) -> None:
    """Write them in the order they were decided."""
    for change in changes:
        signal = change.signal
        if isinstance(signal, Edited):
            _edit(tx, change, signal)
        elif isinstance(signal, Deleted):
            _blank(tx, change, signal)
        elif isinstance(signal, Hidden):
            _hide(tx, change, signal)
        else:
            _count(tx, change, signal)


_REMEMBER_CURRENT = """
INSERT INTO message_versions (workspace_id, message_id, version, text, at)
SELECT workspace_id, id, version || '@' || extract(epoch FROM version_at), text, version_at FROM messages
WHERE workspace_id = %s AND id = %s AND deleted_at IS NULL
ON CONFLICT DO NOTHING
"""
_REPLACE = """
UPDATE messages SET text = %s, media = coalesce(%s::jsonb, media), native = coalesce(%s::jsonb, native), version = %s,
  version_at = %s, edited_at = %s, owed = %s, reason = %s, case_id = %s
WHERE workspace_id = %s AND id = %s AND deleted_at IS NULL
"""
_OWED = "UPDATE messages SET owed = %s, reason = %s, case_id = %s WHERE workspace_id = %s AND id = %s"
_REMEMBER_OLDER = """
INSERT INTO message_versions (workspace_id, message_id, version, text, at)
SELECT workspace_id, id, %(version)s || '@' || extract(epoch FROM %(at)s::timestamptz), %(text)s, %(at)s FROM messages
WHERE workspace_id = %(workspace)s AND id = %(id)s AND deleted_at IS NULL
  AND (version, version_at) IS DISTINCT FROM (%(version)s, %(at)s::timestamptz)
ON CONFLICT DO NOTHING
"""


def _edit(tx: Tx, change: Changed, edited: Edited) -> None:
    m = change.message
    if not change.current:
        tx.run(_OWED, (m.owed, m.reason, m.case, m.workspace, m.id))
        older = {"version": edited.version, "at": edited.at, "text": edited.text, "workspace": m.workspace, "id": m.id}
        if tx.run(_REMEMBER_OLDER, older):
            tx.run(
                "UPDATE messages SET edited_at = coalesce(edited_at, version_at) WHERE workspace_id = %s AND id = %s",
                (m.workspace, m.id),
            )
        return
    tx.run(_REMEMBER_CURRENT, (m.workspace, m.id))
    tx.run(
        _REPLACE,
        (edited.text, as_json(edited.media), as_json(edited.native), edited.version, edited.at, edited.at, m.owed,
        m.reason,
         m.case, m.workspace, m.id),
    )  # fmt: skip


def _blank(tx: Tx, change: Changed, deleted: Deleted) -> None:
    """The words, pictures and earlier versions go; that something was said, and our answer, stay."""
    m = change.message
    tx.run("DELETE FROM message_versions WHERE workspace_id = %s AND message_id = %s", (m.workspace, m.id))
    tx.run(
        "UPDATE messages SET text = '', media = NULL, quotes = NULL, edited_at = NULL, "
        "deleted_at = least(deleted_at, %s)"
        " WHERE workspace_id = %s AND id = %s",
        (deleted.at, m.workspace, m.id),
    )


def _hide(tx: Tx, change: Changed, hidden: Hidden) -> None:
    m = change.message
    tx.run("UPDATE messages SET hidden = %s WHERE workspace_id = %s AND id = %s", (hidden.hidden, m.workspace, m.id))


def _count(tx: Tx, change: Changed, told: Reacted) -> None:
    m = change.message
    tx.run(
        "UPDATE messages SET likes = coalesce(%s, likes), reposts = coalesce(%s, reposts), replies = coalesce(%s, "
        "replies)"
        " WHERE workspace_id = %s AND id = %s",
        (told.likes, told.reposts, told.replies, m.workspace, m.id),
    )
