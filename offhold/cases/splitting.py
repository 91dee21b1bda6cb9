"""One case that holds two matters becomes two. Undone, they are one again.

The new case is no home: only conversations that went over whole are pinned to it, so that what is said there next
follows; everything else the customer says joins their home case as before.
"""

from __future__ import annotations

from offhold.cases.acts import Locked, lock
from offhold.cases.apply import add_events, announce_cases
from offhold.cases.merging import Merge, Moved, move_messages, reference, remember
from offhold.cases.recount import recount
from offhold.cases.write import references
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid, NotFound

_NEW = """
INSERT INTO cases (workspace_id, id, reference, customer_id, identity_id, channel_id, queue_id, home, assignee_id,
  opened_at, last_at, last_audience, linked_case_id)
SELECT workspace_id, %(new)s, %(reference)s, customer_id, %(identity)s, channel_id,
  queue_in_use(workspace_id, queue_id, channel_id), false, assignee_id,
  opened_at, last_at, last_audience, id
FROM cases WHERE workspace_id = %(ws)s AND id = %(case)s
"""
_PIN = """
INSERT INTO case_pins (workspace_id, identity_id, conversation_id, case_id)
SELECT DISTINCT m.workspace_id, m.identity_id, m.conversation_id, m.case_id FROM messages m
WHERE m.workspace_id = %(ws)s AND m.case_id = %(new)s AND m.identity_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM messages o WHERE o.workspace_id = m.workspace_id AND o.case_id = %(case)s
                  AND o.conversation_id = m.conversation_id AND o.identity_id = m.identity_id)
ON CONFLICT (workspace_id, identity_id, conversation_id) DO UPDATE SET case_id = excluded.case_id
RETURNING identity_id, conversation_id
"""


def check_split(tx: Tx, case: Locked, message_ids: list[int]) -> int:
    """All of them are of this case, a customer's among them,
    and some of the customer's stay. Returns whose they are."""
    rows = tx.rows(
        "SELECT id, identity_id FROM messages WHERE workspace_id = %s AND case_id = %s", (case.workspace, case.id)
    )
    chosen = set(message_ids)
    if not chosen <= {message for message, _ in rows}:
        raise NotFound
    customers = {identity for message, identity in rows if message in chosen and identity is not None}
    if len(customers) != 1:
        raise Invalid("Choose words of one customer; our answers may go with them.", code="split_one_customer")
    if not any(identity is not None for message, identity in rows if message not in chosen):
        raise Invalid("Something of the customer must stay in the case.", code="split_leaves_nothing")
    return int(customers.pop())


def do_split(
    tx: Tx, case: Locked, message_ids: list[int], identity: int, *, by: str, by_id: int | None
) -> tuple[int, int]:
    """Move the messages to a new case linked to this one. Returns the new case's id, and the id that undoes it."""
    new, split = ids.new(), ids.new()
    number = references(tx, [case.workspace])[0]
    tx.run(_NEW, {"new": new, "reference": number, "identity": identity, "ws": case.workspace, "case": case.id})
    moved = move_messages(tx, case.workspace, case.id, new, message_ids)
    pins = tx.rows(_PIN, {"ws": case.workspace, "new": new, "case": case.id})
    remember(tx, case.workspace, (split, "split", new, case.id), Moved(moved, [], "open", None, pins), by_id)
    recount(tx, [(case.workspace, case.id), (case.workspace, new)])
    told = {"case": reference(tx, case), "new": f"OH-{number}", "by": by, "merge_id": str(split)}
    add_events(tx, [(case.workspace, case.id, "case.split", told), (case.workspace, new, "case.split", told)])
    announce_cases(tx, [(case.workspace, case.id), (case.workspace, new)])
    return new, split


def do_unsplit(tx: Tx, workspace_id: int, split: Merge, *, by: str) -> None:
    """Everything of the split-off case goes back, and its conversations with it."""
    case, into = lock(tx, workspace_id, split.from_id), lock(tx, workspace_id, split.into_id)
    if case.id != into.id:
        move_messages(tx, workspace_id, case.id, into.id, None)
        tx.run(
            "UPDATE notes SET case_id = %s WHERE workspace_id = %s AND case_id = %s", (into.id, workspace_id, case.id)
        )
        tx.run(
            "UPDATE cases SET state = 'merged', merged_into = %s, waiting_since = NULL, snoozed_at = NULL,"
            " snoozed_until = NULL, version = version + 1 WHERE workspace_id = %s AND id = %s",
            (into.id, workspace_id, case.id),
        )
    tx.run("DELETE FROM case_pins WHERE workspace_id = %s AND case_id = %s", (workspace_id, case.id))
    recount(tx, [(workspace_id, into.id)])
    tx.run("UPDATE merges SET undone_at = %s WHERE workspace_id = %s AND id = %s", (tx.at, workspace_id, split.id))
    told = {"case": reference(tx, case), "into": reference(tx, into), "by": by}
    add_events(tx, [(workspace_id, into.id, "case.merged", told)])
    announce_cases(tx, [(workspace_id, case.id), (workspace_id, into.id)])
