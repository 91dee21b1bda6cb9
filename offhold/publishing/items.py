"""A reply as screens see it, until the message it became replaces it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from offhold.cases.views import View
from offhold.kernel.facts import Fact


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is not out: a stable code the client translates, and the network's or our words for it."""

    code: str
    message: str


class ReplyItem(View, frozen=True, kw_only=True, tag="reply", tag_field="type"):
    """`attempts` counts sockets opened; `at` is when it was meant. Sent ones are shown as messages with `reply_id`."""

    id: str
    audience: Literal["public", "private"]
    state: Literal["intent", "sending", "sent", "refused", "unknown", "reconciling", "needs_human", "cancelled"]
    text: str
    at: datetime
    duty_name: str
    error: Problem | None
    attempts: int
    client_key: str
    in_reply_to: str | None


class ReplyChanged(Fact, frozen=True, tag="reply.changed"):
    """A reply as it stands now."""

    reply: ReplyItem
