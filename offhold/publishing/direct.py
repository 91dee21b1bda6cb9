"""Replies said to one person: their table, their one way out, and how the network's answer is judged."""

from __future__ import annotations

from typing import Any

from offhold.connectors.contract import Channel, Connector, DirectOut, Egress, ReadBack, Receipt
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound
from offhold.publishing.graph import Confirmed, Event, Misaddressed, Unstated
from offhold.publishing.items import ReplyItem, Unsent, item_of, unsent_of
from offhold.publishing.ledger import Ledger
from offhold.publishing.line import SKEW, PictureOf
from offhold.publishing.replies import BEGUN, BEGUN_VALUES, COLUMNS, WIDTH, DirectReply, as_json, begun, common, reason
from offhold.publishing.standing import Rule

_COLUMNS = f"{COLUMNS}, conversation_id, conversation, identity_id, recipient_id"
_BY_ID = f"SELECT {_COLUMNS} FROM direct_replies WHERE workspace_id = %s AND id = %s"
_BY_CLIENT_KEY = f"SELECT {_COLUMNS} FROM direct_replies WHERE workspace_id = %s AND client_key = %s"
_OF_CASE = f"""
SELECT {_COLUMNS} FROM direct_replies WHERE workspace_id = %s AND case_id = ANY (%s)
  AND (state <> 'sent' OR network_id IS NULL) ORDER BY id
"""
_UNSENT = f"""
SELECT {_COLUMNS} FROM direct_replies WHERE workspace_id = %(ws)s AND state IN ('approval', 'held', 'review')
  AND (%(author)s::bigint IS NULL OR author_id = %(author)s OR state = 'approval')
ORDER BY next_at NULLS FIRST, id LIMIT %(limit)s
"""
_INSERT = f"""
INSERT INTO direct_replies ({BEGUN}, audience, conversation_id, conversation, identity_id, recipient_id)
VALUES ({BEGUN_VALUES}, 'private', %s, %s, %s, %s)
ON CONFLICT (workspace_id, client_key) DO NOTHING
"""
# By our key or the id we were told, whatever it says; else the same words, said by us to the same person.
_ECHO = """
SELECT m.network_id, m.at, m.audience, c.network_key FROM messages m
JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
WHERE m.workspace_id = %(workspace)s AND m.channel_id = %(channel)s AND m.identity_id IS NULL AND m.at >= %(since)s
  AND (m.client_key = %(key)s OR m.network_id = %(network_id)s OR m.reply_id = %(id)s
       OR (m.reply_id IS NULL AND m.client_key IS NULL AND m.audience = 'private' AND m.text = %(text)s
           AND (m.conversation_id = %(conversation)s
                OR %(conversation)s::bigint IS NULL AND c.identity_id = %(identity)s)))
ORDER BY (m.client_key IS NOT NULL) DESC, m.at LIMIT 1
"""
_POST = """
INSERT INTO messages AS m (workspace_id, id, channel_id, network_id, audience, conversation_id, case_id, text, at,
  native, version_at, owed, reason, reply_id, client_key)
VALUES (%s, %s, %s, %s, 'private', %s, %s, %s, %s, %s, %s, false, %s, %s, %s)
ON CONFLICT (workspace_id, channel_id, network_id) DO UPDATE
SET reply_id = excluded.reply_id, case_id = coalesce(m.case_id, excluded.case_id), reason = excluded.reason
WHERE m.identity_id IS NULL AND m.audience = 'private'
RETURNING id
"""
_CONVERSE = """
INSERT INTO conversations AS c (workspace_id, id, channel_id, audience, network_key, identity_id, last_at)
VALUES (%s, %s, %s, 'private', %s, %s, %s)
ON CONFLICT (workspace_id, channel_id, audience, network_key) DO UPDATE
SET identity_id = coalesce(c.identity_id, excluded.identity_id)
RETURNING id
"""


def from_row(row: tuple[Any, ...]) -> DirectReply:
    conversation_id, conversation, identity_id, recipient_id = row[WIDTH:]
    return DirectReply(
        **common(row),
        conversation_id=conversation_id,
        conversation=conversation,
        identity_id=identity_id,
        recipient_id=recipient_id,
    )


def find(tx: Tx, workspace_id: int, reply_id: int) -> DirectReply:
    """Raises `NotFound`."""
    row = tx.one(_BY_ID, (workspace_id, reply_id))
    if row is None:
        raise NotFound
    return from_row(row)


