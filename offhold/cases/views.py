"""What a screen shows of a case: the same structs for the API and for facts. Ids are strings, times aware datetimes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from offhold.connectors.contract import Audience


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of what is shown: closed, so that an unknown field is an error and not a leak."""


class CustomerName(View, frozen=True, kw_only=True):
    id: str
    name: str


class IdentityView(View, frozen=True, kw_only=True):
    """One account of a customer. `followers`: None when the network told none."""

    id: str
    network: str
    network_label: str
    handle: str
    name: str
    avatar_url: str
    followers: int | None


class Colleague(View, frozen=True, kw_only=True):
    """A person of the team under their duty name; `id` is the membership's."""

    id: str
    duty_name: str
    initials: str


class CaseRow(View, frozen=True, kw_only=True):
    """One line of the inbox. `title` and `snippet` are None for roles that may not see direct messages.

    `snoozed_at`: since when it rests; None: it does not. `snoozed_until`: when it wakes; None: when its customer
    writes. `tags`: ids, of archived tags too.
    """

    id: str
    reference: str
    version: int
    state: Literal["open", "resolved", "merged"]
    title: str | None
    title_private: bool
    customer: CustomerName
    identity: IdentityView
    audiences: list[Audience]
    last_audience: Audience
    snippet: str | None
    snippet_private: bool
    last_message_at: datetime
    waiting_since: datetime | None
    snoozed_at: datetime | None
    snoozed_until: datetime | None
    opened_at: datetime
    resolved_at: datetime | None
    queue_id: str
    channel_id: str
    assignee: Colleague | None
    tags: list[str]
    messages: int
    linked_case_id: str | None
    merged_into: str | None


class Author(View, frozen=True, kw_only=True):
    identity_id: str
    name: str
    handle: str
    avatar_url: str


class Version(View, frozen=True, kw_only=True):
    """What a message said before an edit."""

    text: str
    at: datetime


class MediaView(View, frozen=True, kw_only=True):
    kind: str
    url: str
    alt: str
    width: int | None
    height: int | None


class Counts(View, frozen=True, kw_only=True):
    likes: int | None
    reposts: int | None
    replies: int | None


class MessageItem(View, frozen=True, kw_only=True, tag="message", tag_field="type"):
    """One thing said on a network. `outside`: ours, but not sent from this desk."""

    id: str
    network_id: str
    audience: Audience
    direction: Literal["in", "out"]
    author: Author | None
    duty_name: str | None
    outside: bool
    reply_id: str | None
    text: str
    at: datetime
    edited: bool
    versions: list[Version]
    deleted_at: datetime | None
    hidden: bool
    media: list[MediaView]
    parent_id: str | None
    url: str | None
    counts: Counts | None
    owed: bool
    voice_reason: str | None
    channel_id: str


class EventItem(View, frozen=True, kw_only=True, tag="event", tag_field="type"):
    """Something that happened to a case, e.g. `case.resolved` with `params={"by": "Mia"}`."""

    id: str
    kind: str
    at: datetime
    params: dict[str, Any]
