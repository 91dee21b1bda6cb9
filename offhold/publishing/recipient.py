"""Whom a direct reply in a case reaches, and whether that is whom its author was shown.

Nobody types a recipient: it follows from the case. But a case can change between reading and sending, and words meant
for one person must not reach another, so the author's screen says whom it named.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from offhold.connectors import registry
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict
from offhold.publishing.asked import DirectAsk
from offhold.publishing.lanes import Account

_IN_CONVERSATION = """
SELECT c.id, c.network_key, m.channel_id, i.id, i.account, m.id, m.at, i.handle, i.name FROM messages m
JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = coalesce(c.identity_id, m.identity_id)
WHERE m.workspace_id = %s AND m.case_id = %s AND m.audience = 'private'
ORDER BY (m.identity_id IS NOT NULL) DESC, m.at DESC, m.id DESC LIMIT 1
"""
_FIRST_CONTACT = """
SELECT NULL, NULL, ca.channel_id, i.id, i.account, NULL, NULL, i.handle, i.name FROM cases ca
JOIN identities i ON i.workspace_id = ca.workspace_id AND i.id = ca.identity_id
WHERE ca.workspace_id = %s AND ca.id = %s
"""
_CONVERSATION_OF = """
SELECT conversation_id FROM messages WHERE workspace_id = %s AND case_id = %s AND id = %s AND audience = 'private'
"""


class Recipient(msgspec.Struct, frozen=True):
    """`conversation` is the network's id of it; None when the network must open one first."""

    conversation_id: int | None
    conversation: str | None
    channel_id: int
    identity_id: int
    account: str
    message_id: int | None
    message_at: datetime | None
    handle: str
    name: str


def find(tx: Tx, workspace_id: int, case_id: int) -> Recipient:
    """In the conversation we have; else the case's own customer, with whom we have none yet."""
    row = tx.one(_IN_CONVERSATION, (workspace_id, case_id)) or tx.one(_FIRST_CONTACT, (workspace_id, case_id))
    assert row is not None  # the case is locked, and refers to an identity
    return Recipient(*row)


def check_shown(tx: Tx, workspace_id: int, ask: DirectAsk, to: Recipient, account: Account) -> None:
    """Raises `Conflict` with the lane as it is now when the author's screen named somebody or somewhere else."""
    if ask.to_identity == to.identity_id and _leads_there(tx, workspace_id, ask, to):
        return
    raise Conflict("This would not reach whom you were shown.", code="recipient_changed", lane=_lane(to, account))


def _leads_there(tx: Tx, workspace_id: int, ask: DirectAsk, to: Recipient) -> bool:
    """Is the message the screen named said in the conversation it would go into now. None: only a person was named."""
    if ask.in_reply_to is None:
        return True
    row = tx.one(_CONVERSATION_OF, (workspace_id, ask.case_id, ask.in_reply_to))
    return row is not None and row[0] == to.conversation_id


def _lane(to: Recipient, account: Account) -> dict[str, object]:
    """As the case shows it (`desk.views.Lane`)."""
    return {
        "open": True,
        "reason": None,
        "channel_id": str(to.channel_id),
        "network_label": registry.label(account.network),
        "from_handle": account.handle,
        "to_identity": str(to.identity_id),
        "to_handle": to.handle,
        "to_name": to.name,
        "in_reply_to": None if to.message_id is None else str(to.message_id),
        "in_reply_to_at": to.message_at,
        "reach": None,
    }
