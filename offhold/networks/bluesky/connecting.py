"""Connecting an account: one login with what the admin typed, and what it found out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from offhold.connectors.contract import Channel, Connected, Egress, NotSent, OutcomeUnknown, Refused
from offhold.networks.bluesky.manifest import CHAT_DID, SERVICE
from offhold.networks.bluesky.session import Opened, Session, open_session
from offhold.networks.bluesky.tokens import Keyring, Tokens, claims
from offhold.networks.bluesky.xrpc import Declined

_FULL_ACCESS = "com.atproto.access"
_PRIVILEGED = "com.atproto.appPassPrivileged"

_TYPE_ANOTHER = (
    "That is the account's own password. Make an app password in Bluesky "
    "(Settings, Privacy and security, App passwords) and type that one"
)
_LOGIN_REFUSALS = {
    "AuthFactorTokenRequired": (_TYPE_ANOTHER, "main_password"),
    "AccountTakedown": ("Bluesky has taken this account down", "account_taken_down"),
    "AuthenticationRequired": (
        "Bluesky does not know this handle with this app password. Check both, without spaces",
        "bad_login",
    ),
}


class _Profile(msgspec.Struct, rename="camel"):
    display_name: str = ""
    followers_count: int | None = None


async def connect(egress: Egress, typed: Mapping[str, str]) -> Connected:
    service = server_address(typed.get("service", "") or SERVICE)
    identifier = plain(typed.get("identifier", "")).removeprefix("@")
    password = plain(typed.get("app_password", ""))
    if not identifier or not password:
        raise Refused("Type the handle and an app password", code="missing")
    opened = await _opened(egress, service, identifier, password)
    config = {
        "service": service,
        "pds": _own_server(opened.did_doc, service),
        "chat_did": plain(typed.get("chat_did", "")) or CHAT_DID,
        "direct": "yes" if claims(opened.access_jwt).scope == _PRIVILEGED else "no",
    }
    secrets = Tokens(opened.access_jwt, opened.refresh_jwt, password).secrets()
    profile = await _profile(egress, opened, config, secrets)
    return Connected(
        account_id=opened.did,
        handle=opened.handle,
        name=profile.display_name or opened.handle,
        config=config,
        secrets=secrets,
        followers=profile.followers_count,
    )


async def _opened(egress: Egress, service: str, identifier: str, password: str) -> Opened:
    try:
        opened = await open_session(egress, service, identifier, password)
    except Declined as no:
        reason, code = _LOGIN_REFUSALS.get(no.error, (f"The server refused the login: {no}", "login_refused"))
        raise Refused(reason, code=code) from None
    if not opened.active:
        raise Refused(f"The account is {opened.status or 'not active'}", code="account_inactive")
    if claims(opened.access_jwt).scope == _FULL_ACCESS:  # it could delete the account: more than a desk may hold
        raise Refused(_TYPE_ANOTHER, code="main_password")
    return opened


async def _profile(egress: Egress, opened: Opened, config: Mapping[str, str], secrets: Mapping[str, str]) -> _Profile:
    """Name and followers. A new account has no profile before the network has seen it: then there are none."""
    channel = Channel(0, 0, "bluesky", opened.did, opened.handle, config, secrets)
    try:
        return await Session(egress, channel, Keyring()).get(
            "app.bsky.actor.getProfile", _Profile, [("actor", opened.did)]
        )
    except (Declined, OutcomeUnknown, NotSent):
        return _Profile()


def plain(typed: str) -> str:
    """What was typed, without the spaces and the invisible marks that copying a handle from Bluesky brings along."""
    return "".join(character for character in typed if character.isprintable()).strip()


def server_address(typed: str) -> str:
    """`https://host[:port]` of what an admin typed. Raises `Refused`. Where it may lead is for the egress to say."""
    text = plain(typed)
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.path.strip("/"):
        raise Refused("The service must be an address such as https://bsky.social", code="bad_service")
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _own_server(did_doc: Any, service: str) -> str:
    """The account's own server as its DID document names it; the service itself where it names none.

    A document that leads from https to plain http is not followed: tokens would travel in the open.
    """
    entries = did_doc.get("service", []) if isinstance(did_doc, dict) else []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and str(entry.get("id", "")).endswith("#atproto_pds"):
            try:
                named = server_address(str(entry.get("serviceEndpoint", "")))
            except Refused:
                return service
            return named if named.startswith("https") or service.startswith("http:") else service
    return service
