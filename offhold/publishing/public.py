"""Replies said to everyone: their table, their one way out, and how the network's answer is judged."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from offhold.connectors.contract import Channel, Connector, Egress, PublicOut, ReadBack, Receipt
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import NotFound
from offhold.publishing import threads
from offhold.publishing.graph import Confirmed, Event, Misaddressed, Unstated
from offhold.publishing.items import ReplyItem, Unsent, item_of, unsent_of
from offhold.publishing.ledger import Ledger
from offhold.publishing.line import SKEW, PictureOf
from offhold.publishing.replies import (
    BEGUN,
    BEGUN_VALUES,
    COLUMNS,
    WIDTH,
    AskedPicture,
    Part,
    PublicReply,
    Thread,
    as_json,
    begun,
    common,
    from_json,
    reason,
)
from offhold.publishing.standing import Rule

_COLUMNS = f"""{COLUMNS}, conversation_id, parent_id, parent_native::text, root_id, root_native::text, pictures::text,
part, (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'key', p.key, 'text', p.text, 'prepared', p.prepared)
                        ORDER BY p.n)
       FROM public_reply_parts p
       WHERE p.workspace_id = public_replies.workspace_id AND p.reply_id = public_replies.thread)::text
"""
_BY_ID = f"SELECT {_COLUMNS} FROM public_replies WHERE workspace_id = %s AND id = %s"
_BY_CLIENT_KEY = f"SELECT {_COLUMNS} FROM public_replies WHERE workspace_id = %s AND client_key = %s"
_OF_CASE = f"""
SELECT {_COLUMNS} FROM public_replies WHERE workspace_id = %s AND case_id = ANY (%s)
  AND (state <> 'sent' OR network_id IS NULL) ORDER BY id
"""
_UNSENT = f"""
SELECT {_COLUMNS} FROM public_replies WHERE workspace_id = %(ws)s AND state IN ('approval', 'held', 'review')
  AND (%(author)s::bigint IS NULL OR author_id = %(author)s OR state = 'approval')
ORDER BY next_at NULLS FIRST, id LIMIT %(limit)s
"""
_OF_THREAD = f"SELECT {_COLUMNS} FROM public_replies WHERE workspace_id = %s AND thread = %s ORDER BY part"
_INSERT = f"""
INSERT INTO public_replies ({BEGUN}, audience, conversation_id, parent_id, parent_native, root_id, root_native,
  pictures, thread, part)
VALUES ({BEGUN_VALUES}, 'public', %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, client_key) DO NOTHING
"""
_INSERT_PART = """
INSERT INTO public_reply_parts (workspace_id, reply_id, n, id, key, text, text_sha256, prepared)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
# By our key or the id we were told, whatever it says; else the same words, said by us in answer to the same message.
_ECHO = """
SELECT network_id, at, audience, url FROM messages
WHERE workspace_id = %(workspace)s AND channel_id = %(channel)s AND identity_id IS NULL AND at >= %(since)s
  AND (client_key = %(key)s OR network_id = %(network_id)s OR reply_id = %(id)s
       OR (reply_id IS NULL AND client_key IS NULL AND audience = 'public' AND conversation_id = %(conversation)s
           AND parent = %(parent)s AND text = %(text)s))
ORDER BY (client_key IS NOT NULL) DESC, at LIMIT 1
"""
_POST = """
INSERT INTO messages AS m (workspace_id, id, channel_id, network_id, audience, conversation_id, case_id, text, at,
  parent, url, media, native, version_at, owed, reason, reply_id, client_key)
VALUES (%s, %s, %s, %s, 'public', %s, %s, %s, %s, %s, %s, %s, %s, %s, false, %s, %s, %s)
ON CONFLICT (workspace_id, channel_id, network_id) DO UPDATE
SET reply_id = excluded.reply_id, case_id = coalesce(m.case_id, excluded.case_id), reason = excluded.reason
WHERE m.identity_id IS NULL AND m.audience = 'public'
RETURNING id
"""
# What a part became, and what there is to know before the next one is meant.
_OUT = """
SELECT m.network_id, m.native::text,
  r.evidence @> '[{"event": "Restored"}]' OR r.evidence @> '[{"code": "restored"}]',
  EXISTS (SELECT 1 FROM public_replies n WHERE n.workspace_id = r.workspace_id AND n.thread = r.thread
          AND n.part = %(next)s),
  EXISTS (SELECT 1 FROM repairs p WHERE p.workspace_id = r.workspace_id AND p.reply_id = %(thread)s)
FROM public_replies r JOIN messages m ON m.workspace_id = r.workspace_id AND m.id = %(message)s
WHERE r.workspace_id = %(workspace)s AND r.id = %(reply)s
"""


def from_row(row: tuple[Any, ...]) -> PublicReply:
    conversation_id, parent_id, parent_native, root_id, root_native, pictures, part, parts = row[WIDTH:]
    return PublicReply(
        **common(row),
        conversation_id=conversation_id,
        parent_id=parent_id,
        parent_native=from_json(parent_native),
        root_id=root_id,
        root_native=from_json(root_native),
        pictures=msgspec.json.decode(pictures, type=tuple[AskedPicture, ...]),
        thread=None if part is None else Thread(part, msgspec.json.decode(parts, type=tuple[Part, ...])),
    )


def find(tx: Tx, workspace_id: int, reply_id: int) -> PublicReply:
    """Raises `NotFound`."""
    row = tx.one(_BY_ID, (workspace_id, reply_id))
    if row is None:
        raise NotFound
    return from_row(row)


def by_client_key(tx: Tx, workspace_id: int, client_key: str) -> PublicReply | None:
    """The reply a browser meant with this key, if it came through before."""
    row = tx.one(_BY_CLIENT_KEY, (workspace_id, client_key))
    return None if row is None else from_row(row)


