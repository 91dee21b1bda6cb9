"""Public threads, read again: notifications lose replies, and nothing tells of edits and deletions.

One thread becomes one or a few bodies: its posts, then what it held. An unchanged thread gives the same bytes again,
which the desk already has and drops; a change gives new bytes, also when it is a change back.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from offhold.connectors.contract import OutcomeUnknown
from offhold.networks.bluesky.manifest import POST
from offhold.networks.bluesky.notifications import posts
from offhold.networks.bluesky.session import Session
from offhold.networks.bluesky.wire import PostView
from offhold.networks.bluesky.xrpc import Declined, decoded, told_time

_DEPTH = 60  # levels of replies in one answer; deeper ones are followed
_READS = 60  # requests for one thread; beyond that it counts as not completely read
_THREAD_BYTES = 50_000_000
_AT_ONCE = 4
_POSTS_A_BODY = 100
_REMEMBERED = 20_000
_NOTHING = msgspec.Raw()  # msgspec has no optional raw value
OWN_POSTS_FOR = timedelta(days=7)
OWN_POSTS_EVERY = 60.0  # seconds


class _Node(msgspec.Struct):
    """A post, or in its place `uri` alone: a deleted post (#notFoundPost) or a blocked one (#blockedPost)."""

    type: str = msgspec.field(name="$type", default="")
    uri: str = ""
    post: msgspec.Raw = _NOTHING
    replies: list[_Node] | None = None


class _Answer(msgspec.Struct):
    thread: _Node


class _Head(msgspec.Struct, rename="camel"):
    uri: str
    indexed_at: str = ""
    reply_count: int = 0


class _FeedItem(msgspec.Struct):
    post: PostView


class _Feed(msgspec.Struct):
    feed: list[_FeedItem]
    cursor: str = ""


class Thread(msgspec.Struct):
    """`posts` by URI as the network gave them; `hidden`: there, but blocked for us; `complete`: nothing left unread."""

    posts: dict[str, msgspec.Raw]
    hidden: set[str]
    complete: bool = True

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.posts.keys() | self.hidden))


class _Remembered(msgspec.Struct):
    """What one thread looked like when it was last read, and when each body first looked so."""

    ids: frozenset[str]
    read_at: dict[bytes, datetime]


class Snapshots:
    """The last look at each thread, in memory. Losing it costs one repeated hand-over, which the desk drops."""

    def __init__(self) -> None:
        self._threads: OrderedDict[tuple[int, str], _Remembered] = OrderedDict()

    def ids(self, channel: int, root: str) -> frozenset[str]:
        known = self._threads.get((channel, root))
        return known.ids if known else frozenset()

    def know(self, channel: int, root: str, uri: str) -> None:
        """A post that exists, though the last look at its thread did not show it."""
        known = self._threads.setdefault((channel, root), _Remembered(frozenset(), {}))
        known.ids |= {uri}

    def bodies(self, channel: int, root: str, thread: Thread, now: datetime) -> list[bytes]:
        """The thread as bodies. Each carries the time it first looked so: same look, same bytes."""
        before = self._threads.pop((channel, root), _Remembered(frozenset(), {}))
        made: list[bytes] = []
        after = _Remembered(frozenset(thread.ids()), {})
        for part in _parts(root, thread):
            look = hashlib.sha256(msgspec.json.encode(part)).digest()
            after.read_at[look] = before.read_at.get(look, now)
            made.append(msgspec.json.encode({**part, "read_at": after.read_at[look]}))
        self._threads[channel, root] = after
        while len(self._threads) > _REMEMBERED:
            self._threads.popitem(last=False)
        return made


def _parts(root: str, thread: Thread) -> list[dict[str, object]]:
    ordered = sorted(thread.posts.values(), key=_order)
    sound = [raw for raw in ordered if _sound(raw)]
    parts: list[dict[str, object]] = [
        {"type": "thread", "root": root, "posts": [raw]} for raw in ordered if not _sound(raw)
    ]  # a post we cannot read is put aside alone, and not with its whole thread
    parts += [
        {"type": "thread", "root": root, "posts": sound[i : i + _POSTS_A_BODY]}
        for i in range(0, len(sound), _POSTS_A_BODY)
    ] or [{"type": "thread", "root": root, "posts": []}]
    parts[-1]["held"] = {"ids": thread.ids(), "complete": thread.complete}
    return parts


def _order(raw: msgspec.Raw) -> tuple[str, str]:
    head = decoded(raw, _Head)
    return head.indexed_at, head.uri


def _sound(raw: msgspec.Raw) -> bool:
    try:
        decoded(raw, PostView)
    except OutcomeUnknown:
        return False
    return True


