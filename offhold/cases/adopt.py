"""What came before its case joins it: voices of the customer, and our own words before those they answer."""

from __future__ import annotations

import msgspec

from offhold.cases.known import Known
from offhold.cases.owed import decide
from offhold.cases.sets import columns
from offhold.cases.threading import ADOPTS, JOINING_VOICES, Plan
from offhold.kernel.db.tx import Tx

# Said before its author's thread was known to be one with us.
_UNADDRESSED = """
SELECT m.workspace_id, m.id, k.case_id, m.text, m.audience, m.at
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS k(workspace_id, identity_id,
  conversation_id, case_id)
JOIN messages m ON m.workspace_id = k.workspace_id AND m.identity_id = k.identity_id
  AND m.conversation_id = k.conversation_id AND m.case_id IS NULL AND m.reason = 'not_addressed' FOR UPDATE OF m
"""
_JOIN = "UPDATE messages SET case_id = %s, owed = %s, reason = %s WHERE workspace_id = %s AND id = %s"
_VOICES = """
UPDATE messages m SET case_id = k.case_id
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[]) AS k(workspace_id, identity_id, case_id, since)
WHERE m.workspace_id = k.workspace_id AND m.identity_id = k.identity_id AND m.case_id IS NULL AND m.at >= k.since
  AND m.reason = ANY(%s)
RETURNING m.workspace_id, m.id, m.case_id, m.conversation_id
"""
# Ours in public: the case of what it answers. Ours in private: the home of whom we speak with, from its first word on.
_OWN = """
UPDATE messages m SET case_id = found.case_id FROM (
  SELECT o.workspace_id, o.id, p.case_id FROM unnest(%(ws)s::bigint[],
    %(conversations)s::bigint[]) AS k(workspace_id, conversation_id)
  JOIN messages o USING (workspace_id, conversation_id)
  JOIN messages p ON p.workspace_id = o.workspace_id AND p.channel_id = o.channel_id AND p.network_id = o.parent
  WHERE o.case_id IS NULL AND o.identity_id IS NULL AND o.audience = 'public' AND o.parent IS NOT NULL
    AND p.case_id IS NOT NULL
  UNION
  SELECT o.workspace_id, o.id, c.id FROM unnest(%(cws)s::bigint[], %(cases)s::bigint[],
    %(since)s::timestamptz[]) AS k(workspace_id, id, since)
  JOIN cases c USING (workspace_id, id)
  JOIN conversations v ON v.workspace_id = c.workspace_id AND v.identity_id = c.identity_id AND v.audience = 'private'
  JOIN messages o ON o.workspace_id = v.workspace_id AND o.conversation_id = v.id
  WHERE o.case_id IS NULL AND o.identity_id IS NULL AND o.audience = 'private' AND o.at >= k.since
) found
WHERE m.workspace_id = found.workspace_id AND m.id = found.id
RETURNING m.workspace_id, m.id, m.case_id
"""

Key = tuple[int, int]  # workspace, and a message or a case of it


class Adopted(msgspec.Struct):
    """What came to which cases: the cases are to be recounted, the messages told to whoever looks at those."""

    messages: set[Key]
    cases: set[Key]

    def add(self, workspace: int, message: int, case: int) -> None:
        self.messages.add((workspace, message))
        self.cases.add((workspace, case))


def adopt(tx: Tx, known: Known, plan: Plan) -> Adopted:
    """Bring what was there before to the cases of this batch."""
    adopted = _unaddressed(tx, known, plan)
    opening = [c for c in known.cases.values() if c.adopts]
    conversations = {(n.message.workspace, n.message.conversation) for n in plan.messages}
    conversations |= {(m.workspace, m.conversation) for m in plan.asked}
    if opening:
        rows = [(c.workspace, c.identity, c.id, c.opened_at - ADOPTS) for c in opening]
        for workspace, message, case, conversation in tx.rows(_VOICES, (*columns(rows, 4), sorted(JOINING_VOICES))):
            adopted.add(workspace, message, case)
            conversations.add((workspace, conversation))
    keys = columns(list(conversations), 2)
    # The first word may be one that was just adopted: the stored case does not say so before the recount.
    cases = columns([(c.workspace, c.id, c.opened_at) for c in opening], 3)
    params = {"ws": keys[0], "conversations": keys[1], "cws": cases[0], "cases": cases[1], "since": cases[2]}
    while own := tx.rows(_OWN, params):  # once more: an answer to an own answer follows it
        for workspace, message, case in own:
            adopted.add(workspace, message, case)
    return adopted


def _unaddressed(tx: Tx, known: Known, plan: Plan) -> Adopted:
    """What customers said in a thread before, or in the same breath as, they asked us something in it, in new words or
    in changed ones."""
    asked = {
        (n.message.workspace, n.message.identity, n.message.conversation, n.message.case)
        for n in plan.messages
        if n.message.owed and n.message.audience == "public"
    } | {(m.workspace, m.identity, m.conversation, m.case) for m in plan.asked}
    adopted = Adopted(set(), set())
    for workspace, message, case_id, text, audience, at in tx.rows(_UNADDRESSED, columns(asked, 4)) if asked else []:
        verdict = decide(text, audience=audience, addressed=True, busy=False)
        tx.run(_JOIN, (case_id, verdict.owed, verdict.reason, workspace, message))
        adopted.add(workspace, message, case_id)
        if verdict.owed:
            case = known.cases[case_id]
            case.opened_at, case.adopts = min(case.opened_at, at), True
    return adopted