def by_client_key(tx: Tx, workspace_id: int, client_key: str) -> DirectReply | None:
    """The reply a browser meant with this key, if it came through before."""
    row = tx.one(_BY_CLIENT_KEY, (workspace_id, client_key))
    return None if row is None else from_row(row)


def of_cases(tx: Tx, workspace_id: int, case_ids: list[int]) -> list[DirectReply]:
    """Those which no message stands for on the timelines of these cases, oldest first."""
    return [from_row(row) for row in tx.rows(_OF_CASE, (workspace_id, case_ids))]


def unsent(tx: Tx, workspace_id: int, author: int | None, limit: int) -> list[DirectReply]:
    """Those that wait before they go out, what waits for a person first and then by when it goes: of this author and
    whatever somebody has to agree to; None: of everybody."""
    return [from_row(row) for row in tx.rows(_UNSENT, {"ws": workspace_id, "author": author, "limit": limit})]


def insert(tx: Tx, reply: DirectReply) -> bool:
    """Write what is meant. False when its client key was used before."""
    said = (reply.conversation_id, reply.conversation, reply.identity_id, reply.recipient_id)
    return tx.run(_INSERT, begun(reply) + said) == 1


def item(reply: DirectReply) -> ReplyItem:
    return item_of(reply, "private")


class DirectLine:
    """`line.Line` of what is said to one person."""

    private = True
    ledger = Ledger("direct_replies", "direct_attempts")

    def lock(self, tx: Tx, workspace_id: int, reply_id: int) -> DirectReply:
        row = tx.one(_BY_ID + " FOR UPDATE", (workspace_id, reply_id))
        if row is None:
            raise NotFound
        return from_row(row)

    def item(self, reply: DirectReply) -> ReplyItem:
        return item(reply)

    def unsent(self, reply: DirectReply) -> Unsent:
        return unsent_of(reply, "private")

    def out(self, _: Tx, reply: DirectReply, __: PictureOf | None) -> DirectOut:
        return DirectOut(
            key=reply.key,
            text=reply.text,
            recipient_id=reply.recipient_id,
            conversation=reply.conversation,
            prepared=reply.prepared,
            tried_until=reply.standing.deadline,
            human=not reply.automatic,
        )

    async def deliver(self, connector: Connector, egress: Egress, channel: Channel, out: DirectOut) -> Receipt:
        return await connector.deliver_direct(egress, channel, out)

    async def look(self, connector: Connector, egress: Egress, channel: Channel, out: DirectOut) -> ReadBack:
        return await connector.read_back_direct(egress, channel, out)

    def judge(self, reply: DirectReply, receipt: Receipt) -> Event:
        if receipt.audience is None:
            return Unstated()
        if receipt.audience != "private":
            return Misaddressed(receipt.audience)
        # private, but in a conversation we did not mean: no machine deletes on that, a person looks
        elsewhere = reply.conversation is not None and receipt.conversation not in (None, reply.conversation)
        return Unstated() if elsewhere else Confirmed()

    def echo(self, tx: Tx, reply: DirectReply) -> Receipt | None:
        row = tx.one(
            _ECHO,
            {
                "workspace": reply.workspace_id,
                "channel": reply.channel_id,
                "since": reply.created_at - SKEW,
                "key": reply.key,
                "network_id": reply.network_id,
                "id": reply.id,
                "conversation": reply.conversation_id,
                "identity": reply.identity_id,
                "text": reply.text,
            },
        )
        return None if row is None else Receipt(network_id=row[0], at=row[1], audience=row[2], conversation=row[3])

    def post(self, tx: Tx, reply: DirectReply, receipt: Receipt, case_id: int) -> int | None:
        conversation_id = reply.conversation_id or self._converse(tx, reply, receipt)
        values = (
            reply.workspace_id, ids.new(), reply.channel_id, receipt.network_id, conversation_id, case_id, reply.text,
            receipt.at, as_json(receipt.native), receipt.at, reason(reply), reply.id, reply.key,
        )  # fmt: skip
        row = tx.one(_POST, values)
        return None if row is None else int(row[0])

    def follow(self, tx: Tx, reply: DirectReply, rule: Rule, case_id: int, message_id: int) -> None:
        """A direct message is one: where it is too long, it is refused before it is meant."""

    def _converse(self, tx: Tx, reply: DirectReply, receipt: Receipt) -> int:
        """The conversation this message opened, as the network calls it."""
        key = receipt.conversation or f"with:{reply.recipient_id}"
        row = tx.one(_CONVERSE, (reply.workspace_id, ids.new(), reply.channel_id, key, reply.identity_id, receipt.at))
        assert row is not None  # an upsert returns its row
        return int(row[0])


LINE = DirectLine()
