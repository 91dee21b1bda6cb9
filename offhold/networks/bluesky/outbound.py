"""Public replies: written into our own repository under a key chosen beforehand, so that nothing is ever posted twice.

createRecord refuses a key that is in use, and our own server always knows what it holds. So a lost answer is settled by
asking for the record, and sending again can only find it there.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import msgspec
from PIL import Image, UnidentifiedImageError

from offhold.connectors.contract import (
    Absent,
    CannotTell,
    DeliveryError,
    Found,
    NotSent,
    OutcomeUnknown,
    Picture,
    PublicOut,
    ReadBack,
    Receipt,
    Refused,
)
from offhold.networks.bluesky.inbound import web_address
from offhold.networks.bluesky.manifest import PICTURES, POST, manifest
from offhold.networks.bluesky.notifications import posts
from offhold.networks.bluesky.rkey import tid
from offhold.networks.bluesky.session import Session
from offhold.networks.bluesky.threads import still_there
from offhold.networks.bluesky.wire import Record, Wrote
from offhold.networks.bluesky.writing import check_text, rich_text
from offhold.networks.bluesky.xrpc import Declined, decoded, told_time


class Prepared(msgspec.Struct, frozen=True):
    """Fixed when the reply becomes INTENT, the same for every attempt."""

    rkey: str
    created_at: str


class Native(msgspec.Struct, frozen=True):
    """What inbound kept of the post we answer."""

    cid: str = ""
    root: dict[str, str] | None = None
    langs: list[str] = []


class _Uploaded(msgspec.Struct):
    blob: Any


class _Viewer(msgspec.Struct, rename="camel"):
    reply_disabled: bool = False


class _Answered(msgspec.Struct):
    """The post we answer, as we may see it now."""

    cid: str
    viewer: _Viewer = msgspec.field(default_factory=_Viewer)


def prepare(key: str, at: datetime) -> dict[str, str]:
    created_at = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"rkey": tid(at, key), "created_at": created_at}


def check(out: PublicOut) -> None:
    """Raises `Refused` for what the network would not take, before anything is sent."""
    check_text(out.text, manifest.public_text)
    if not out.text.strip() and not out.pictures:
        raise Refused("There is nothing to send", code="empty")
    if len(out.pictures) > PICTURES.most:
        raise Refused(f"Bluesky takes {PICTURES.most} pictures a post", code="too_many_pictures")
    for picture in out.pictures:
        _check_picture(picture)


def _check_picture(picture: Picture) -> None:
    if picture.content_type not in PICTURES.types:
        raise Refused(f"Bluesky takes no picture of the type {picture.content_type}", code="picture_type")
    if len(picture.content) > PICTURES.max_bytes:
        size = len(picture.content) / 1_000_000
        raise Refused(f"The picture has {size:.1f} MB; Bluesky takes 2 MB", code="picture_too_large")
    _size(picture)


def _size(picture: Picture) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(picture.content)) as opened:
            return opened.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise Refused("The picture cannot be read", code="picture_broken") from None


async def deliver(session: Session, out: PublicOut) -> Receipt:
    """Our own key is looked up first: an earlier attempt may have got through, and createRecord answers a used key with
    500, which says nothing."""
    check(out)
    try:
        sent = await _look(session, out)
        if sent is not None:
            return sent
        record = await _record(session, out, await _answered(session, out))
    except OutcomeUnknown as lost:  # so far we have only read, and stored pictures nobody can see
        raise NotSent(f"not sent: {lost}") from None
    return await _create(session, out, record)


async def _answered(session: Session, out: PublicOut) -> _Answered | None:
    """Refuses where nobody would see our answer. None: there, but hidden from us or not indexed yet."""
    shown = (await posts(session, [out.parent_id])).get(out.parent_id)
    if shown is None:
        if await still_there(session, [out.parent_id]):
            return None
        raise Refused("The post you answer has been deleted", code="parent_gone")
    answered = decoded(shown, _Answered)
    if answered.viewer.reply_disabled:
        raise Refused("The author of this thread takes no replies from us", code="replies_closed")
    return answered


async def _record(session: Session, out: PublicOut, answered: _Answered | None) -> dict[str, object]:
    native = msgspec.convert(out.parent_native or {}, Native)
    parent = {"uri": out.parent_id, "cid": native.cid or (answered.cid if answered else "")}
    record: dict[str, object] = {
        "$type": POST,
        **await rich_text(session, out.text),
        "createdAt": _prepared(out).created_at,
        "reply": {"root": native.root or _root(out, parent), "parent": parent},
    }
    if native.langs:  # we answer people in their own language
        record["langs"] = native.langs
    if out.pictures:
        images = [await _uploaded(session, picture) for picture in out.pictures]
        record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
    return record


def _root(out: PublicOut, parent: dict[str, str]) -> dict[str, str]:
    """The post we answer names the thread's root itself; a root post is its own."""
    cid = msgspec.convert(out.root_native or {}, Native).cid
    return {"uri": out.root_id, "cid": cid} if cid and out.root_id != out.parent_id else parent