async def read_thread(session: Session, root: str, known: frozenset[str]) -> Thread:
    """All of one thread. `known`: what it held last time.

    With a deleted post its replies leave the answer too, though they are still there: what was known and is missing is
    looked up, and what is found is read from there.
    """
    thread = Thread({}, set())
    await _follow(session, thread, [root])
    orphans = await posts(session, known - set(thread.ids()))
    await _follow(session, thread, list(orphans))
    return thread


async def _follow(session: Session, thread: Thread, starts: list[str]) -> None:
    reads = 0
    while starts:
        if reads == _READS:
            thread.complete = False
            return
        reads += 1
        node = await _node(session, starts.pop())
        if node is not None:
            starts += _collect(thread, node)


async def _node(session: Session, uri: str) -> _Node | None:
    params: list[tuple[str, str | int]] = [("uri", uri), ("depth", _DEPTH), ("parentHeight", 0)]
    try:
        answer = await session.get("app.bsky.feed.getPostThread", _Answer, params, max_bytes=_THREAD_BYTES)
    except Declined as no:
        if no.error == "NotFound":
            return None
        raise
    return answer.thread


def _collect(thread: Thread, top: _Node) -> list[str]:
    """Take the posts of one answer; returns those at its lower edge whose replies it did not hold."""
    edge: list[str] = []
    level = [top]
    for depth in range(_DEPTH + 1):
        for node in level:
            if node.post == _NOTHING:
                thread.hidden |= {node.uri} if node.type.endswith("#blockedPost") else set()
                continue
            head = decoded(node.post, _Head)
            thread.posts[head.uri] = node.post
            if depth == _DEPTH and head.reply_count and not node.replies:
                edge.append(head.uri)
        level = [reply for node in level for reply in node.replies or ()]
    return edge


async def own_roots(session: Session, now: datetime) -> list[str]:
    """Our own recent posts that were answered: replies to them are the likeliest to be lost."""
    params: list[tuple[str, str | int]] = [("actor", session.did), ("filter", "posts_no_replies"), ("limit", 100)]
    feed = await session.get("app.bsky.feed.getAuthorFeed", _Feed, params)
    return [
        item.post.uri
        for item in feed.feed
        if item.post.author.did == session.did  # not what we reposted
        and item.post.reply_count
        and told_time(item.post.indexed_at) >= now - OWN_POSTS_FOR
    ]


def said_by_others(thread: Thread, us: str, since: datetime) -> set[str]:
    heads = [decoded(raw, _Head) for raw in thread.posts.values()]
    others = [head for head in heads if not head.uri.startswith(f"at://{us}/")]
    return {head.uri for head in others if told_time(head.indexed_at) >= since}


async def read_all(roots: Iterable[str], read: Callable[[str], Awaitable[list[bytes]]]) -> tuple[bytes, ...]:
    """Read several threads, a few at a time. One that the server cannot answer for does not keep the others back;
    when it can answer for none, its error is raised, and any other error always is."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(root: str) -> list[bytes]:
        async with gate:
            return await read(root)

    looks = await asyncio.gather(*map(in_turn, dict.fromkeys(roots)), return_exceptions=True)
    failed = [look for look in looks if isinstance(look, BaseException)]
    for error in failed:
        if not isinstance(error, OutcomeUnknown) or len(failed) == len(looks):
            raise error
    return tuple(body for look in looks if not isinstance(look, BaseException) for body in look)


class _Existing(msgspec.Struct):
    uri: str


async def still_there(session: Session, uris: Iterable[str]) -> dict[str, str]:
    """The posts that exist, each with the root of its thread as far as we may see it (else itself).

    One that getPosts does not show may only be hidden from us (a block, a pause of the account), so the record itself
    is asked for; only "no such record" counts as gone.
    """
    asked = [uri for uri in dict.fromkeys(uris) if f"/{POST}/" in uri]
    shown = {uri: _root_of(raw) for uri, raw in (await posts(session, asked)).items()}
    return shown | {uri: uri for uri in asked if uri not in shown and await _exists(session, uri)}


def _root_of(raw: msgspec.Raw) -> str:
    if not _sound(raw):
        return decoded(raw, _Head).uri
    post = decoded(raw, PostView)
    return post.record.reply.root.uri if post.record.reply else post.uri


async def _exists(session: Session, uri: str) -> bool:
    repo, collection, rkey = uri.removeprefix("at://").split("/", 2)
    params = [("repo", repo), ("collection", collection), ("rkey", rkey)]
    try:
        await session.get("com.atproto.repo.getRecord", _Existing, params)
    except Declined as no:
        return no.error != "RecordNotFound"
    return True
