"""Pictures: taken in, kept as files under random names, handed to the sender, shown to who is signed in.

Whatever was uploaded or fetched is re-encoded in a child (`media_child`) before anybody else reads a byte of it, and is
served with a policy that lets it do nothing.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Status
from ninja.files import UploadedFile

from offhold.connectors.contract import Picture
from offhold.kernel.db.tx import Tx, transaction
from offhold.kernel.errors import Invalid, NotFound, Unavailable
from offhold.people.actors import Actor, actor_of
from offhold.people.web import Asked, Id, shown, signed_in
from offhold.publishing import accounts
from offhold.publishing.pictures import check_picture
from offhold.publishing.replies import AskedPicture

router = Router(auth=signed_in, tags=["media"])

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_CHILD_SECONDS = 15
# Two decoders at a time: more would only take the memory from the desk.
_CHILDREN = threading.BoundedSemaphore(2)


class Reencoded(msgspec.Struct, frozen=True):
    """A picture as we keep it."""

    content_type: str
    width: int
    height: int
    content: bytes


class MediaAnswer(msgspec.Struct, frozen=True):
    """An uploaded picture; it is shown at `/media/<media_id>`."""

    media_id: str
    kind: Literal["image"]
    width: int
    height: int


@router.post("/media", response={201: shown(MediaAnswer)})
def upload(request: Asked, channel_id: Id, file: File[UploadedFile]) -> Status[MediaAnswer]:
    """Take in a picture to send with a public reply over a channel, by its network's rule: before it is read, by what
    it says of itself, and as it was encoded anew, which is what goes out."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        account = accounts.account(tx, actor.workspace_id, channel_id)
    check_picture(account, file.content_type or "", file.size or 0)
    kept = reencode(file.read())
    check_picture(account, kept.content_type, len(kept.content))
    return Status(201, do_keep(actor, kept))


def reencode(raw: bytes) -> Reencoded:
    """The same picture, its pixels encoded anew. Raises `Invalid` when it is none we take, `Unavailable` when busy."""
    if not _CHILDREN.acquire(timeout=_CHILD_SECONDS):
        raise Unavailable
    try:
        done = subprocess.run(
            [sys.executable, "-IB", str(Path(__file__).with_name("media_child.py"))],
            input=raw,
            capture_output=True,
            timeout=_CHILD_SECONDS,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid("This picture takes too long to read.", code="not_a_picture") from error
    finally:
        _CHILDREN.release()
    if done.returncode:
        raise Invalid("This is not a picture we can send: PNG, JPEG, GIF or WebP.", code="not_a_picture")
    about, _, content = done.stdout.partition(b"\n")
    return Reencoded(**json.loads(about), content=content)


def do_keep(actor: Actor, kept: Reencoded) -> MediaAnswer:
    """Write the file, then its row: a row never names a file that is not whole."""
    token = secrets.token_urlsafe(24)
    write(path_of(actor.workspace_id, token), kept.content)
    with transaction(actor.workspace_id) as tx:
        tx.run(
            "INSERT INTO media (workspace_id, token, content_type, width, height, bytes, by_id, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (actor.workspace_id, token, kept.content_type, kept.width, kept.height, len(kept.content),
             actor.membership_id, tx.at),
        )  # fmt: skip
    return MediaAnswer(media_id=token, kind="image", width=kept.width, height=kept.height)


def picture(tx: Tx, workspace_id: int, asked: AskedPicture) -> Picture:
    """An uploaded picture as the connector sends it. Raises `NotFound`, also for another workspace's."""
    content_type = content_type_of(tx, workspace_id, asked.media_id)
    return Picture(content=read(workspace_id, asked.media_id), content_type=content_type, alt=asked.alt)


def content_type_of(tx: Tx, workspace_id: int, token: str) -> str:
    """The type of a workspace's picture. Raises `NotFound`."""
    row = tx.one("SELECT content_type FROM media WHERE workspace_id = %s AND token = %s", (workspace_id, token))
    if row is None:
        raise NotFound
    return str(row[0])


def path_of(workspace_id: int, token: str) -> Path:
    """Where a picture's bytes are. Raises `NotFound` for what is no token, before it becomes a path."""
    if not _TOKEN.fullmatch(token):
        raise NotFound
    root: Path = settings.MEDIA_DIR
    return root / str(workspace_id) / token[:2] / token


def read(workspace_id: int, token: str) -> bytes:
    """A picture's bytes. Raises `NotFound` when the file is gone, as after a restore of the database alone."""
    try:
        return path_of(workspace_id, token).read_bytes()
    except FileNotFoundError as error:
        raise NotFound from error


def write(file: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, for us alone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(file)


def show(request: HttpRequest, token: str) -> HttpResponse:
    """A picture of the workspace of whoever is signed in."""
    actor = actor_of(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), used=False)
    if actor is None:
        return HttpResponse(status=401)
    try:
        path_of(actor.workspace_id, token)
        with transaction(actor.workspace_id) as tx:
            content_type = content_type_of(tx, actor.workspace_id, token)
        return harmless(read(actor.workspace_id, token), content_type)
    except NotFound:
        return HttpResponse(status=404)


def harmless(content: bytes, content_type: str, **more: str) -> HttpResponse:
    """An answer that a browser shows as a picture and as nothing else, and may keep for good."""
    headers: dict[str, Any] = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline; filename=picture",
        "Cache-Control": "private, max-age=31536000, immutable",
        **more,
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