async def _uploaded(session: Session, picture: Picture) -> dict[str, object]:
    answer = await session.upload("com.atproto.repo.uploadBlob", _Uploaded, picture.content, picture.content_type)
    width, height = _size(picture)
    return {"image": answer.blob, "alt": picture.alt, "aspectRatio": {"width": width, "height": height}}


async def _create(session: Session, out: PublicOut, record: dict[str, object]) -> Receipt:
    body = {"repo": session.did, "collection": POST, "rkey": _prepared(out).rkey, "record": record}
    wrote = await session.post("com.atproto.repo.createRecord", Wrote, body)
    if wrote.uri != _uri(session, out):
        raise OutcomeUnknown("the server wrote another record than it was asked to")
    return _receipt(session, out, wrote.cid, record)


async def _look(session: Session, out: PublicOut) -> Receipt | None:
    """Our record under our key, or None. Raises `Refused` when something else lies there."""
    params = [("repo", session.did), ("collection", POST), ("rkey", _prepared(out).rkey)]
    try:
        found = await session.get("com.atproto.repo.getRecord", Record, params)
    except Declined as no:
        if no.error == "RecordNotFound":
            return None
        raise
    answers = found.value.reply.parent.uri if found.value.reply else ""
    if found.value.created_at != _prepared(out).created_at or answers != out.parent_id:
        raise Refused("Another post lies where this reply should be", code="key_taken")
    record = msgspec.to_builtins(found.value)
    return _receipt(session, out, found.cid, record)


def _receipt(session: Session, out: PublicOut, cid: str, record: dict[str, Any]) -> Receipt:
    """`audience` is public because of where the record is: a repository has nothing that is not public."""
    uri = _uri(session, out)
    native: dict[str, object] = {"cid": cid, "root": record["reply"]["root"]}
    if record.get("langs"):
        native["langs"] = list(record["langs"])
    return Receipt(
        network_id=uri,
        at=told_time(_prepared(out).created_at),
        audience="public",
        conversation=record["reply"]["root"]["uri"],
        url=web_address(uri),
        native=native,
        secrets=session.rotated(),
    )


async def read_back(session: Session, out: PublicOut) -> ReadBack:
    """Our own server is asked, which knows at once what it wrote. That it answers for our repository is the control."""
    try:
        sent = await _look(session, out)
        if sent is not None:
            return Found(sent)
        described = await session.get("com.atproto.repo.describeRepo", _Described, [("repo", session.did)])
    except DeliveryError as failed:
        return CannotTell(str(failed))
    if described.did != session.did:
        return CannotTell("our own server does not show our account")
    return Absent()


class _Described(msgspec.Struct):
    did: str


async def withdraw(session: Session, uri: str) -> None:
    """Delete one of our own posts; deleting it twice is no error."""
    if not uri.startswith(f"at://{session.did}/{POST}/"):
        raise Refused("Only our own posts can be withdrawn", code="not_ours")
    body = {"repo": session.did, "collection": POST, "rkey": uri.rpartition("/")[2]}
    await session.post("com.atproto.repo.deleteRecord", dict[str, Any], body)


def _uri(session: Session, out: PublicOut) -> str:
    return f"at://{session.did}/{POST}/{_prepared(out).rkey}"


def _prepared(out: PublicOut) -> Prepared:
    return msgspec.convert(out.prepared, Prepared)
