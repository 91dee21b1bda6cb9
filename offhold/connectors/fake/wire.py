"""The fake network's JSON, and its parsing. Pure.

A body is `{"events": [...]}`; each event says what it is in `event`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from offhold.connectors import contract
from offhold.connectors.contract import Channel, Malformed, Person, Signal, Unsupported
from offhold.connectors.decode import decode, utc


class Account(msgspec.Struct, frozen=True):
    id: str
    handle: str = ""
    name: str = ""
    followers: int | None = None


class Item(msgspec.Struct, frozen=True):
    """A post or a direct message as the network holds it. `thread`: root post, or direct conversation."""

    id: str
    audience: contract.Audience
    author: Account
    text: str
    at: datetime
    thread: str
    parent: str | None = None
    quotes: str | None = None
    to: Account | None = None
    addressed: bool = True
    version: int = 1
    edited_at: datetime | None = None
    key: str | None = None


class Posted(msgspec.Struct, tag="posted", tag_field="event"):
    item: Item


class Edited(msgspec.Struct, tag="edited", tag_field="event"):
    item: Item


class Deleted(msgspec.Struct, tag="deleted", tag_field="event"):
    id: str
    at: datetime


class Hidden(msgspec.Struct, tag="hidden", tag_field="event"):
    id: str
    hidden: bool
    at: datetime


class Counted(msgspec.Struct, tag="counted", tag_field="event"):
    id: str
    at: datetime
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None


class Held(msgspec.Struct, tag="held", tag_field="event"):
    thread: str
    ids: tuple[str, ...]
    at: datetime


class AccountTold(msgspec.Struct, tag="account", tag_field="event"):
    kind: Literal["token_revoked", "suspended", "restored", "renamed"]
    at: datetime


Event = Posted | Edited | Deleted | Hidden | Counted | Held | AccountTold
_KNOWN = {"posted", "edited", "deleted", "hidden", "counted", "held", "account"}


class Envelope(msgspec.Struct):
    events: list[msgspec.Raw]


class _Kind(msgspec.Struct):
    event: str


def envelope(*events: Event) -> bytes:
    return msgspec.json.encode({"events": events})


def parse(channel: Channel, body: bytes) -> list[Signal]:
    """Raises `Malformed`, and nothing else."""
    return [_signal(channel, bytes(event)) for event in decode(body, Envelope).events]


def _signal(channel: Channel, raw: bytes) -> Signal:  # noqa: PLR0911 - one return for each kind of event
    kind = decode(raw, _Kind).event
    if kind not in _KNOWN:
        return Unsupported(kind[:80])
    # mypy reads a union given as `type` as an object, not as a type
    event: Event = decode(raw, Event)  # type: ignore[arg-type]
    match event:
        case Posted(item):
            return posted(channel, item)
        case Edited(item):
            return contract.Edited(_id(item.id), item.text, utc(item.edited_at or item.at), version=str(item.version))
        case Deleted(id, at):
            return contract.Deleted(_id(id), utc(at))
        case Hidden(id, hidden, at):
            return contract.Hidden(_id(id), hidden, utc(at))
        case Counted(id, at, likes, reposts, replies):
            return contract.Reacted(_id(id), utc(at), likes, reposts, replies)
        case Held(thread, ids, at):
            return contract.Present(_id(thread), tuple(map(_id, ids)), utc(at), complete=True)
        case AccountTold(kind_, at):
            return contract.AccountEvent(kind_, utc(at))


def posted(channel: Channel, item: Item) -> contract.Posted:
    ours = item.author.id == channel.account_id
    return contract.Posted(
        id=_id(item.id),
        audience=item.audience,
        author=_person(item.author),
        text=item.text,
        at=utc(item.at),
        conversation=_id(item.thread),
        parent=item.parent,
        quotes=item.quotes,
        counterpart=_person(item.to) if ours and item.to else None,
        mentions_us=item.addressed and not ours,
        version=str(item.version),
        edited_at=utc(item.edited_at) if item.edited_at else None,
        client_key=item.key,
        native={"version": item.version},
    )


def _person(account: Account) -> Person:
    return Person(_id(account.id), account.handle, account.name, followers=account.followers)


def _id(text: str) -> str:
    if not text:
        raise Malformed("an id is empty")
    return text
