"""What the network sends, as typed structs: only the fields we read, lenient in what may be missing. Pure.

Sources: the lexicons app.bsky.feed.*, app.bsky.notification.*, app.bsky.embed.*, chat.bsky.convo.*, com.atproto.repo.*.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(min_length=1)]
"""A URI, a DID or a message's id: never empty."""


class Author(msgspec.Struct, rename="camel"):
    did: Id
    handle: str = ""
    display_name: str = ""
    avatar: str = ""
    followers_count: int | None = None


class StrongRef(msgspec.Struct, frozen=True):
    uri: Id
    cid: str


class ReplyRef(msgspec.Struct):
    root: StrongRef
    parent: StrongRef


class ByteSlice(msgspec.Struct, rename="camel"):
    byte_start: int
    byte_end: int


class Feature(msgspec.Struct):
    """Mention (`did`), link (`uri`) or hashtag."""

    type: str = msgspec.field(name="$type", default="")
    did: str = ""
    uri: str = ""

    def kind(self, name: str) -> bool:
        return self.type == f"app.bsky.richtext.facet#{name}"


class Facet(msgspec.Struct):
    index: ByteSlice
    features: tuple[Feature, ...] = ()


class Quoted(msgspec.Struct):
    """`record` of a quote is a strong ref; with media it is one level deeper."""

    uri: str = ""
    record: Quoted | None = None


class RecordEmbed(msgspec.Struct):
    record: Quoted | None = None


class PostRecord(msgspec.Struct, rename="camel"):
    """app.bsky.feed.post"""

    text: str = ""
    created_at: str = ""
    reply: ReplyRef | None = None
    facets: tuple[Facet, ...] = ()
    langs: tuple[str, ...] = ()
    embed: RecordEmbed | None = None


class Ratio(msgspec.Struct):
    width: int
    height: int


class ImageView(msgspec.Struct, rename="camel"):
    fullsize: str = ""
    alt: str = ""
    aspect_ratio: Ratio | None = None


class ExternalView(msgspec.Struct):
    uri: str = ""


class EmbedView(msgspec.Struct, rename="camel"):
    """Any embed view: images, gallery (`items`), video (`playlist`), link card (`external`), a quote with `media`."""

    images: tuple[ImageView, ...] = ()
    items: tuple[ImageView, ...] = ()
    playlist: str = ""
    alt: str = ""
    aspect_ratio: Ratio | None = None
    external: ExternalView | None = None
    media: EmbedView | None = None


class PostView(msgspec.Struct, rename="camel"):
    """app.bsky.feed.defs#postView. `indexed_at` is already the earlier of the author's clock and the network's."""

    uri: Id
    cid: str
    author: Author
    record: PostRecord
    indexed_at: str
    embed: EmbedView | None = None
    like_count: int | None = None
    repost_count: int | None = None
    reply_count: int | None = None


class Notification(msgspec.Struct, rename="camel"):
    """app.bsky.notification.listNotifications#notification with a post as its record"""

    uri: Id
    cid: str
    author: Author
    reason: str
    record: PostRecord
    indexed_at: str


class Kind(msgspec.Struct):
    type: str = msgspec.field(name="$type", default="")


class Convo(msgspec.Struct, rename="camel"):
    """chat.bsky.convo.defs#convoView"""

    id: Id
    rev: str = ""
    members: tuple[Author, ...] = ()
    status: str = "accepted"
    kind: Kind = msgspec.field(default_factory=Kind)
    last_message: Kind | None = None

    def group(self) -> bool:
        return self.kind.type.endswith("#groupConvo") or len(self.members) > 2


class ChatMessage(msgspec.Struct, rename="camel"):
    """A message view, a deleted one (no text), or a system one (no sender)."""

    id: Id
    sent_at: str
    type: str = msgspec.field(name="$type", default="")
    text: str | None = None
    sender: Author | None = None
    facets: tuple[Facet, ...] = ()
    embed: RecordEmbed | None = None


class LogEntry(msgspec.Struct, rename="camel"):
    type: str = msgspec.field(name="$type")
    convo_id: str = ""
    message: ChatMessage | None = None


class Record(msgspec.Struct):
    """com.atproto.repo.getRecord"""

    uri: str
    cid: str
    value: PostRecord


class Wrote(msgspec.Struct):
    uri: str
    cid: str


def moment(text: str) -> datetime:
    """An AT Protocol datetime in UTC. Raises `ValueError`."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("a time beyond the calendar") from None
