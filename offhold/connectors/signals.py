"""What arrived from a network, as typed signals."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from offhold.connectors.abilities import JSON, Audience


class Person(msgspec.Struct, frozen=True):
    """An account on a network. `id` is the stable one; handle, name and the rest are attributes that change."""

    id: str
    handle: str = ""
    name: str = ""
    avatar_url: str = ""
    followers: int | None = None


class Media(msgspec.Struct, frozen=True):
    kind: Literal["image", "video", "audio", "file"]
    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


class Posted(msgspec.Struct, frozen=True, tag="posted"):
    """Somebody said something. `conversation` is the public thread's root id, or the direct conversation's id.

    `parent` is the network id this answers, `quotes` the one it quotes. `author.id == channel.account_id` means it is
    our own (an echo, or said outside the desk). `counterpart` is the other person in a direct conversation when we are
    the author. `client_key` is our own key if the network hands it back. `native` is what the connector needs to
    answer it later (e.g. a cid). `mentions_us`: addressed to the channel by mention, reply, quote or direct message.
    """

    id: str
    audience: Audience
    author: Person
    text: str
    at: datetime
    conversation: str
    parent: str | None = None
    quotes: str | None = None
    counterpart: Person | None = None
    media: tuple[Media, ...] = ()
    lang: str | None = None
    url: str | None = None
    mentions_us: bool = True
    version: str = ""
    edited_at: datetime | None = None
    client_key: str | None = None
    native: JSON = None


class Edited(msgspec.Struct, frozen=True, tag="edited"):
    """The text of an item changed. Last writer wins by (`at`, `version`).

    `audience`, here and in the signals below, is that of the item when the network says it or numbers each kind by
    itself; None when it has one kind of id, which names one item whatever its audience.
    """

    id: str
    text: str
    at: datetime
    version: str = ""
    media: tuple[Media, ...] = ()
    native: JSON = None
    audience: Audience | None = None


class Deleted(msgspec.Struct, frozen=True, tag="deleted"):
    id: str
    at: datetime
    audience: Audience | None = None


class Present(msgspec.Struct, frozen=True, tag="present"):
    """What a conversation held when it was read at `at`, for networks which do not tell of deletions.

    `complete`: the whole conversation was read, so a stored id which is not among `ids` may be gone; ask
    `Connector.still_there` before calling it deleted. When False nothing may be concluded from what is missing.
    """

    conversation: str
    ids: tuple[str, ...]
    at: datetime
    complete: bool


class Hidden(msgspec.Struct, frozen=True, tag="hidden"):
    id: str
    hidden: bool
    at: datetime
    audience: Audience | None = None


class Reacted(msgspec.Struct, frozen=True, tag="reacted"):
    """Absolute counts on one post, as far as the network told them (None = not told). A repost is never a message."""

    id: str
    at: datetime
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    audience: Audience | None = None


class AccountEvent(msgspec.Struct, frozen=True, tag="account"):
    """Something about our own account, for the channel's health."""

    kind: Literal["token_revoked", "suspended", "restored", "renamed"]
    at: datetime
    detail: str = ""


class Unsupported(msgspec.Struct, frozen=True, tag="unsupported"):
    """It is from them and well-formed, but we do not handle it: counted, kept, never an error."""

    kind: str


Signal = Posted | Edited | Deleted | Present | Hidden | Reacted | AccountEvent | Unsupported


class Malformed(Exception):
    """These bytes are not what the network promises: the arrival is put aside alone, with this reason."""
