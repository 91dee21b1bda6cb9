"""Raw bodies to signals. Pure.

A body is one JSON document that this network's reading code wrote around what the network answered, untouched:
`notification` (one, with the post as it looked), `thread` (posts of one thread, and which ids it held), `counts`,
`chat` (one event of the direct-message log with its conversation), `renamed` (our own account).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from offhold.connectors.contract import (
    AccountEvent,
    Channel,
    Deleted,
    Malformed,
    Media,
    Person,
    Posted,
    Present,
    Reacted,
    Signal,
    Unsupported,
)
from offhold.connectors.decode import decode
from offhold.networks.bluesky import wire
from offhold.networks.bluesky.facets import mentions, spelled_out
from offhold.networks.bluesky.manifest import POST
from offhold.networks.bluesky.wire import moment

REASONS = frozenset({"mention", "reply", "quote"})


class NotificationBody(msgspec.Struct):
    notification: wire.Notification
    post: wire.PostView | None = None
    profile: wire.Author | None = None


class Held(msgspec.Struct):
    ids: tuple[wire.Id, ...]
    complete: bool


class ThreadBody(msgspec.Struct):
    root: wire.Id
    posts: tuple[wire.PostView, ...]
    read_at: str
    held: Held | None = None


class CountsBody(msgspec.Struct):
    posts: tuple[wire.PostView, ...]
    read_at: str


class ChatBody(msgspec.Struct):
    log: wire.LogEntry
    convo: wire.Convo


class RenamedBody(msgspec.Struct):
    handle: str
    at: str


class _AnyBody(msgspec.Struct):
    type: str


Body = NotificationBody | ThreadBody | CountsBody | ChatBody | RenamedBody
_SHAPES: dict[str, type[Body]] = {
    "notification": NotificationBody,
    "thread": ThreadBody,
    "counts": CountsBody,
    "chat": ChatBody,
    "renamed": RenamedBody,
}


def parse(channel: Channel, body: bytes) -> list[Signal]:
    """Raises `Malformed`, and nothing else."""
    kind = decode(body, _AnyBody).type
    try:
        shape = _SHAPES.get(kind)
        return _signals(channel.account_id, decode(body, shape)) if shape else [Unsupported(kind[:80])]
    except ValueError as wrong:  # a time that is none
        raise Malformed(str(wrong)) from None


def _signals(us: str, body: Body) -> list[Signal]:
    match body:
        case NotificationBody():
            return _notified(us, body)
        case ThreadBody():
            return _thread(us, body)
        case CountsBody():
            return [counted(post, moment(body.read_at)) for post in body.posts]
        case ChatBody():
            return [_chat(us, body)]
        case RenamedBody():
            return [AccountEvent("renamed", moment(body.at), body.handle)]


def _notified(us: str, body: NotificationBody) -> list[Signal]:
    told, post = body.notification, body.post
    author = body.profile or told.author
    if told.reason not in REASONS:
        return [Unsupported(f"notification.{told.reason[:60]}")]
    if post is None:  # gone, or hidden from us, between the notification and our look: its own record must do
        return [posted(us, author, told)]
    return [posted(us, author, post)]


def _thread(us: str, body: ThreadBody) -> list[Signal]:
    signals: list[Signal] = []
    read_at = moment(body.read_at)
    for post in body.posts:
        signals += [posted(us, post.author, post), counted(post, read_at)]
    if body.held is not None:
        signals.append(Present(body.root, body.held.ids, read_at, body.held.complete))
    return signals


def posted(us: str, author: wire.Author, seen: wire.PostView | wire.Notification) -> Posted:
    """What a post says, from its record: a notification and a thread tell the same of one version."""
    record = seen.record
    quotes = _quoted(record.embed)
    view = seen.embed if isinstance(seen, wire.PostView) else None
    reply = record.reply
    return Posted(
        id=seen.uri,
        audience="public",
        author=person(author),
        text=_text(record, view),
        at=said_at(record.created_at, seen.indexed_at),
        conversation=reply.root.uri if reply else seen.uri,
        parent=reply.parent.uri if reply else None,
        quotes=quotes,
        media=_media(view),
        lang=record.langs[0] if record.langs else None,
        url=web_address(seen.uri),
        mentions_us=_addressed(us, record, quotes),
        version=seen.cid,
        native=_native(seen.cid, record),
    )


def _native(cid: str, record: wire.PostRecord) -> dict[str, object]:
    """What an answer needs: the cid, the thread's root exactly as this post names it, and the language spoken."""
    native: dict[str, object] = {"cid": cid}
    if record.reply:
        native["root"] = {"uri": record.reply.root.uri, "cid": record.reply.root.cid}
    if record.langs:
        native["langs"] = list(record.langs[:3])
    return native


