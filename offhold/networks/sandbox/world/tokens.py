"""Bearer tokens: only their hash is kept; they may expire, and rotating one leaves the old one a minute."""

from __future__ import annotations

import hashlib
import secrets

from offhold.networks.sandbox.world import announce
from offhold.networks.sandbox.world.network import Network, Refusal

GRACE_MS = 60_000


def issue(net: Network, account: str, seconds: float | None = None) -> tuple[str, int | None]:
    """A new token and when it ends (ms, None = never). From now on the account hears events."""
    token = "sbx_" + secrets.token_urlsafe(24)
    expires = None if seconds is None else net.now() + int(seconds * 1000)
    net.store.write("INSERT INTO tokens VALUES (?, ?, ?)", _hash(token), account, expires)
    net.store.write("UPDATE accounts SET connected = 1 WHERE id = ?", account)
    net.connected.add(account)
    return token, expires


def rotate(net: Network, old: str, account: str, seconds: float | None = None) -> tuple[str, int | None]:
    net.store.write("UPDATE tokens SET expires = ? WHERE hash = ?", net.now() + GRACE_MS, _hash(old))
    return issue(net, account, seconds)


def revoke_all(net: Network, account: str) -> None:
    """The account's owner threw every app out; the apps hear so, then know nothing any more."""
    net.store.write("DELETE FROM tokens WHERE account = ?", account)
    announce.tell(net, account, "account.token_revoked", detail="The owner of the account removed the app.")


def bearer(authorization: str) -> str:
    kind, _, token = authorization.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def who(net: Network, token: str) -> str:
    """The account. Raises Refusal 401."""
    row = net.store.one("SELECT account, expires FROM tokens WHERE hash = ?", _hash(token)) if token else None
    if row is None:
        raise Refusal(401, "bad_token", "This token is not one of ours, or was revoked.")
    if row["expires"] is not None and row["expires"] <= net.now():
        raise Refusal(401, "expired_token", "This token has expired.")
    return str(row["account"])


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
