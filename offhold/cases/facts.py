"""The facts this stage makes true."""

from __future__ import annotations

from offhold.cases.views import CaseRow, Counts, EventItem, MessageItem
from offhold.kernel.facts import Fact


class CaseChanged(Fact, frozen=True, tag="case.changed"):
    """A case as it is now; the newest version wins."""

    case: CaseRow


class MessagePosted(Fact, frozen=True, tag="message.posted"):
    message: MessageItem


class MessageEdited(Fact, frozen=True, tag="message.edited"):
    message: MessageItem


class MessageDeleted(Fact, frozen=True, tag="message.deleted"):
    """Its words are gone; the tombstone stays."""

    message: MessageItem


class MessageHidden(Fact, frozen=True, tag="message.hidden"):
    message: MessageItem


class MessageCounted(Fact, frozen=True, tag="message.counted"):
    message_id: str
    counts: Counts


class MessageMoved(Fact, frozen=True, tag="message.moved"):
    """It belongs to another case now (merge, split, promotion)."""

    message_id: str
    case_id: str


class CaseEvent(Fact, frozen=True, tag="case.event"):
    event: EventItem
