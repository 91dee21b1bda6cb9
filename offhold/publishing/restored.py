"""The database is an older copy of itself: whatever was on its way then may be out by now, and the rows do not know.

Nothing that was about to go goes by itself. What had passed its gates is looked for on the network first; what waited
is put before a person, and once they let it go it is looked for too. What was sent stays sent.
"""

from __future__ import annotations

from offhold.kernel.db.tx import transaction_over
from offhold.people.queries import workspaces
from offhold.publishing.conclude import conclude, lock
from offhold.publishing.graph import Event, Interrupted, Lapsed, Restored, State
from offhold.publishing.standing import Rule
from offhold.publishing.stopped import LINES

AT_ONCE = 20
CODE = "restored"
_UNDER_WAY = """
SELECT audience, id FROM (
  SELECT workspace_id, audience, id, case_id, state FROM public_replies
  UNION ALL SELECT workspace_id, audience, id, case_id, state FROM direct_replies
) AS r WHERE workspace_id = %s AND state = ANY (%s) ORDER BY case_id, id
"""
_LOOKED_FOR = (State.INTENT, State.SENDING, State.UNKNOWN, State.RECONCILING)
_LOOKED_AT = (State.HELD, State.REVIEW)
_ASKED_ANEW = (State.APPROVAL,)
_CONCERNED = [state.value for state in (*_LOOKED_FOR, *_LOOKED_AT, *_ASKED_ANEW)]


def do_doubt() -> int:
    """To be run once after a backup was put back, before anything sends. Returns how many replies it concerns."""
    return sum(_doubt_in(workspace.id) for workspace in workspaces())


def _doubt_in(workspace_id: int) -> int:
    with transaction_over([workspace_id]) as tx:
        found = tx.rows(_UNDER_WAY, (workspace_id, _CONCERNED))
    for some in (found[n : n + AT_ONCE] for n in range(0, len(found), AT_ONCE)):
        with transaction_over([workspace_id]) as tx:
            for audience, reply_id in some:
                held = lock(tx, LINES[audience], workspace_id, reply_id)
                conclude(held, _what_it_means(held.reply.state), Rule())
    return len(found)


def _what_it_means(state: State) -> Event:
    if state in _LOOKED_FOR:
        return Restored()
    if state in _ASKED_ANEW:  # somebody may have agreed to it since, and it went: it must not be agreed to twice
        return Lapsed(CODE, "A backup was put back: look on the network whether it was sent since that was made.")
    return Interrupted(CODE, "A backup was put back: it may have been sent since that was made.")
