"""A reply as screens see it, until the message it became replaces it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from offhold.cases.views import View
from offhold.connectors.contract import Audience
from offhold.kernel.facts import Fact
from offhold.publishing.approval import Reason
from offhold.publishing.graph import State
from offhold.publishing.replies import Reply
from offhold.publishing.standing import Standing

Stands = Literal[
    "approval", "held", "review",
    "intent", "sending", "sent", "refused", "unknown", "reconciling", "needs_human", "cancelled",
]  # fmt: skip


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is not out: a stable code the client translates, and the network's or our words for it."""

    code: str
    message: str


class ReplyItem(View, frozen=True, kw_only=True, tag="reply", tag_field="type"):
    """`attempts` counts sockets opened; `at` is when it was meant. Sent ones are shown as messages with `reply_id`.

    `author_id` is a membership, None for an automatic one. `goes_at`: when a held one goes out, or an agreement asked
    for lapses. `asks`: why a second person is asked; `alone`: there is none, and the author looks twice. `parts`: the
    posts it goes out as, and this is the `part`th (from 1); none: it is one post.
    """

    id: str
    audience: Audience
    state: Stands
    text: str
    at: datetime
    duty_name: str
    author_id: str | None
    error: Problem | None
    attempts: int
    client_key: str
    in_reply_to: str | None
    goes_at: datetime | None
    asks: tuple[Reason, ...]
    alone: bool
    agreed_by: str | None
    edited: bool
    automatic: bool
    scheduled_for: datetime | None
    time_zone: str | None
    part: int | None = None
    parts: tuple[str, ...] = ()


def item_of(reply: Reply, audience: Audience) -> ReplyItem:
    """`public.item` and `direct.item` say which."""
    s = reply.standing
    return ReplyItem(
        id=str(reply.id),
        audience=audience,
        state=s.state.value,
        text=reply.text,
        at=reply.created_at,
        duty_name=reply.duty_name,
        author_id=None if reply.automatic else str(reply.author_id),
        error=None if s.error_code is None else Problem(s.error_code, s.error_text or ""),
        attempts=reply.attempts,
        client_key=reply.client_key,
        in_reply_to=None if reply.in_reply_to is None else str(reply.in_reply_to),
        goes_at=_goes_at(s),
        asks=reply.asks,
        alone=reply.alone,
        agreed_by=None if reply.agreed is None else reply.agreed.name,
        edited=reply.edited_by is not None,
        automatic=reply.automatic,
        scheduled_for=reply.scheduled_for,
        time_zone=reply.time_zone,
    )


def _goes_at(s: Standing) -> datetime | None:
    """When a held one goes; when what somebody has to agree to lapses."""
    return s.next_at if s.state is State.HELD else s.until if s.state is State.APPROVAL else None


class ReplyChanged(Fact, frozen=True, tag="reply.changed"):
    """A reply as it stands now."""

    reply: ReplyItem


class Unsent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reply that waits before it goes out, without its words: enough for a strip on every screen. `thread`: the reply
    whose part it is."""

    id: str
    audience: Audience
    case_id: str
    channel_id: str
    author_id: str | None
    state: Stands
    at: datetime
    goes_at: datetime | None
    thread: str | None


class UnsentChanged(Fact, frozen=True, tag="unsent.changed"):
    """A reply began to wait, waits otherwise, or waits no longer (any other state)."""

    unsent: Unsent


def unsent_of(reply: Reply, audience: Audience, thread: int | None = None) -> Unsent:
    s = reply.standing
    return Unsent(
        id=str(reply.id),
        audience=audience,
        case_id=str(reply.case_id),
        channel_id=str(reply.channel_id),
        author_id=None if reply.automatic else str(reply.author_id),
        state=s.state.value,
        at=reply.created_at,
        goes_at=_goes_at(s),
        thread=None if thread is None else str(thread),
    )
