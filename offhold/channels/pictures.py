"""Pictures of strangers: avatars and media that live on networks are shown through our own address.

A browser that fetched them itself would tell the network who reads what and when, and the page's policy forbids it.
The address we give instead is signed, so that nobody can make us fetch what no network told us of.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

PREFIX = "/media/at/"
LONGEST_URL = 2000
# What a colleague uploaded and we published is kept here; its token is a secret that no network can guess.
_UPLOADED = re.compile(r"/media/[\w-]{32}", re.ASCII)
_SALT = "offhold.channels.pictures"


class NotOurs(ValueError):
    """This address was not made by us."""


@lru_cache(maxsize=4096)  # the same few avatars stand in most rows
def proxied(url: str) -> str:
    """Our address for a picture at `url`: its own, where it was uploaded here; empty when there is none, or it is
    nothing that a browser fetches."""
    if _UPLOADED.fullmatch(url):
        return url
    if not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL:
        return ""
    return f"{PREFIX}{_signature(url)}/{base64.urlsafe_b64encode(url.encode()).decode().rstrip('=')}"


def original(signature: str, encoded: str) -> str:
    """The network's URL in an address of ours. Raises `NotOurs`."""
    try:
        url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise NotOurs from error
    if not constant_time_compare(signature, _signature(url)):
        raise NotOurs
    return url


def _signature(url: str) -> str:
    return signing.b64_encode(salted_hmac(_SALT, url, algorithm="sha256").digest()[:18]).decode()
