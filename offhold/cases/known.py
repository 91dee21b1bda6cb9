"""What threading knows: working copies of the rows a batch touches. Plain data; loaded and written by `store`."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from offhold.cases.namesakes import aside, differs
from offhold.connectors.contract import Audience, Signal

MessageKey = tuple[int, int, str]  # workspace, channel, the network's id
IdentityKey = tuple[int, str, str]  # workspace, network, the network's stable id of the account
ConversationKey = tuple[int, int, str, str]  # workspace, channel, audience, the network's key


class Incoming(msgspec.Struct, frozen=True):
    """A signal with where it came from. `account` is our own on that network, `received_at` the arrival's time.

    `edit_times`: the network tells when an edit was made; else versions are ordered by when we were handed them.
    """

    workspace: int
    channel: int
    network: str
    account: str
    queue: int
    received_at: datetime
    edit_times: bool
    signal: Signal


class Policy(msgspec.Struct, frozen=True):
    """A workspace's own rules of threading."""

    reopen: timedelta = timedelta(hours=72)
    busy: int = 50


class Shown(msgspec.Struct, frozen=True, gc=False):
    """What a screen shows of an identity."""

    network: str
    handle: str
    name: str
    avatar_url: str
    followers: int | None


class Case(msgspec.Struct, gc=False):
    """`waiting_since`: the oldest owed words nobody has answered. `recount`: derive everything from the messages
    again. `reference` to `assignee_initials` and `tags` are only shown, and as they were when it was locked."""

    id: int
    workspace: int
    customer: int
    identity: int
    channel: int
    queue: int
    state: str
    opened_at: datetime
    resolved_at: datetime | None
    last_at: datetime
    last_in_at: datetime | None
    last_out_at: datetime | None
    waiting_since: datetime | None
    title: str
    title_private: bool
    title_at: datetime | None
    snippet: str
    snippet_at: datetime | None
    snippet_private: bool
    last_audience: Audience
    holds_public: bool
    holds_private: bool
    messages: int
    linked: int | None = None
    reference: int = 0
    version: int = 1
    customer_name: str = ""
    shown: Shown | None = None
    assignee: int | None = None
    assignee_name: str | None = None
    assignee_initials: str | None = None
    snoozed_at: datetime | None = None
    snoozed_until: datetime | None = None
    tags: list[int] | None = None
    new: bool = False
    reopened: bool = False
    woken: bool = False
    touched: bool = False
    adopts: bool = False
    recount: bool = False


class Identity(msgspec.Struct):
    id: int
    workspace: int
    network: str
    account: str
    customer: int
    handle: str
    name: str
    avatar_url: str
    followers: int | None
    customer_name: str = ""
    home: Case | None = None
    new: bool = False
    changed: bool = False
    seen_at: datetime | None = None


class Conversation(msgspec.Struct):
    id: int
    workspace: int
    channel: int
    audience: Audience
    key: str
    identity: int | None
    others: int
    last_at: datetime
    new: bool = False
    touched: bool = False


class Message(msgspec.Struct):
    """`text` is only known of messages made in this batch; stored ones are edited in place by `store`."""

    id: int
    workspace: int
    channel: int
    network_id: str
    audience: Audience
    conversation: int
    case: int | None
    identity: int | None
    at: datetime
    version: str
    version_at: datetime
    deleted_at: datetime | None
    owed: bool
    reason: str


class Known(msgspec.Struct):
    """The rows of a batch by their keys. Threading adds what it makes, so that later signals find it."""

    policies: dict[int, Policy]
    messages: dict[MessageKey, Message] = {}
    identities: dict[IdentityKey, Identity] = {}
    conversations: dict[ConversationKey, Conversation] = {}
    cases: dict[int, Case] = {}
    pins: dict[tuple[int, int], int] = {}  # identity, conversation -> case
    talks: set[tuple[int, int]] = set()  # identity, conversation: their thread with us, whatever they address there
    early: dict[MessageKey, list[Incoming]] = {}  # signals that came before their message

    def message(self, key: MessageKey, audience: Audience | None) -> Message | None:
        """The message with this id, of this audience when one is told."""
        found = self.messages.get(key)
        if found is None or not differs(audience, found.audience):
            return found
        return self.messages.get((key[0], key[1], aside(key[2]))) if audience == "private" else None
