"""The publishing policy of a workspace, as it is stored: one, and every one it ever had."""

from __future__ import annotations

import re
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, Unavailable
from offhold.people.actors import Actor
from offhold.publishing.guard.policy import Policy as GuardPolicy
from offhold.publishing.guard.policy import check_not_too_low
from offhold.publishing.policy import PublishingPolicy, levels

_LOAD = "SELECT version, policy::text FROM publishing_policies WHERE workspace_id = %s"
_STORE = """
INSERT INTO publishing_policies AS p (workspace_id, version, policy) VALUES (%s, %s, %s)
ON CONFLICT (workspace_id) DO UPDATE SET version = excluded.version, policy = excluded.policy
WHERE p.version = excluded.version - 1
"""
_KEEP = """
INSERT INTO publishing_policy_versions (workspace_id, version, policy, changed_by, changed_name, at)
VALUES (%s, %s, %s, %s, %s, %s)
"""


_MOST_CHANNELS = 1000
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # in JSON; PostgreSQL's text holds every character but this one


class Held(NamedTuple):
    """The policy that holds, and its number; 0: nobody changed anything yet."""

    version: int
    policy: PublishingPolicy


def load(tx: Tx, workspace_id: int) -> Held:
    row = tx.one(_LOAD, (workspace_id,))
    return Held(0, PublishingPolicy()) if row is None else Held(row[0], read(row[1]))


def read(stored: str) -> PublishingPolicy:
    """Raises `Unavailable` for one that another version of Offhold wrote: what nobody can read loosens nothing."""
    try:
        return msgspec.json.decode(stored, type=PublishingPolicy)
    except msgspec.ValidationError as error:
        raise Unavailable(
            "The publishing policy was written by another version of Offhold.", code="policy_unreadable"
        ) from error


def check_policy(actor: Actor, policy: PublishingPolicy) -> None:
    """Raises `Forbidden`, or `Invalid` for what the guard cannot follow."""
    actor.check_may("lead")
    _check_words(policy)
    _check_moments(policy)
    channels = {0, *map(_number, policy.guard.by_channel), *map(_number, policy.channels)}
    if len(channels) > _MOST_CHANNELS:
        raise Invalid("A policy names at most 1,000 channels.", code="bad_policy")
    try:
        for told in (policy.guard.levels, *policy.guard.by_channel.values(), *policy.guard.by_role.values()):
            check_not_too_low(told)
        for channel in channels:
            for role in ("agent", *policy.guard.by_role):
                guard_policy(policy, channel, role)
        for text in (*policy.automatic_public, *policy.automatic_private):
            if text.hours is not None:
                ZoneInfo(text.hours.time_zone)
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise Invalid(str(error), code="bad_policy") from error


def do_change_policy(tx: Tx, actor: Actor, version: int, policy: PublishingPolicy) -> Held:
    """Put `policy` in the place of version `version`. Raises `Conflict` when somebody changed it meanwhile."""
    return do_put_in_place(tx, actor.workspace_id, version, policy, by=(actor.membership_id, actor.duty_name))


def do_put_in_place(tx: Tx, workspace_id: int, version: int, policy: PublishingPolicy, *, by: tuple[int, str]) -> Held:
    """The same by whoever `by` is: a membership, 0 for Offhold itself, and a name for the record."""
    told, now = jsons.encode(policy).decode(), version + 1
    if load(tx, workspace_id).version != version or not tx.run(_STORE, (workspace_id, now, told)):
        raise Conflict("Somebody else changed this meanwhile.", code="policy_changed")
    tx.run(_KEEP, (workspace_id, now, told, *by, tx.at))
    return Held(now, policy)


def guard_policy(policy: PublishingPolicy, channel_id: int, role: str) -> GuardPolicy:
    """What the guard is told for somebody of `role` on a channel. Raises `ValueError` for what it cannot follow."""
    return GuardPolicy(
        levels=levels(policy, channel_id, role),
        patterns=policy.guard.patterns,
        exceptions=frozenset(policy.guard.exceptions),
    )


def _number(channel: str) -> int:
    if not channel.isascii() or not channel.isdigit() or len(channel) > 19:
        raise Invalid("A channel is named by its id.", code="bad_policy")
    return int(channel)


def _check_words(policy: PublishingPolicy) -> None:
    try:
        told = jsons.encode(policy).decode()
    except UnicodeEncodeError as error:
        raise Invalid("The policy holds half a character.", code="bad_policy") from error
    if _NUL.search(told):
        raise Invalid("The policy holds a NUL character.", code="bad_policy")


def _check_moments(policy: PublishingPolicy) -> None:
    """One without an offset cannot be compared with now."""
    agreed = (*policy.agreed_public, *policy.agreed_private)
    for at in (policy.careful_until, *(text.until for text in agreed)):
        if at is not None and at.tzinfo is None:
            raise Invalid("A moment needs its offset from UTC.", code="bad_policy")
