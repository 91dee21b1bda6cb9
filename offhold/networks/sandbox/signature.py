"""Is a delivery from the sandbox network: HMAC-SHA256 over the raw body, in hex, in exactly one header."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from offhold.connectors.contract import Accepted, Forged, Verdict, WebhookRequest

HEADER = "x-sandbox-signature"
SECRETS = ("webhook_secret", "webhook_secret_previous")  # two during a rotation


def verify(secrets: Mapping[str, str], request: WebhookRequest) -> Verdict:
    given = request.all(HEADER)
    if request.method != "POST":
        return Forged(f"a delivery is a POST, this is a {request.method}")
    if len(given) != 1:
        return Forged(f"{len(given)} signature headers instead of one")
    known = [s for name in SECRETS if (s := secrets.get(name, "").strip())]
    if not known:
        return Forged("the channel has no webhook secret")
    # Bytes, because compare_digest raises on text beyond ASCII; every secret is tried, so time tells nothing.
    signature = given[0].encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(signature, sign(request.body, secret)) for secret in known]
    return Accepted() if any(matches) else Forged("the signature does not fit the body")


def sign(body: bytes, secret: str) -> bytes:
    """The header's value."""
    return b"sha256=" + hmac.digest(secret.encode(), body, "sha256").hex().encode()  # in C; `hmac.new` is Python
