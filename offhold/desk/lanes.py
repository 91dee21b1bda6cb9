"""How a case can be answered, before anybody types: who speaks to whom, under what; or why not.

The same rules decide again when the reply is meant and when it is sent (`publishing.lanes`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from offhold.cases.views import CaseRow
from offhold.connectors import registry
from offhold.desk.views import Lane, Lanes, Reason
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.people.actors import Actor
from offhold.publishing import accounts, lanes
from offhold.publishing.lanes import Account, Closed

# Each half is the first row of an index; sorting all that was said would read a case of years whole.
_NEWEST_PUBLIC = """
SELECT m.channel_id, m.id, m.at, i.id, i.handle, i.name, ch.followers, m.deleted_at IS NOT NULL
FROM (
  (SELECT * FROM messages WHERE workspace_id = %(ws)s AND case_id = %(case)s AND audience = 'public'
     AND identity_id IS NOT NULL AND deleted_at IS NULL ORDER BY at DESC, id DESC LIMIT 1)
  UNION ALL
  (SELECT * FROM messages WHERE workspace_id = %(ws)s AND case_id = %(case)s AND audience = 'public'
     AND identity_id IS NOT NULL ORDER BY at DESC, id DESC LIMIT 1)
  ORDER BY deleted_at NULLS FIRST LIMIT 1
) m JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = m.identity_id
JOIN channels ch ON ch.workspace_id = m.workspace_id AND ch.id = m.channel_id
"""
_NEWEST_PRIVATE = """
SELECT m.channel_id, m.id, m.at, i.id, i.handle, i.name
FROM (
  (SELECT * FROM messages WHERE workspace_id = %(ws)s AND case_id = %(case)s AND audience = 'private'
     AND identity_id IS NOT NULL ORDER BY at DESC, id DESC LIMIT 1)
  UNION ALL
  (SELECT * FROM messages WHERE workspace_id = %(ws)s AND case_id = %(case)s AND audience = 'private'
   ORDER BY at DESC, id DESC LIMIT 1)
  ORDER BY identity_id NULLS LAST LIMIT 1
) m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = coalesce(c.identity_id, m.identity_id)
"""


class Target(msgspec.Struct, frozen=True):
    """What is answered, and who said it."""

    channel: int
    message: int | None
    at: datetime | None
    identity: int
    handle: str
    name: str
    reach: int | None = None


def targets(workspace: int, case_id: int) -> tuple[Question, Question]:
    """The newest public words of this customer that still stand, and the conversation we have: what `both` wants."""
    params = {"ws": workspace, "case": case_id}
    return Question(_NEWEST_PUBLIC, params), Question(_NEWEST_PRIVATE, params)


def both(tx: Tx, actor: Actor, case: CaseRow, public: list[Row], direct: list[Row]) -> Lanes:
    """The two ways to answer a case, from the answers to `targets`."""
    said = Target(*public[0][:-1]) if public else _customer(case)
    spoken = Target(*direct[0]) if direct else _customer(case)
    known = {channel: accounts.account(tx, actor.workspace_id, channel) for channel in {said.channel, spoken.channel}}
    if public:
        closed = lanes.public_lane(known[said.channel], deleted=public[0][-1])
    else:
        closed = Closed("nothing_public", "This customer has said nothing in public.")
    return Lanes(
        public=_lane(actor, known[said.channel], said, closed),
        direct=_lane(actor, known[spoken.channel], spoken, lanes.direct_lane(known[spoken.channel])),
    )


def _customer(case: CaseRow) -> Target:
    return Target(int(case.channel_id), None, None, int(case.identity.id), case.identity.handle, case.identity.name)


def _lane(actor: Actor, account: Account, target: Target, closed: Closed | None) -> Lane:
    if not actor.can.answer:
        closed = Closed("observer", "Your role reads and does not answer.")
    return Lane(
        open=closed is None,
        reason=None if closed is None else Reason(code=closed.code, params=closed.params, message=closed.message),
        channel_id=str(target.channel),
        network_label=registry.label(account.network),
        from_handle=account.handle,
        to_identity=str(target.identity),
        to_handle=target.handle,
        to_name=target.name,
        in_reply_to=str(target.message) if target.message else None,
        in_reply_to_at=target.at,
        reach=target.reach,
    )
