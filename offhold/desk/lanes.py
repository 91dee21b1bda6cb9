"""How a case can be answered, before anybody types: who speaks to whom, under what; or why not.

The same rules decide again when the reply is meant and when it is sent (`publishing.lanes`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from offhold.cases.views import CaseRow
from offhold.connectors import registry
from offhold.desk.views import Lane, Reason
from offhold.kernel.db.tx import Tx
from offhold.people.actors import Actor
from offhold.publishing import accounts, lanes
from offhold.publishing.lanes import Closed

_NEWEST_PUBLIC = """
SELECT m.channel_id, m.id, m.at, i.id, i.handle, i.name, ch.followers, m.deleted_at IS NOT NULL
FROM messages m JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = m.identity_id
JOIN channels ch ON ch.workspace_id = m.workspace_id AND ch.id = m.channel_id
WHERE m.workspace_id = %s AND m.case_id = %s AND m.audience = 'public'
ORDER BY (m.deleted_at IS NULL) DESC, m.at DESC, m.id DESC LIMIT 1
"""
_NEWEST_PRIVATE = """
SELECT m.channel_id, m.id, m.at, i.id, i.handle, i.name FROM messages m
JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = coalesce(c.identity_id, m.identity_id)
WHERE m.workspace_id = %s AND m.case_id = %s AND m.audience = 'private'
ORDER BY (m.identity_id IS NOT NULL) DESC, m.at DESC, m.id DESC LIMIT 1
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


def public_lane(tx: Tx, actor: Actor, case: CaseRow) -> Lane:
    """Answering to everyone: under the newest public words of this customer that still stand."""
    row = tx.one(_NEWEST_PUBLIC, (actor.workspace_id, int(case.id)))
    if row is None:
        nothing = Closed("nothing_public", "This customer has said nothing in public.")
        return _lane(tx, actor, _customer(case), nothing)
    target, deleted = Target(*row[:-1]), row[-1]
    account = accounts.account(tx, actor.workspace_id, target.channel)
    return _lane(tx, actor, target, lanes.public_lane(account, deleted=deleted))


def direct_lane(tx: Tx, actor: Actor, case: CaseRow) -> Lane:
    """Answering to the customer only: in the conversation we have, else by a first message."""
    row = tx.one(_NEWEST_PRIVATE, (actor.workspace_id, int(case.id)))
    target = Target(*row) if row is not None else _customer(case)
    return _lane(tx, actor, target, lanes.direct_lane(accounts.account(tx, actor.workspace_id, target.channel)))


def _customer(case: CaseRow) -> Target:
    return Target(int(case.channel_id), None, None, int(case.identity.id), case.identity.handle, case.identity.name)


def _lane(tx: Tx, actor: Actor, target: Target, closed: Closed | None) -> Lane:
    account = accounts.account(tx, actor.workspace_id, target.channel)
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
