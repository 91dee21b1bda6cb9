"""What addressed us or touched our posts, newest first, until the point we had reached.

The list is ordered by the earlier of the author's clock and the network's, and it has no "since". So a post written
on a phone without network, or with a wrong clock, may appear below what we have read: each poll reads ten minutes
further than it must, and every hour a day further. What was handed over before is remembered in memory and left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from offhold.networks.bluesky.inbound import REASONS
from offhold.networks.bluesky.session import Session
from offhold.networks.bluesky.xrpc import decoded, told_time

COUNTED = frozenset({"like", "repost"})
PER_LOOK_UP = 25  # the lexicons' limit of getPosts and getProfiles

_PAGE = 100
_PAGES_A_STEP = 5
_OVERLAP = timedelta(minutes=10)
_SWEEP_EVERY = timedelta(hours=1)
_SWEEP_BACK = timedelta(hours=24)
_BACKFILL = timedelta(days=3)


class Walk(msgspec.Struct, frozen=True):
    """A walk down the list that did not end in one step: the page to go on with, where to stop, what it began with."""

    page: str
    floor: datetime
    began: datetime
    top: datetime | None


class Reached(msgspec.Struct, frozen=True):
    """Our place in the list. `high`: everything up to there was read; None before the first walk has ended."""

    high: datetime | None = None
    swept: datetime | None = None
    walk: Walk | None = None


class Told(msgspec.Struct, frozen=True, rename="camel"):
    """The few fields of a notification that decide what to do with it; `raw` is the whole."""

    uri: str
    cid: str
    reason: str
    indexed_at: str
    author: dict[str, object]
    reason_subject: str = ""
    raw: msgspec.Raw = msgspec.Raw(b"{}")

    def mark(self) -> bytes:
        """An edit has another cid, so it is handed over again."""
        return hashlib.blake2b(f"{self.reason} {self.uri} {self.cid}".encode(), digest_size=12).digest()

    def at(self) -> datetime:
        return told_time(self.indexed_at)


class Step(msgspec.Struct, frozen=True):
    """`told`: what is new, oldest first. `complete_until` is None while a walk is under way."""

    told: tuple[Told, ...]
    reached: Reached
    complete_until: datetime | None


class _Page(msgspec.Struct):
    notifications: list[msgspec.Raw]
    cursor: str = ""


class _Posts(msgspec.Struct):
    posts: list[msgspec.Raw]


class _Profiles(msgspec.Struct):
    profiles: list[msgspec.Raw]


class _Uri(msgspec.Struct):
    uri: str


class _Did(msgspec.Struct):
    did: str


async def step(session: Session, reached: Reached, handed_over: Mapping[bytes, None], now: datetime) -> Step:
    """Read on from `reached`, at most a few pages. What lies at or below `high` is left out if it was `handed_over`."""
    walk = reached.walk or Walk(page="", floor=_floor(reached, now), began=now, top=None)
    new: list[Told] = []
    for _ in range(_PAGES_A_STEP):
        told, page = await _page(session, walk.page, _asked(reached))
        new += [one for one in told if one.at() >= walk.floor and _is_new(one, reached.high, handed_over)]
        top = walk.top or (told[0].at() if told else None)
        if not page or (told and told[-1].at() < walk.floor):
            return Step(_oldest_first(new), _arrived(reached, walk, top), walk.began)
        walk = msgspec.structs.replace(walk, page=page, top=top)
    return Step(_oldest_first(new), msgspec.structs.replace(reached, walk=walk), None)


async def since(session: Session, floor: datetime) -> list[Told]:
    """Everything addressed to us that the list still holds from `floor` on."""
    found: list[Told] = []
    page = ""
    while True:
        told, page = await _page(session, page, REASONS)
        found += [one for one in told if one.at() >= floor]
        if not page or (told and told[-1].at() < floor):
            return found


def _asked(reached: Reached) -> frozenset[str]:
    """On the first walk the likes of days past would only repeat what the posts' own counts say."""
    return REASONS | COUNTED if reached.high else REASONS


