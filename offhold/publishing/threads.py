"""A public reply too long for one post: what it goes out as, and what is meant next once a part of it is out.

All of it passes the gates once, as the first part. Each other part is meant in the very transaction that learns that
the one before it is out, under an id and a key fixed beforehand, and hangs under that one; from there on it is a reply
like any other. So nothing is meant twice, and whatever stops one part stops those after it.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

import msgspec

from offhold.connectors.contract import JSON, Channel, Connector
from offhold.kernel import ids
from offhold.publishing import before
from offhold.publishing.graph import Event, Interrupted, Restored, State
from offhold.publishing.replies import Part, PublicReply, Thread
from offhold.publishing.standing import Rule

WAITED = Interrupted("thread_waited", "The part before it was long in doubt.")


def meant(
    first: tuple[int, str], posts: tuple[str, ...], connector: Connector, channel: Channel, at: datetime
) -> Thread | None:
    """The parts of a reply that is meant now; the first is the reply itself, given as its id and key. None: it is one
    post."""
    if len(posts) == 1:
        return None
    parts = []
    for n, text in enumerate(posts):
        own = first if n == 0 else (ids.new(), uuid.uuid4().hex)
        # the order of their keys on the network is that of the parts
        prepared = connector.prepare_public(channel, own[1], at + timedelta(milliseconds=n))
        parts.append(Part(*own, text, prepared))
    return Thread(1, tuple(parts))


class Under(msgspec.Struct, frozen=True):
    """The message a part became, which the next one answers."""

    message_id: int
    network_id: str
    native: JSON


def next_part(reply: PublicReply, under: Under, case_id: int, at: datetime, rule: Rule) -> PublicReply | None:
    """What is meant once this is out; None: that was all of it."""
    thread = reply.thread
    if thread is None or thread.part == len(thread.parts):
        return None
    part = thread.parts[thread.part]
    return msgspec.structs.replace(
        reply,
        id=part.id,
        key=part.key,
        client_key=part.key,
        case_id=case_id,
        text=part.text,
        text_sha256=hashlib.sha256(part.text.encode()).digest(),
        prepared=part.prepared,
        created_at=at,
        in_reply_to=under.message_id,
        parent_id=under.network_id,
        parent_native=under.native,
        pictures=(),
        thread=Thread(thread.part + 1, thread.parts),
        **_PASSED,
        standing=before.going(at, timedelta(0), rule),
    )


# What its words had to pass, they passed with the first part.
_PASSED: dict[str, Any] = {
    "asks": (), "looked": (), "alone": False, "asked_at": None, "agreed": None, "edited_by": None, "edited_from": None,
    "scheduled_for": None, "time_zone": None, "attempts": 0, "network_id": None, "sent_at": None, "withdraw_at": None,
}  # fmt: skip


def between(reply: PublicReply, *, restored: bool) -> Event | None:
    """Why the part after this one does not simply go, now that this one is out. `restored`: a backup was put back since
    it was meant, so that what follows may be out too."""
    if restored:
        return Restored()
    return WAITED if reply.state is State.NEEDS_HUMAN else None
