"""What the screens of the desk show, beside the structs of cases and replies."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from offhold.cases.views import CaseRow, Colleague, EventItem, MessageItem, View
from offhold.kernel.facts import Fact
from offhold.promises.views import Clock
from offhold.publishing.items import ReplyItem


class NoteItem(View, frozen=True, kw_only=True, tag="note", tag_field="type"):
    """Said to the team only. A handover tells `to` what they have to know, and gave them the case; `undone_at`: it was
    taken back. `mentions`: memberships it names."""

    id: str
    text: str
    at: datetime
    author: Colleague
    kind: Literal["note", "handover"]
    to: Colleague | None
    mentions: list[str]
    undone_at: datetime | None


Item = MessageItem | ReplyItem | NoteItem | EventItem


class NoteAdded(Fact, frozen=True, tag="note.added"):
    note: NoteItem


class NoteChanged(Fact, frozen=True, tag="note.changed"):
    """A handover was taken back."""

    note: NoteItem


class Counters(View, frozen=True, kw_only=True):
    """Of the whole workspace; `mine` is of the one who asks. What rests counts as open and as snoozed alone. `voices`
    stops counting at 1,000."""

    to_answer: int
    mine: int
    unassigned: int
    open: int
    snoozed: int
    voices: int


class InboxPage(View, frozen=True, kw_only=True):
    """`seq`: facts up to this number are in it. `next`: where the next page starts, None at the end. `clocks`: what is
    due next, by case; one that owes nothing is not among them."""

    seq: str
    rows: list[CaseRow]
    clocks: dict[str, Clock]
    next: str | None
    counters: Counters
    oldest_wait_at: datetime | None


class KnownIdentity(View, frozen=True, kw_only=True):
    id: str
    network: str
    network_label: str
    handle: str
    name: str
    avatar_url: str
    followers: int | None
    url: str | None


class CustomerCard(View, frozen=True, kw_only=True):
    """One human, everywhere. `since`: when we first heard of them."""

    id: str
    name: str
    since: datetime
    identities: list[KnownIdentity]
    earlier: list[CaseRow]


class Reason(View, frozen=True, kw_only=True):
    """Why something cannot be done: a code the client translates, English words in case it cannot."""

    code: str
    params: dict[str, Any]
    message: str


class Lane(View, frozen=True, kw_only=True):
    """One way to answer: from whom, to whom, under what; or why it is closed. `reach`: followers of our account."""

    open: bool
    reason: Reason | None
    channel_id: str | None
    network_label: str
    from_handle: str
    to_identity: str
    to_handle: str
    to_name: str
    in_reply_to: str | None
    in_reply_to_at: datetime | None
    reach: int | None


class Lanes(View, frozen=True, kw_only=True):
    public: Lane
    direct: Lane


class Around(View, frozen=True, kw_only=True):
    """`voices`: how many of others in the same public threads are counted and not cases of their own."""

    voices: int


class LinkTemplate(View, frozen=True, kw_only=True):
    """`url` holds `{ref}` where the number goes."""

    id: str
    name: str
    url: str


class Reference(View, frozen=True, kw_only=True):
    """`name`: what kind of number it is, None: none of ours. `url`: where it leads, if it leads anywhere."""

    id: str
    name: str | None
    value: str
    url: str | None


class CasePage(View, frozen=True, kw_only=True):
    """`clock`: what is due next; None: nothing is."""

    seq: str
    case: CaseRow
    clock: Clock | None
    customer: CustomerCard
    timeline: list[Item]
    more_before: str | None
    around: Around
    references: list[Reference]
    lanes: Lanes


class TimelinePage(View, frozen=True, kw_only=True):
    items: list[Item]
    more_before: str | None


class Voice(View, frozen=True, kw_only=True):
    """A message no answer is owed to, with the reason."""

    message: MessageItem
    conversation_id: str
    identity_network: str
    reason: Literal["thanks", "busy_post", "not_addressed"]


class VoicesPage(View, frozen=True, kw_only=True):
    voices: list[Voice]
    next: str | None