async def _page(session: Session, page: str, reasons: Iterable[str]) -> tuple[list[Told], str]:
    params: list[tuple[str, str | int]] = [("limit", _PAGE), ("priority", "false")]
    params += [("reasons", reason) for reason in sorted(reasons)]  # without priority=false an account's own setting
    if page:  # may leave out everybody it does not follow
        params.append(("cursor", page))
    answer = await session.get("app.bsky.notification.listNotifications", _Page, params)
    return [_told(raw) for raw in answer.notifications], answer.cursor


def _told(raw: msgspec.Raw) -> Told:
    return msgspec.structs.replace(decoded(raw, Told), raw=raw)


def _floor(reached: Reached, now: datetime) -> datetime:
    if reached.high is None:
        return now - _BACKFILL
    usual = min(reached.high, now) - _OVERLAP
    return min(usual, now - _SWEEP_BACK) if _sweep_due(reached, now) else usual


def _sweep_due(reached: Reached, now: datetime) -> bool:
    return reached.swept is None or now - reached.swept >= _SWEEP_EVERY


def _is_new(one: Told, high: datetime | None, handed_over: Mapping[bytes, None]) -> bool:
    return high is None or one.at() > high or one.mark() not in handed_over


def _arrived(reached: Reached, walk: Walk, top: datetime | None) -> Reached:
    high = max((at for at in (reached.high, top) if at), default=walk.began)
    swept = walk.began if _sweep_due(reached, walk.began) else reached.swept
    return Reached(high=high, swept=swept)


def _oldest_first(told: list[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=Told.at))


async def posts(session: Session, uris: Iterable[str]) -> dict[str, msgspec.Raw]:
    """Posts as we may see them, by URI; those that are gone, or hidden from us, are not among them."""
    found: dict[str, msgspec.Raw] = {}
    for some in _portions(uris):
        answer = await session.get("app.bsky.feed.getPosts", _Posts, [("uris", uri) for uri in some])
        found |= {decoded(raw, _Uri).uri: raw for raw in answer.posts}
    return found


async def profiles(session: Session, dids: Iterable[str]) -> dict[str, msgspec.Raw]:
    """Full profiles by DID: the only place that tells followers."""
    found: dict[str, msgspec.Raw] = {}
    for some in _portions(dids):
        answer = await session.get("app.bsky.actor.getProfiles", _Profiles, [("actors", did) for did in some])
        found |= {decoded(raw, _Did).did: raw for raw in answer.profiles}
    return found


def _portions(items: Iterable[str]) -> list[list[str]]:
    distinct = list(dict.fromkeys(items))
    return [distinct[i : i + PER_LOOK_UP] for i in range(0, len(distinct), PER_LOOK_UP)]


async def bodies(session: Session, told: Iterable[Told], now: datetime) -> tuple[bytes, ...]:
    """One body for each message, and the counts of our posts that were liked or reposted."""
    said = [one for one in told if one.reason in REASONS]
    liked = [one.reason_subject for one in told if one.reason in COUNTED and one.reason_subject.startswith("at://")]
    seen = await posts(session, [one.uri for one in said] + liked)
    people = await profiles(session, [str(one.author.get("did", "")) for one in said])
    return (
        *(_message(one, seen.get(one.uri), people.get(str(one.author.get("did", "")))) for one in said),
        *_counts([seen[uri] for uri in dict.fromkeys(liked) if uri in seen], now),
    )


def _message(told: Told, post: msgspec.Raw | None, profile: msgspec.Raw | None) -> bytes:
    return msgspec.json.encode({"type": "notification", "notification": told.raw, "post": post, "profile": profile})


def _counts(liked: list[msgspec.Raw], now: datetime) -> Iterable[bytes]:
    for i in range(0, len(liked), PER_LOOK_UP):
        yield msgspec.json.encode({"type": "counts", "posts": liked[i : i + PER_LOOK_UP], "read_at": now})
