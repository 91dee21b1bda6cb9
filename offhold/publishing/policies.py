"""The publishing policy of a workspace, as it is stored: one, and every one it ever had."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid
from offhold.people.actors import Actor
from offhold.publishing.guard.policy import Policy as GuardPolicy
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


class Held(NamedTuple):
    """The policy that holds, and its number; 0: nobody changed anything yet."""

    version: int
    policy: PublishingPolicy


def load(tx: Tx, workspace_id: int) -> Held:
    row = tx.one(_LOAD, (workspace_id,))
    return (
        Held(0, PublishingPolicy()) if row is None else Held(row[0], msgspec.json.decode(row[1], type=PublishingPolicy))
    )


def check_policy(actor: Actor, policy: PublishingPolicy) -> None:
    """Raises `Forbidden`, or `Invalid` for what the guard cannot follow."""
    actor.check_may("lead")
    channels = {0, *map(_number, policy.guard.by_channel), *map(_number, policy.channels)}
    try:
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
    if not channel.isascii() or not channel.isdigit():
        raise Invalid("A channel is named by its id.", code="bad_policy")
    return int(channel)