def of_cases(tx: Tx, workspace_id: int, case_ids: list[int]) -> list[PublicReply]:
    """Those which no message stands for on the timelines of these cases, oldest first."""
    return [from_row(row) for row in tx.rows(_OF_CASE, (workspace_id, case_ids))]


def unsent(tx: Tx, workspace_id: int, author: int | None, limit: int) -> list[PublicReply]:
    """Those that wait before they go out, what waits for a person first and then by when it goes: of this author and
    whatever somebody has to agree to; None: of everybody."""
    return [from_row(row) for row in tx.rows(_UNSENT, {"ws": workspace_id, "author": author, "limit": limit})]


def insert(tx: Tx, reply: PublicReply) -> bool:
    """Write what is meant, and with the first of several posts what follows it. False when its client key was used
    before."""
    thread = reply.thread
    said = (
        reply.conversation_id, reply.parent_id, as_json(reply.parent_native), reply.root_id,
        as_json(reply.root_native), as_json(reply.pictures),
        None if thread is None else thread.head, None if thread is None else thread.part,
    )  # fmt: skip
    if tx.run(_INSERT, begun(reply) + said) != 1:
        return False
    if thread is not None and thread.part == 1:
        for n, part in enumerate(thread.parts, 1):
            sha256 = hashlib.sha256(part.text.encode()).digest()
            fixed = (part.id, part.key, part.text, sha256, as_json(part.prepared))
            tx.run(_INSERT_PART, (reply.workspace_id, thread.head, n, *fixed))
    return True


def of_thread(tx: Tx, workspace_id: int, head: int) -> list[PublicReply]:
    """The parts of it that were meant so far, in their order."""
    return [from_row(row) for row in tx.rows(_OF_THREAD, (workspace_id, head))]


def item(reply: PublicReply) -> ReplyItem:
    thread = reply.thread
    shown = item_of(reply, "public")
    if thread is None:
        return shown
    return msgspec.structs.replace(shown, part=thread.part, parts=tuple(part.text for part in thread.parts))


class PublicLine:
    """`line.Line` of what is said to everyone."""

    private = False
    ledger = Ledger("public_replies", "public_attempts")

    def lock(self, tx: Tx, workspace_id: int, reply_id: int) -> PublicReply:
        row = tx.one(_BY_ID + " FOR UPDATE", (workspace_id, reply_id))
        if row is None:
            raise NotFound
        return from_row(row)

    def item(self, reply: PublicReply) -> ReplyItem:
        return item(reply)

    def unsent(self, reply: PublicReply) -> Unsent:
        return unsent_of(reply, "public", None if reply.thread is None else reply.thread.head)

    def out(self, tx: Tx, reply: PublicReply, picture: PictureOf | None) -> PublicOut:
        return PublicOut(
            key=reply.key,
            text=reply.post,
            parent_id=reply.parent_id,
            parent_native=reply.parent_native,
            root_id=reply.root_id,
            root_native=reply.root_native,
            prepared=reply.prepared,
            tried_until=reply.standing.deadline,
            human=not reply.automatic,
            pictures=() if picture is None else tuple(picture(tx, reply.workspace_id, p) for p in reply.pictures),
        )

    async def deliver(self, connector: Connector, egress: Egress, channel: Channel, out: PublicOut) -> Receipt:
        return await connector.deliver_public(egress, channel, out)

    async def look(self, connector: Connector, egress: Egress, channel: Channel, out: PublicOut) -> ReadBack:
        return await connector.read_back_public(egress, channel, out)

    def judge(self, _: PublicReply, receipt: Receipt) -> Event:
        if receipt.audience is None:
            return Unstated()
        return Confirmed() if receipt.audience == "public" else Misaddressed(receipt.audience)

    def echo(self, tx: Tx, reply: PublicReply) -> Receipt | None:
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
                "parent": reply.parent_id,
                "text": reply.post,
            },
        )
        return None if row is None else Receipt(network_id=row[0], at=row[1], audience=row[2], url=row[3])

    def post(self, tx: Tx, reply: PublicReply, receipt: Receipt, case_id: int) -> int | None:
        media = [
            {"kind": "image", "url": f"/media/{p.media_id}", "alt": p.alt, "width": None, "height": None}
            for p in reply.pictures
        ]
        values = (
            reply.workspace_id, ids.new(), reply.channel_id, receipt.network_id, reply.conversation_id, case_id,
            reply.post, receipt.at, reply.parent_id, receipt.url, as_json(media) if media else None,
            as_json(receipt.native), receipt.at, reason(reply), reply.id, reply.key,
        )  # fmt: skip
        row = tx.one(_POST, values)
        return None if row is None else int(row[0])

    def follow(
        self, tx: Tx, reply: PublicReply, rule: Rule, case_id: int, message_id: int
    ) -> tuple[PublicReply, Event | None] | None:
        if reply.thread is None:
            return None
        row = tx.one(_OUT, {"workspace": reply.workspace_id, "reply": reply.id, "message": message_id,
                            "thread": reply.thread.head, "next": reply.thread.part + 1})  # fmt: skip
        assert row is not None  # the reply's row is locked, and the message was written with it
        network_id, native, restored, there, taken_back = row
        if taken_back:  # all of it was, while this was under way
            self.ledger.take_back_what_is_out(tx, reply, {"event": "Repaired"})
        under = threads.Under(message_id, network_id, from_json(native))
        following = threads.next_part(reply, under, case_id, tx.at, rule)
        if following is None or there or taken_back:
            return None
        insert(tx, following)
        return following, threads.between(reply, restored=restored)


LINE = PublicLine()
