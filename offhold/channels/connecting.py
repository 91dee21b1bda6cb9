"""Connecting an account: what an admin typed goes to the network; its answer comes back as words to act on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from django.conf import settings

from offhold.connectors import registry
from offhold.connectors.contract import (
    Connected,
    Connector,
    DeliveryError,
    Field,
    LoginExpired,
    NotSent,
    RateLimited,
    Refused,
)
from offhold.connectors.egress import GuardedEgress
from offhold.kernel.errors import Invalid, OffholdError, Unavailable

LONGEST_TYPED = 4000


def connect(network: str, typed: Mapping[str, str]) -> Connected:
    """Ask the network who the account is. Blocks for as long as the network takes; holds no transaction.

    Raises `Invalid` when something is missing or the network says no, `Unavailable` when it cannot be reached.
    """
    try:
        connector = registry.get(network)
    except registry.UnknownNetwork as error:
        raise Invalid("There is no such network.", code="unknown_network") from error
    given = completed(connector.manifest.connect, typed)
    try:
        return asyncio.run(_asked(connector, given))
    except DeliveryError as error:
        raise in_words(error) from error


def completed(fields: tuple[Field, ...], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, with defaults, for exactly the fields the network asks for. Raises `Invalid`."""
    known = {field.name for field in fields}
    if unknown := sorted(set(typed) - known):
        raise Invalid("This network does not ask for that.", code="unknown_field", field=unknown[0])
    values = {field.name: typed.get(field.name, "").strip() or field.default for field in fields}
    for field in fields:
        if not values[field.name]:
            raise Invalid(f"{field.label} is missing.", code="missing_field", field=field.name)
        if len(values[field.name]) > LONGEST_TYPED:
            raise Invalid(f"{field.label} is too long.", code="field_too_long", field=field.name)
    return values


def in_words(error: DeliveryError) -> OffholdError:
    """What an admin is told about a network's refusal; never what was typed."""
    if isinstance(error, Refused):
        return Invalid(str(error), code=error.code)
    if isinstance(error, LoginExpired):
        return Invalid("The network does not accept these credentials.", code="login_refused")
    if isinstance(error, RateLimited):
        return Unavailable("The network asks us to wait.", code="rate_limited", retry_after=error.retry_after)
    if isinstance(error, NotSent):
        return Unavailable("The network cannot be reached.", code="unreachable")
    return Unavailable("The network did not answer as it should.", code="no_clear_answer")


async def _asked(connector: Connector, typed: Mapping[str, str]) -> Connected:
    egress = GuardedEgress(settings.ALLOW_PRIVATE_HOSTS)
    try:
        return await connector.connect(egress, typed)
    finally:
        await egress.aclose()
