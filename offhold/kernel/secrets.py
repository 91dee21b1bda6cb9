"""Secrets at rest: AES-256-GCM with a random nonce, bound to the row and column it stands in.

A ciphertext copied to another row or column does not open: workspace, table, row and column are the associated data.
The key comes from a file outside the database; its id is the prefix, so that keys can be rotated.
"""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class WrongKey(Exception):
    """The master key does not open what the database holds. Put the right key file back; no new key is ever made."""


class Vault:
    """Seals and opens with the first of `keys`; the others only open (rotation). Each key is 32 bytes."""

    def __init__(self, *keys: bytes) -> None:
        if not keys or any(len(k) != 32 for k in keys):
            raise ValueError("a master key has 32 bytes")
        self._keys = {fingerprint(k): AESGCM(k) for k in keys}
        self.current = fingerprint(keys[0])

    def seal(self, plain: str, *, where: str) -> str:
        """`where` names workspace, table, row and column; the same string must be given to open it."""
        nonce = os.urandom(12)
        sealed = self._keys[self.current].encrypt(nonce, plain.encode(), where.encode())
        return f"{self.current}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, where: str) -> str:
        """Raises `WrongKey` when the key is missing, or the text was moved or changed."""
        key_id, _, body = sealed.partition(".")
        raw = base64.urlsafe_b64decode(body)
        if key_id not in self._keys:
            raise WrongKey(f"no key {key_id} in the key file")
        try:
            return self._keys[key_id].decrypt(raw[:12], raw[12:], where.encode()).decode()
        except InvalidTag as error:
            raise WrongKey("the sealed value was changed or moved to another row") from error


def fingerprint(key: bytes) -> str:
    """A short public name of a key, safe to store beside what it sealed."""
    return hashlib.sha256(b"offhold-key|" + key).hexdigest()[:12]
