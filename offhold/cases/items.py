"""Messages and events as they stand on a timeline: one query for any number of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from offhold.cases.sets import columns
from offhold.cases.views import Author, Counts, EventItem, MediaView, MessageItem, Version
from offhold.channels.pictures import proxied
from offhold.connectors.contract import Media
from offhold.kernel.db.tx import Question, Tx

COLUMNS = """
m.id, m.network_id, m.audience, m.identity_id, i.name, i.handle, i.avatar_url, m.reply_id, m.text, m.at, m.edited_at,
m.deleted_at, m.hidden, m.media, p.id, m.url, m.likes, m.reposts, m.replies, m.owed, m.reason, m.channel_id,
(SELECT coalesce(json_agg(json_build_object('text', v.text, 'at', v.at) ORDER BY v.at, v.version), '[]')::text
 FROM message_versions v WHERE m.edited_at IS NOT NULL AND v.workspace_id = m.workspace_id AND v.message_id = m.id),
m.case_id, m.workspace_id
"""
JOINS = """
LEFT JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = m.identity_id
LEFT JOIN messages p ON p.workspace_id = m.workspace_id AND p.channel_id = m.channel_id AND p.network_id = m.parent
"""
_BY_KEY = f"""
SELECT {COLUMNS} FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
JOIN messages m USING (workspace_id, id) {JOINS}
"""


class Placed(msgspec.Struct, frozen=True):
    """An item and whose timeline it stands on (None: a voice, or a post of ours)."""

    workspace: int
    case: int | None
    item: MessageItem


def load(tx: Tx, keys: Iterable[tuple[int, int]]) -> dict[int, Placed]:
    """Items by message id, of (workspace, message) keys."""
    pairs = list(keys)
    found = tx.rows(_BY_KEY, columns(pairs, 2)) if pairs else []
    return {row[0]: Placed(row[24], row[23], from_row(row)) for row in found}


def from_row(row: tuple[Any, ...]) -> MessageItem:
    """One row of `COLUMNS`. Who of us wrote a reply is added by publishing, which knows."""
    (message_id, network_id, audience, identity_id, name, handle, avatar, reply_id, text, at, edited_at,
    deleted_at, hidden,
     stored_media, parent_id, url, likes, reposts, replies, owed, reason, channel_id, versions, *_) = row  # fmt: skip
    return MessageItem(
        id=str(message_id), network_id=network_id, audience=audience, direction="out" if identity_id is None else "in",
        author=None if identity_id is None
        else Author(identity_id=str(identity_id), name=name, handle=handle, avatar_url=proxied(avatar)),
        duty_name=None, outside=identity_id is None and reply_id is None, reply_id=str(reply_id) if reply_id else None,
        text=text, at=at, edited=edited_at is not None and deleted_at is None,
        versions=msgspec.json.decode(versions, type=list[Version]) if edited_at is not None else [],
        deleted_at=deleted_at, hidden=hidden, media=_stored_media(stored_media),
        parent_id=str(parent_id) if parent_id else None,
        url=url, counts=counts(likes, reposts, replies), owed=owed,
        voice_reason=None if owed or identity_id is None else reason, channel_id=str(channel_id),
    )  # fmt: skip


def _stored_media(stored: str | None) -> list[MediaView]:
    return media(msgspec.json.decode(stored, type=list[Media])) if stored else []


def media(found: Iterable[Media]) -> list[MediaView]:
    """As screens show them: pictures through our own address."""
    return [
        MediaView(
            kind=m.kind, url=proxied(m.url) if m.kind == "image" else m.url, alt=m.alt, width=m.width, height=m.height
        )
        for m in found
    ]


def counts(likes: int | None, reposts: int | None, replies: int | None) -> Counts | None:
    """None when the network told none of them."""
    if likes is None and reposts is None and replies is None:
        return None
    return Counts(likes=likes, reposts=reposts, replies=replies)


_EVENTS = """
SELECT id, kind, at, params::text FROM case_events
WHERE workspace_id = %s AND case_id = %s AND (at, id) < (%s, %s) ORDER BY at DESC, id DESC LIMIT %s
"""


def events(workspace_id: int, case_id: int, before: tuple[datetime, int], limit: int) -> Question:
    """The newest events of a case before a time and id, newest first; `event` reads them."""
    return Question(_EVENTS, (workspace_id, case_id, *before, limit))


def event(row: tuple[Any, ...]) -> EventItem:
    event_id, kind, at, params = row
    return EventItem(id=str(event_id), kind=kind, at=at, params=msgspec.json.decode(params))
