"""A push as it goes over the wire: sealed for one browser (RFC 8291), signed by the workspace's key (RFC 8292). Pure.

What it says is a kind and a case's reference, which is nothing to anybody else: the words are the service worker's.
"""

from __future__ import annotations

import base64
import os
from typing import NamedTuple
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from offhold.kernel import jsons

KEPT_SECONDS = 4 * 3600  # by the push service, for a phone that is off; older news rings nobody
SIGNED_SECONDS = 12 * 3600


class Message(NamedTuple):
    """A POST to the push service."""

    headers: dict[str, str]
    body: bytes


def said(kind: str, notice_id: int, case_id: int | None, reference: str | None, language: str) -> bytes:
    """What the service worker is told."""
    case = None if case_id is None else str(case_id)
    return jsons.encode(
        {"kind": kind, "id": str(notice_id), "case_id": case, "reference": reference, "language": language}
    )


def message(
    words: bytes, *, endpoint: str, p256dh: bytes, auth: bytes, private_key: bytes, contact: str, now: float,
    topic: str,
) -> Message:  # fmt: skip
    """`now`: the machine's time, for the far side checks it. `topic`: a later push of the same replaces this one."""
    body = http_ece.encrypt(
        words, salt=os.urandom(16), private_key=ec.generate_private_key(ec.SECP256R1()), dh=p256dh, auth_secret=auth,
        version="aes128gcm",
    )  # fmt: skip
    split = urlsplit(endpoint)
    signed = Vapid02.from_raw(base64.urlsafe_b64encode(private_key)).sign(
        {"aud": f"{split.scheme}://{split.netloc}", "sub": contact, "exp": int(now) + SIGNED_SECONDS}
    )
    headers = {
        "content-type": "application/octet-stream",
        "content-encoding": "aes128gcm",
        "ttl": str(KEPT_SECONDS),
        "urgency": "high",
        "topic": topic,
        "authorization": signed["Authorization"],
    }
    return Message(headers, body)
