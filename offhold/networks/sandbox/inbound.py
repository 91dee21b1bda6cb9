"""What the sandbox network tells us, as typed signals. Pure: bytes in, signals out, `Malformed` for anything else.

A webhook, a page of the event log and a stream frame carry the same body: `{"account", "cursor", "as_of", "events":
[{"id", "type", "at", "reason"?, "status" | "direct" | ...}]}`. A thread read again is `{"account", "thread",
"statuses": [...]}`. Fields nobody has heard of are ignored; an event type nobody has heard of is `Unsupported`.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from offhold.connectors.contract import (
    AccountEvent,
    Audience,
    Channel,
    Deleted,
    Edited,
    Hidden,
    Malformed,
    Media,
    Person,
    Posted,
    Reacted,
    Signal,
    Unsupported,
)
from offhold.connectors.decode import decode, utc

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Account(msgspec.Struct, frozen=True):
    id: Id
    handle: str = ""
    name: str = ""
    followers: Number | None = None
    avatar: str = ""


class Picture(msgspec.Struct, frozen=True):
    url: str
    type: Literal["image", "video", "audio", "file"] = "image"
    alt: str = ""
    width: Number | None = None
    height: Number | None = None


class Counts(msgspec.Struct, frozen=True):
    likes: Number | None = None
    reposts: Number | None = None
    replies: Number | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a status and a direct message have in common."""

    id: Id
    author: Account
    text: str
    created_at: datetime
    version: Number
    edited_at: datetime | None = None
    media: tuple[Picture, ...] = ()
    lang: str | None = None
    client_key: str | None = None


class Status(Said, frozen=True, kw_only=True):
    visibility: Literal["public"]
    thread: Id
    in_reply_to: Id | None = None
    quotes: Id | None = None
    hidden: bool = False
    url: str | None = None
    counts: Counts = Counts()


class Direct(Said, frozen=True, kw_only=True):
    visibility: Literal["private"]
    conversation: Id
    recipient: Account


class Gone(msgspec.Struct, frozen=True):
    """A tombstone: that it was there, and since when it is not."""

    id: Id
    deleted_at: datetime


class Counted(msgspec.Struct, frozen=True):
    id: Id
    counts: Counts


class Event(msgspec.Struct, frozen=True):
    type: Id
    at: datetime
    reason: str | None = None
    detail: str = ""
    status: msgspec.Raw = msgspec.Raw()
    direct: msgspec.Raw = msgspec.Raw()


class Body(msgspec.Struct, frozen=True):
    account: str
    events: tuple[Event, ...] = ()
    statuses: tuple[msgspec.Raw, ...] = ()
    cursor: str | None = None
    as_of: datetime | None = None
    more: bool = False


KINDS: dict[str, type[Status | Direct]] = {"status": Status, "direct": Direct}
AUDIENCES: dict[type[Status | Direct], Audience] = {Status: "public", Direct: "private"}
ACCOUNT: dict[str, Literal["token_revoked", "suspended", "restored", "renamed"]] = {
    "account.token_revoked": "token_revoked",
    "account.suspended": "suspended",
    "account.restored": "restored",
    "account.renamed": "renamed",
}


def parse(channel: Channel, body: bytes) -> list[Signal]:
    told = _told(body)
    if told.account != channel.account_id:
        raise Malformed("the body is for another account")
    signals = [_signal(channel, event) for event in told.events]
    return signals + [_seen_again(channel, raw) for raw in told.statuses]


def _told(body: bytes) -> Body:
    """The envelope; its parts are decoded one by one later, so what must be in none of them is taken out here."""
    if b"\\u0000" in body:
        body = msgspec.json.encode(decode(body, object))
    try:
        return msgspec.json.decode(body, type=Body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(f"not an envelope of the sandbox network: {error}"[:300]) from None


def posted(channel: Channel, said: Status | Direct, reason: str | None) -> Posted:
    return _posted_publicly(said, reason) if isinstance(said, Status) else _posted_privately(channel, said)


def _signal(channel: Channel, event: Event) -> Signal:
    if event.type in ACCOUNT:
        return AccountEvent(ACCOUNT[event.type], utc(event.at), event.detail)
    kind, _, what = event.type.partition(".")
    if kind not in KINDS:
        return Unsupported(event.type)
    raw = event.status if kind == "status" else event.direct
    return _about(channel, KINDS[kind], what, event, bytes(raw))


def _about(channel: Channel, kind: type[Status | Direct], what: str, event: Event, raw: bytes) -> Signal:
    at = utc(event.at)
    match what:
        case "created":
            return posted(channel, decode(raw, kind), event.reason)
        case "edited":
            return _edited(decode(raw, kind), at, AUDIENCES[kind])
        case "deleted":
            gone = decode(raw, Gone)
            return Deleted(gone.id, utc(gone.deleted_at), AUDIENCES[kind])
        case "hidden" | "shown":
            return Hidden(decode(raw, kind).id, what == "hidden", at, AUDIENCES[kind])
        case "counted":
            counted = decode(raw, Counted)
            told = counted.counts
            return Reacted(counted.id, at, told.likes, told.reposts, told.replies, AUDIENCES[kind])
        case _:
            return Unsupported(event.type)


def _seen_again(channel: Channel, raw: msgspec.Raw) -> Signal:
    """A status of a thread read again. No reason is told here, so a mention is looked for in its text."""
    said = _status_or_gone(bytes(raw))
    if isinstance(said, Gone):
        return Deleted(said.id, utc(said.deleted_at), "public")
    named = re.search(rf"(?<![\w@])@{re.escape(channel.handle)}\b", said.text, re.IGNORECASE)
    return posted(channel, said, "mention" if named else "thread")


def _status_or_gone(raw: bytes) -> Status | Gone:
    gone = decode(raw, _MaybeGone).deleted_at is not None
    return decode(raw, Gone) if gone else decode(raw, Status)


class _MaybeGone(msgspec.Struct, frozen=True):
    deleted_at: datetime | None = None


def _posted_publicly(said: Status, reason: str | None) -> Posted:
    return Posted(
        id=said.id,
        audience="public",
        author=_person(said.author),
        text=said.text,
        at=utc(said.created_at),
        conversation=said.thread,
        parent=said.in_reply_to,
        quotes=said.quotes,
        media=_media(said),
        lang=said.lang,
        url=said.url,
        mentions_us=reason in ("mention", "reply", "quote"),
        version=str(said.version),
        edited_at=utc(said.edited_at) if said.edited_at else None,
        client_key=said.client_key,
    )


def _posted_privately(channel: Channel, said: Direct) -> Posted:
    ours = said.author.id == channel.account_id
    return Posted(
        id=said.id,
        audience="private",
        author=_person(said.author),
        text=said.text,
        at=utc(said.created_at),
        conversation=said.conversation,
        counterpart=_person(said.recipient) if ours else None,
        media=_media(said),
        lang=said.lang,
        mentions_us=not ours,
        version=str(said.version),
        edited_at=utc(said.edited_at) if said.edited_at else None,
        client_key=said.client_key,
    )


def _edited(said: Status | Direct, at: datetime, audience: Audience) -> Edited:
    return Edited(said.id, said.text, utc(said.edited_at or at), str(said.version), _media(said), audience=audience)


def _person(account: Account) -> Person:
    return Person(account.id, account.handle, account.name, account.avatar, account.followers)


def _media(said: Said) -> tuple[Media, ...]:
    return tuple(Media(m.type, m.url, m.alt, m.width, m.height) for m in said.media)