def _addressed(us: str, record: wire.PostRecord, quotes: str | None) -> bool:
    if us in mentions(record.facets):
        return True
    answers = record.reply.parent.uri if record.reply else ""
    return any(uri.startswith(f"at://{us}/") for uri in (answers, quotes or ""))


def _quoted(embed: wire.RecordEmbed | None) -> str | None:
    """The post this one quotes; a link to a feed, a list or a starter pack is no quote."""
    quoted = embed.record if embed else None
    uri = (quoted.record.uri if quoted.record else quoted.uri) if quoted else ""
    return uri if f"/{POST}/" in uri else None


def _text(record: wire.PostRecord, view: wire.EmbedView | None) -> str:
    """The words, with links in full, and the address of a link card that the words do not have."""
    text = spelled_out(record.text, record.facets)
    card = view.external or (view.media.external if view.media else None) if view else None
    if card and card.uri and card.uri not in text:
        text = f"{text}\n{card.uri}" if text else card.uri
    return text


def _media(view: wire.EmbedView | None) -> tuple[Media, ...]:
    if view is None:
        return ()
    if view.playlist:
        return (_medium("video", view.playlist, view.alt, view.aspect_ratio),)
    images = (*view.images, *view.items)
    return tuple(_medium("image", i.fullsize, i.alt, i.aspect_ratio) for i in images if i.fullsize) + _media(view.media)


def _medium(kind: str, url: str, alt: str, ratio: wire.Ratio | None) -> Media:
    return Media(
        kind="video" if kind == "video" else "image",
        url=url,
        alt=alt,
        width=ratio.width if ratio else None,
        height=ratio.height if ratio else None,
    )


def counted(post: wire.PostView, at: datetime) -> Reacted:
    return Reacted(
        post.uri,
        at,
        likes=post.like_count,
        reposts=post.repost_count,
        replies=post.reply_count,
        audience="public",
    )


def _chat(us: str, body: ChatBody) -> Signal:
    kind = body.log.type.rpartition("#")[2]
    message = body.log.message
    if body.convo.group():
        return Unsupported("chat.group")  # an answer there would reach more than one person
    if message is None or message.sender is None:
        return Unsupported(f"chat.{kind[:60]}")
    network_id = chat_id(body.convo.id, message.id)
    if kind == "logDeleteMessage" or (kind == "logCreateMessage" and message.text is None):
        return Deleted(network_id, moment(message.sent_at), "private")
    if kind != "logCreateMessage":
        return Unsupported(f"chat.{kind[:60]}")
    return _said_privately(us, network_id, body.convo, message, message.sender.did)


def _said_privately(us: str, network_id: str, convo: wire.Convo, message: wire.ChatMessage, sender: str) -> Posted:
    members = {member.did: person(member) for member in convo.members}
    return Posted(
        id=network_id,
        audience="private",
        author=members.get(sender, Person(sender)),
        text=spelled_out(message.text or "", message.facets),
        at=moment(message.sent_at),
        conversation=convo.id,
        quotes=_quoted(message.embed),
        counterpart=next((other for did, other in members.items() if did != us), None) if sender == us else None,
        mentions_us=sender != us,
        native={"message": message.id},
    )


def chat_id(convo: str, message: str) -> str:
    """A message id is only promised to be unique within its conversation."""
    return f"{convo}/{message}"


def person(author: wire.Author) -> Person:
    return Person(
        id=author.did,
        handle=author.handle,
        name=author.display_name,
        avatar_url=author.avatar,
        followers=author.followers_count,
    )


def web_address(uri: str) -> str | None:
    """Where people read a post. By DID, because a handle may change."""
    did, _, rest = uri.removeprefix("at://").partition("/")
    return f"https://bsky.app/profile/{did}/post/{rest.rpartition('/')[2]}" if rest else None


def said_at(claimed: str, indexed: str) -> datetime:
    """The author's own time unless it lies in the network's future, or is no time at all."""
    seen = moment(indexed)
    try:
        return min(moment(claimed), seen)
    except ValueError:
        return seen
