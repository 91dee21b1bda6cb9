"""Strangers' pictures, fetched once through egress, re-encoded, and kept for a while."""

from __future__ import annotations

import asyncio
import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from offhold.app.media import harmless, reencode, write
from offhold.channels.pictures import NotOurs, original
from offhold.connectors.contract import DeliveryError
from offhold.connectors.egress import GuardedEgress
from offhold.kernel.errors import OffholdError
from offhold.people.actors import actor_of

LARGEST = 10_000_000
# People change their avatars, and a picture that was deleted at its network should not stay here for ever.
KEPT_SECONDS = 7 * 86400
ABSENT_SECONDS = 600
_KINDS = {"png": "image/png", "jpeg": "image/jpeg"}


def show(request: HttpRequest, signature: str, encoded: str) -> HttpResponse:
    """The picture behind an address of ours, for whoever is signed in."""
    if actor_of(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), used=False) is None:
        return HttpResponse(status=401)
    try:
        url = original(signature, encoded)
    except NotOurs:
        return HttpResponse(status=404)
    found = kept(url) or fetched(url)
    if found is None or not found.suffix:
        return HttpResponse(status=404, headers={"Cache-Control": f"private, max-age={ABSENT_SECONDS}"})
    return harmless(found.read_bytes(), _KINDS[found.suffix[1:]], **{"Cache-Control": "private, max-age=86400"})


def place(url: str) -> Path:
    """Where a picture of `url` is kept; its ending says what it is, and none that there is nothing to show."""
    name = hashlib.sha256(url.encode()).hexdigest()
    root: Path = settings.MEDIA_DIR
    return root / "remote" / name[:2] / name


def kept(url: str) -> Path | None:
    """The file kept for `url`, if it is young enough. Files age by the machine's time."""
    base = place(url)
    for ending, seconds in ((".jpeg", KEPT_SECONDS), (".png", KEPT_SECONDS), ("", ABSENT_SECONDS)):
        file = base.with_name(base.name + ending)
        if file.exists() and time.time() - file.stat().st_mtime < seconds:
            return file
    return None


def fetched(url: str) -> Path | None:
    """Fetch, re-encode and keep it; what cannot be had is remembered as absent for a while."""
    base = place(url)
    try:
        picture = reencode(asyncio.run(_got(url)))
    except (DeliveryError, OffholdError, ValueError):
        write(base, b"")
        return None
    file = base.with_name(f"{base.name}.{picture.content_type.removeprefix('image/')}")
    write(file, picture.content)
    return file


async def _got(url: str) -> bytes:
    egress = GuardedEgress(settings.ALLOW_PRIVATE_HOSTS)
    try:
        answer = await egress.request("GET", url, max_bytes=LARGEST, redirects=3)
    finally:
        await egress.aclose()
    if answer.status != 200:
        raise ValueError(f"answered {answer.status}")
    return answer.body
